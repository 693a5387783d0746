"""Catchers of mail and text messages for a machine that has no SMTP_URL or SMS_URL."""
