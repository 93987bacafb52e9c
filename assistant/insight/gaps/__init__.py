"""What shoppers wanted and did not get: counted in the record, told in two languages, checked against the catalogue."""

from assistant.insight.gaps.report import Gaps
from assistant.insight.gaps.types import Item, Listed, Report

__all__ = ["Gaps", "Item", "Listed", "Report"]
