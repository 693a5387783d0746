"""The `intake` command, one group of sub-commands a module."""
