"""Journeys through a shop: conversations made by a seed from feed rows and tables of phrasings, right where state and products are."""
