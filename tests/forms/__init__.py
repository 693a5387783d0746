"""Website forms, and the API by which they are managed."""
