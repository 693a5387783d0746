"""Events out: who is told, of what, and what happens when nobody listens."""
