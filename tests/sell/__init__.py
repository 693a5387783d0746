"""Tests of Sell's tongue."""
