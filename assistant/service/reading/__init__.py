"""Reading what customers write to service: what they want, who they say they are, and which of their things they mean.

Pure functions over words: no database, no model. What is read is never trusted; the service checks every deed again.
"""

from assistant.service.reading.addresses import address_meant, completed
from assistant.service.reading.hearing import hear
from assistant.service.reading.lines import Found, lines_meant
from assistant.service.reading.methods import method_meant
from assistant.service.reading.offers import Choice, offer_meant
from assistant.service.reading.said import Bound, Heard, ItemSaid, MethodSaid, Wish, WishKind
from assistant.service.reading.which import order_meant

__all__ = [
    "Bound",
    "Choice",
    "Found",
    "Heard",
    "ItemSaid",
    "MethodSaid",
    "Wish",
    "WishKind",
    "address_meant",
    "completed",
    "hear",
    "lines_meant",
    "method_meant",
    "offer_meant",
    "order_meant",
]
