"""Measurements of our promises of speed, each against what a developer would write first."""
