"""Attributes in one form: units, base words, and what prose says that no attribute states. Reads no catalogue, asks no model."""
