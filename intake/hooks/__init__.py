"""Partner webhooks: verify over the raw bytes, keep, acknowledge. A worker does the rest."""
