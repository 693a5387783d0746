"""From lead to contact and deal."""
