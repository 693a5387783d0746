"""Reads what partners send, and says which of it is which attribute of a lead. Knows no table."""
