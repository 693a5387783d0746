"""Scripted servers that stand in for providers, over real sockets."""
