"""Partner webhooks, from the sender's request to the lead."""
