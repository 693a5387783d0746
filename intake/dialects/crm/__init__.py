"""The Leads & CRM tongue: leads, notes and appointments under /crm/v1 (wire.md part 4; seed 004)."""
