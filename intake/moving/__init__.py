"""Moving house: what a business has in Zendesk Sell is fetched into a folder, and from there taken over."""
