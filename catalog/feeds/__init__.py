"""One reader per feed convention. A reader yields a Product or a Reject for every row and never stops at a bad one."""

from catalog.feeds.detect import FORMATS, Format, detect, read_feed
from catalog.feeds.jsonl import read_jsonl
from catalog.feeds.opening import metered
from catalog.feeds.rejects import Reject, RejectReport
from catalog.feeds.row import to_product, to_row
from catalog.feeds.table import Mapped, load_mapping

__all__ = [
    "FORMATS",
    "Format",
    "Mapped",
    "Reject",
    "RejectReport",
    "detect",
    "load_mapping",
    "metered",
    "read_feed",
    "read_jsonl",
    "to_product",
    "to_row",
]
