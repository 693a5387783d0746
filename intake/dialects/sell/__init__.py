"""Zendesk Sell's tongue, /v2: leads, contacts, deals, what hangs on them, and conversions (wire.md 2)."""
