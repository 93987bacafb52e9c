"""A record with conversations, and opinions read by a judge whose verdicts are known."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.insight.opinions.keeper import Opinions
from assistant.insight.opinions.reading import Reader
from assistant.insight.opinions.sentiment import Judged
from assistant.record import Record
from assistant.service.private import Masker
from catalog import Product, Review

GOOD, BAD, PLAIN = Judged(0.9, 0.0), Judged(-0.9, 0.0), Judged(0.0, 0.0)


class Verdicts:
    """Judges by one word each; counts the clauses that it was asked about."""

    def __init__(self, version="1"):
        self.version = version
        self.asked = []

    def of(self, clauses):
        self.asked += clauses
        return [
            GOOD if "good" in one or "好" in one else BAD if "bad" in one or "差" in one else PLAIN for one in clauses
        ]


class Clock:
    """A clock that is set."""

    def __init__(self):
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_(self, **more):
        self.now += timedelta(**more)


class Shop:
    """A record with its opinions; SQLite or whatever `url` names."""

    def __init__(self, url):
        self.clock = Clock()
        self.record = Record(url, clock=self.clock)
        self.engine = self.record.engine
        self.verdicts = Verdicts()
        self.products = [Product("oak", "Oak lamp", 100), Product("steel", "Steel lamp", 100)]
        self.opinions = self.another()

    def another(self):
        """Opinions as another process keeps them."""
        return Opinions(self.engine, Reader(self.verdicts, Masker().mask), lambda: self.products, self.clock)

    def review(self, *reviews):
        """A new catalogue, in which the first product has these reviews."""
        made = tuple(Review(*one) if isinstance(one, tuple) else Review(5, one) for one in reviews)
        self.products = [Product("oak", "Oak lamp", 100, reviews=made), *self.products[1:]]


@pytest.fixture
def shop(tmp_path):
    made = Shop(f"sqlite:///{tmp_path / 'record.db'}")
    yield made
    made.record.close()
