"""What staff and integrations do with single records: list, find, create, change, remove, upsert."""
