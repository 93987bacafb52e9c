"""Aisle's assistant: a conversation held to a catalogue."""
