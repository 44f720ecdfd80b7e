"""Patterns, wherever they come from."""
