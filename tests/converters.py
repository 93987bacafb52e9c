"""The converters of the evaluations, for the tests."""

from evals.converters import CONVERTERS, litemall_zh, retail_demo_store, write_feed

__all__ = ["CONVERTERS", "litemall_zh", "retail_demo_store", "write_feed"]
