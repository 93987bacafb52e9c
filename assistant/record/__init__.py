"""The log of everything that happened: committed first, told afterwards, never changed."""

from assistant.record.record import INTERRUPTED, OpenTurn, Record

__all__ = ["INTERRUPTED", "OpenTurn", "Record"]
