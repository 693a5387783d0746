"""nateq's tongue: leads and contacts under /api/v1 (wire.md part 3; seeds 000 and 002)."""
