"""What has shifted between two periods, told in words, with how sure that is."""

from assistant.insight.drift.report import Drift
from assistant.insight.drift.types import Cell, Comparison, Shift, Tally

__all__ = ["Cell", "Comparison", "Drift", "Shift", "Tally"]
