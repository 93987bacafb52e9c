"""The log of everything that happened: committed first, told afterwards, never changed."""

from assistant.record.events import BadDeed, Deed, Receipt
from assistant.record.record import OpenTurn, Record
from assistant.record.tickets import Ticket
from assistant.record.turns import INTERRUPTED

__all__ = ["INTERRUPTED", "BadDeed", "Deed", "OpenTurn", "Receipt", "Record", "Ticket"]
