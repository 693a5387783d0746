"""What callers say and hear: the web, one dialect a module."""
