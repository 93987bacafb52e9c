"""One reader per feed convention. A reader yields a Product or a Reject for every row and never stops at a bad one."""

from catalog.feeds.jsonl import Reject, read_jsonl, to_product, to_row

__all__ = ["Reject", "read_jsonl", "to_product", "to_row"]
