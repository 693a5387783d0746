"""Website forms: what a visitor's browser sends without a secret, and what it is shown."""
