"""One kind of job a module."""
