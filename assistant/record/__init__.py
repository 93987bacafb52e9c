"""The log of everything that happened: committed first, told afterwards, never changed."""

from assistant.record.record import OpenTurn, Record

__all__ = ["OpenTurn", "Record"]
