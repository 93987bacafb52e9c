"""The log of everything that happened: committed first, told afterwards, never changed."""

from assistant.record.record import INTERRUPTED, OpenTurn, Record
from assistant.record.tickets import Ticket

__all__ = ["INTERRUPTED", "OpenTurn", "Record", "Ticket"]
