"""Providers on the loopback for the tests that send."""

from tests.workers.conftest import providers

__all__ = ["providers"]
