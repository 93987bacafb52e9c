"""The lists of what shoppers wanted and did not get, each thing with its counts, its examples and how it stands now."""

from collections.abc import Callable, Sequence

from sqlalchemy import Engine, select

from assistant.insight.behind import page_of
from assistant.insight.filters import Filters
from assistant.insight.gaps import rows, words
from assistant.insight.gaps.now import Now
from assistant.insight.gaps.rows import Counted, Group, Told
from assistant.insight.gaps.types import (
    LISTS,
    Example,
    Item,
    Lacking,
    List,
    Listed,
    Named,
    Nearest,
    Part,
    Report,
    State,
)
from assistant.insight.reading import each_day, generation, snapshot
from assistant.insight.views import Conversations
from assistant.record.figure_tables import FactsRow
from assistant.record.insight_tables import GapRow
from assistant.service.private import Masker
from catalog import Catalog, Product

_PARTS = 4
_SAID_CHARS = 200


class Gaps:
    """Reads the gaps of one record beside the catalogue as it is; safe to share between threads."""

    def __init__(self, engine: Engine, catalog: Callable[[], Catalog]) -> None:
        self._engine = engine
        self._now = Now(catalog)
        self._masker = Masker(ours=lambda word: bool(catalog().search(word, (), 1, by="lexical")))

    def report(self, filters: Filters, only: List | None = None, limit: int = 20) -> Report:
        """All lists or one, each with the `limit` most wanted things."""
        with snapshot(self._engine) as connection:
            gaps, before = rows.seen(connection, filters), rows.listed(rows.seen(connection, filters.before()))
            by_list, found = rows.listed(gaps), []
            for name in (only,) if only else LISTS:
                every = rows.most_wanted(name, by_list[name])
                chosen = rows.counted(name, [group for group, _ in every[:limit]], by_list[name], before[name])
                told = rows.told(connection, [id for one in chosen for id in one.newest])
                items = tuple(self._item(name, one, [told[id] for id in one.newest], filters) for one in chosen)
                wanted = len({one.session_id for one in by_list[name]})
                found.append(Listed(name, items, len(every), wanted))
        return Report(tuple(found), len({one.session_id for one in gaps}), self._currency())

    def conversations(
        self,
        filters: Filters,
        name: List | None,
        key: str | None,
        product_id: str | None,
        after: str | None,
        limit: int,
    ) -> Conversations:
        """One page of the conversations in which one thing was wanted, or anything of a list, or of all lists.

        ValueError for a wrong `after`.
        """
        so = rows.conditions(filters)
        if name is not None:
            so += rows.of_list(name)
        if key is not None:
            so.append(GapRow.key == key)
        if name == "unanswered" and key is not None:
            so.append(GapRow.product_id == product_id if product_id else GapRow.product_id.is_(None))
        wanted = select(GapRow.session_id).where(*so)
        with snapshot(self._engine) as connection:
            facts = select(FactsRow).where(FactsRow.generation == generation(connection))
            return page_of(connection, facts.where(FactsRow.session_id.in_(wanted)), after, limit)

    def _item(self, name: List, one: Counted, newest: list[Told], filters: Filters) -> Item:
        group, last, asked = one.group, newest[0], one.products
        home = self._home(group.product_id, last, asked) if name in ("unanswered", "attributes") else None
        at_home = home if home and home.category else None
        return Item(
            key=group.key,
            name=self._name(name, last),
            conversations=one.conversations,
            turns=one.turns,
            before=one.before,
            days=tuple(one.days.get(day.isoformat(), 0) for day in each_day(filters)),
            first=min(one.days),
            last=max(one.days),
            state=self._state(name, group, last, asked),
            examples=tuple(self._example(row) for row in newest),
            product_id=group.product_id or (last.product_id if name == "out_of_stock" else None),
            product=self._title(group.product_id) if group.product_id else None,
            nearest=self._nearest(last) if name == "nothing_fits" else None,
            parts=self._parts(one.things) if name == "nothing_fits" else (),
            asked=self._asked(group.key, last.wanted, asked) if name == "attributes" else None,
            category=self._now.lacking(at_home.category, group.key, last.wanted) if at_home else None,
            category_name=_leaf(at_home) if at_home else None,
        )

    def _name(self, name: List, row: Told) -> Named:
        if name == "not_carried":
            return words.thing_name(row.key, row.wanted)
        if name == "nothing_fits":
            return words.fixed(row.key) or words.wish_name(row.key, self._currency())
        if name == "out_of_stock":
            return self._title(row.key) or {"en": row.wanted, "zh": row.wanted}
        return words.attribute_name(row.key, row.wanted)

    def _state(self, name: List, group: Group, last: Told, asked: Sequence[str]) -> State:
        """How it stands now; an attribute of many products is filled where none of those asked about lacks it."""
        if name == "not_carried":
            return self._now.carried(group.key, last.wanted)
        if name == "nothing_fits":
            return self._now.fits(group.key, last.need, last.failed)
        if name == "out_of_stock":
            return self._now.stocked(group.key)
        if name == "unanswered":
            return self._now.says(group.product_id, group.key, last.wanted) if group.product_id else "open"
        states = {self._now.says(id, group.key, last.wanted) for id in asked}
        return "open" if not states or "open" in states else "filled" if "filled" in states else "gone"

    def _example(self, row: Told) -> Example:
        return Example(row.session_id, row.turn_id, row.at, self._masker.mask(row.message[:_SAID_CHARS]))

    def _nearest(self, row: Told) -> Nearest | None:
        title = self._title(row.product_id)
        if row.product_id is None or title is None:
            return None
        return Nearest(row.product_id, title, row.missed_minor, row.states)

    def _asked(self, key: str, said: str, asked: Sequence[str]) -> Lacking:
        told = [self._now.says(id, key, said) for id in asked]
        return Lacking(told.count("open"), len(told) - told.count("gone"))

    def _home(self, product_id: str | None, last: Told, asked: Sequence[str]) -> Product | None:
        """A product of the category that an attribute is mostly asked of."""
        ids = [id for id in (product_id, last.product_id, *asked) if id]
        found = (self._now.catalog.get(id) for id in ids)
        return next((product for product in found if product is not None), None) or self._now.of_category(last.thing)

    def _parts(self, things: Sequence[tuple[str, frozenset[str]]]) -> tuple[Part, ...]:
        """The kinds of thing it was wanted of; what goes by one name in both languages is one."""
        names: dict[str, Named] = {}
        wanted: dict[str, frozenset[str]] = {}
        for thing, sessions in things[: 3 * _PARTS]:
            name = self._thing(thing)
            names.setdefault(name["en"], name)
            wanted[name["en"]] = wanted.get(name["en"], frozenset()) | sessions
        parts = (Part(names[one], len(sessions)) for one, sessions in wanted.items())
        return tuple(sorted(parts, key=lambda part: -part.conversations)[:_PARTS])

    def _thing(self, thing: str) -> Named:
        """A kind of thing as the lexicons call it, or a category as the catalogue does."""
        home = self._now.of_category(thing)
        return _leaf(home) if home else words.thing_name(thing, thing)

    def _title(self, product_id: str | None) -> Named | None:
        product = self._now.catalog.get(product_id) if product_id else None
        return {locale: product.localised(locale).title for locale in words.LOCALES} if product else None

    def _currency(self) -> str:
        return next((product.currency for product in self._now.catalog.sample(1)), "USD")


def _leaf(product: Product) -> Named:
    return {locale: product.localised(locale).category.split(" > ")[-1] for locale in words.LOCALES}
