"""What callers of /api/v1 can rely on."""
