"""Appointments: what may be done with them, and what leads are told."""
