"""The Leads & CRM tongue."""
