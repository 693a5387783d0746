"""One verb a module: plain functions of a session and a command, which never commit."""
