from dataclasses import replace
from datetime import date

import pytest

from assistant.insight import nonresponse
from assistant.insight.asked import SurveyFigures
from assistant.insight.figures import Figures
from assistant.insight.filters import Filters, filters_from
from assistant.insight.keeper import Keeper
from assistant.insight.measures import Counts, measured
from assistant.insight.reading import periods
from assistant.record.survey_figures import Some
from evals.documented import REASONS, STRATA, counts_of, rows_of
from tests.insight.random_record import RandomRecord

SEPTEMBER = date(2026, 9, 20)
WHOLE = Filters(date(2026, 9, 1), date(2026, 11, 30))
PART = Filters(date(2026, 9, 28), date(2026, 11, 2))
DIMENSIONS = ("locale", "category", "product", "model", "prompt", "ranker", "arm", "position")


def near(given, wanted):
    """Equal, but for scores: they are summed as millionths."""
    for name in Counts.__slots__:
        tolerance = 20 if name.endswith("_micro") else 0
        assert abs(getattr(given, name) - getattr(wanted, name)) <= tolerance, name
    return True


class FiguresCases:
    """What figures promise, whatever the database: a subclass gives `url`, an empty one for all its tests."""

    @pytest.fixture(scope="class")
    def given(self, url):
        made = RandomRecord(url, 7)
        made.grow(40)
        made.keeper = Keeper(made.engine, made.clock)
        made.keeper.catch_up()
        made.change(50)
        made.grow(5)
        made.keeper.catch_up()
        made.figures = Figures(made.engine, made.clock)
        yield made
        made.record.close()

    def test_every_figure_is_what_the_documented_query_finds(self, given):
        figures, choices = given.figures, given.figures.choices(WHOLE)
        filters = [WHOLE, PART, replace(WHOLE, who="all")]
        for name in DIMENSIONS:
            filters += [narrowed(WHOLE, name, value) for value in getattr(choices, _plural(name))[:3]]
        filters += [
            replace(PART, locale="en", category="Lamps", model="tiny"),
            replace(PART, product="p3", arm="wording:a", who="all"),
            replace(PART, product="p1", prompt="p@1", ranker="r@1"),
            replace(WHOLE, locale="zh", product="p2", model="-"),
            replace(PART, position=2, prompt="p@1", who="all"),
            replace(WHOLE, position=0, product="p3"),
        ]
        with given.engine.connect() as connection:
            for one in filters:
                found = figures.overview(one)
                assert near(found.now.counts, counts_of(connection, one))
                assert near(found.before.counts, counts_of(connection, one.before()))
        assert figures.overview(WHOLE).now.counts.conversations > 20

    def test_every_line_of_a_breakdown_is_the_figure_under_that_filter(self, given):
        for filters in (
            PART,
            replace(PART, product="p1"),
            replace(WHOLE, arm="ranking:b", who="all"),
            replace(WHOLE, position=0),
            replace(PART, position=2, locale="en"),
            replace(WHOLE, position=1, product="p4"),
        ):
            for by in DIMENSIONS:
                found = given.figures.breakdown(filters, by, limit=500)
                assert found.total == len(found.lines)
                for line in found.lines:
                    assert line.measures == given.figures.overview(narrowed(filters, by, line.value)).now
                if by not in ("product", "arm", "position"):
                    whole = given.figures.overview(filters).now.counts.conversations
                    assert sum(line.measures.counts.conversations for line in found.lines) == whole

    def test_positions_are_what_the_documented_queries_find(self, given):
        for filters in (WHOLE, replace(WHOLE, product="p4"), replace(PART, locale="en", who="all")):
            lines = given.figures.breakdown(filters, "position").lines
            assert [line.value for line in lines] == sorted(line.value for line in lines)
            with given.engine.connect() as connection:
                for line in lines:
                    assert near(line.measures.counts, counts_of(connection, narrowed(filters, "position", line.value)))

    def test_days_are_what_the_documented_queries_find_and_none_is_left_out(self, given):
        lines = given.figures.series(PART)
        assert len(lines) == PART.days
        with given.engine.connect() as connection:
            for line in lines[::5]:
                day = date.fromisoformat(line.value)
                assert near(line.measures.counts, counts_of(connection, Filters(day, day)))
        whole = given.figures.overview(PART).now.counts
        for name in Counts.__slots__:
            assert sum(getattr(line.measures.counts, name) for line in lines) == getattr(whole, name)

    def test_behind_every_figure_are_its_conversations(self, given):
        counted = {
            "conversations": "conversations", "slate": "with_slate", "click": "with_click", "cart": "with_cart",
            "purchase": "with_purchase", "rated": "rated", "satisfied": "satisfied", "agent_rated": "agent_rated",
            "handoff": "handoffs", "promoter": "promoters", "detractor": "detractors",
        }  # fmt: skip
        for filters in (
            WHOLE,
            replace(PART, product="p1"),
            replace(PART, arm="wording:a"),
            replace(WHOLE, model="big"),
            replace(PART, position=1),
        ):
            counts = given.figures.overview(filters).now.counts
            for measure, name in counted.items():
                assert len(self.everything(given, filters, measure)) == getattr(counts, name), measure
        for line in given.figures.breakdown(WHOLE, "position").lines:
            behind = self.everything(given, narrowed(WHOLE, "position", line.value), "click")
            assert len(behind) == line.measures.counts.with_click

    def everything(self, given, filters, measure):
        rows, after = [], None
        while True:
            page = given.figures.conversations(filters, measure, after=after, limit=4)
            rows += page.rows
            after = page.after
            if after is None:
                assert [row.started_at for row in rows] == sorted((row.started_at for row in rows), reverse=True)
                assert len({row.session_id for row in rows}) == len(rows)
                return rows

    def test_a_conversation_tells_what_it_was(self, given):
        rows = self.everything(given, WHOLE, "purchase")
        assert all(row.first_message == "a lamp" and row.turns >= len(row.kinds) for row in rows)
        whole = given.figures.overview(WHOLE).now.counts
        assert sum(row.revenue_minor for row in rows) == whole.revenue_minor
        assert sum(row.clicks for row in self.everything(given, WHOLE, "conversations")) == whole.clicks

    def test_the_survey_view_counts_what_the_figures_count_under_every_filter(self, given):
        ever = Filters(date(2026, 1, 1), date(2027, 12, 31))
        choices, surveys = given.figures.choices(ever), SurveyFigures(given.engine)
        filters = [ever, replace(ever, who="all")]
        for name in DIMENSIONS:
            filters += [narrowed(ever, name, value) for value in getattr(choices, _plural(name))[:3]]
        filters += [replace(ever, locale="en", product="p1", arm="wording:a", who="all")]
        for one in filters:
            counts = given.figures.overview(one).now.counts
            asked = [row for row in surveys.answered(one).responses if row.subject == "assistant"]
            assert sum(row.offered for row in asked) == counts.offered
            assert sum(row.answered for row in asked) == counts.answered
            for state in ("offered", "answered"):
                page = surveys.conversations(one, Some(subject="assistant", state=state), None, 500)
                behind = [row.session_id for row in self.everything(given, one, state)]
                assert [row.session_id for row in page.rows] == behind
        assert sum(row.answered for row in surveys.answered(ever).responses) > 5

    def test_choices_are_what_occurs(self, given):
        choices = given.figures.choices(PART)
        assert set(choices.locales) == {"en", "zh"}
        assert set(choices.arms) <= {"wording:a", "wording:b", "ranking:a", "ranking:b"}
        assert set(choices.models) == {"tiny", "big", "-"}
        assert choices.positions == ("0", "1", "2", "3", "4")
        empty = given.figures.choices(Filters(date(2020, 1, 1), date(2020, 2, 1)))
        assert (empty.locales, empty.products, empty.arms) == ((), (), ())

    def test_products_are_paged_by_impressions(self, given):
        whole = given.figures.breakdown(WHOLE, "product", limit=100)
        shown = [line.measures.counts.impressions for line in whole.lines]
        assert shown == sorted(shown, reverse=True)
        paged = [given.figures.breakdown(WHOLE, "product", limit=3, offset=offset) for offset in (0, 3, 6, 9)]
        assert [line for page in paged for line in page.lines] == list(whole.lines)
        assert {page.total for page in paged} == {8}

    def test_the_correction_starts_from_the_documented_groups(self, given):
        with given.engine.connect() as connection:
            for filters in (WHOLE, replace(PART, locale="en"), replace(PART, product="p1")):
                given_groups = {one.key: one for one in nonresponse.strata(connection, filters)}
                rows = rows_of(connection, STRATA, filters)
                assert len(rows) == len(given_groups)
                for outcome, handed, length, locale, size, answered, satisfied, score in rows:
                    one = given_groups[outcome, handed, length, locale]
                    assert (one.size, one.answered, one.satisfied) == (size, answered, satisfied)
                    assert one.score_sum == pytest.approx(score, abs=1e-4)
        assert given.figures.corrected(WHOLE).n == given.figures.overview(WHOLE).now.counts.rated

    def test_reasons_of_thumbs_are_what_the_documented_query_finds_and_lead_to_their_conversations(self, given):
        for filters in (
            WHOLE,
            replace(PART, locale="en"),
            replace(WHOLE, product="p1", who="all"),
            replace(PART, position=1),
        ):
            found = given.figures.reasons(filters)
            with given.engine.connect() as connection:
                for reason in ("products", "price", "too slow", "slow"):
                    ((thumbs, total),) = rows_of(connection, REASONS, filters, reason=reason)
                    assert (found.counts.get(reason, 0), found.total) == (thumbs, total)
            assert list(found.counts.values()) == sorted(found.counts.values(), reverse=True)
            for reason, thumbs in found.counts.items():
                rows = given.figures.with_reason(filters, reason, limit=500).rows
                assert 1 <= len(rows) <= thumbs
                behind = {row.session_id for row in given.figures.conversations(filters, "thumbs_down", limit=500).rows}
                assert {row.session_id for row in rows} <= behind
        assert set(given.figures.reasons(WHOLE).counts) == {"products", "price", "too slow", "说得不对"}
        assert given.figures.with_reason(WHOLE, "slow").rows == ()

    def test_it_says_what_is_not_counted_yet(self, given):
        assert given.figures.overview(WHOLE).behind == 0
        given.change(3)
        given.clock.now = given.clock.now.replace(year=2027)
        found = given.figures.overview(WHOLE)
        assert 1 <= found.behind <= 3
        assert found.kept_at < given.clock.now
        given.keeper.catch_up()
        assert given.figures.overview(WHOLE).kept_at == given.clock.now

    def test_what_cannot_be_asked_is_refused_by_name(self, given):
        for wrong in ({"by": "colour"}, {"by": "product", "limit": 0}, {"by": "product", "offset": -1}):
            with pytest.raises(ValueError, match=list(wrong)[-1]):
                given.figures.breakdown(WHOLE, **wrong)
        for wrong in ({"measure": "joy"}, {"after": "x"}, {"after": '["2026-01-01", "s"]'}, {"after": "[]"}):
            with pytest.raises(ValueError, match=list(wrong)[-1]):
                given.figures.conversations(WHOLE, **wrong)


def narrowed(filters, name, value):
    """The filters with one more, as the URL has it."""
    return filters_from(filters.named() | {name: value}, filters.until)


def _plural(name):
    return {"category": "categories"}.get(name, f"{name}s")


class TestFiguresOnSQLite(FiguresCases):
    @pytest.fixture(scope="class")
    def url(self, tmp_path_factory):
        return f"sqlite:///{tmp_path_factory.mktemp('figures') / 'record.db'}"


def test_an_empty_record_has_figures_too(tmp_path):
    made = RandomRecord(f"sqlite:///{tmp_path / 'record.db'}", 1)
    figures = Figures(made.engine, made.clock)
    found = figures.overview(WHOLE)
    assert found.now == found.before == measured(Counts())
    assert found.now.csat.value is None and found.currency == ""
    assert figures.breakdown(WHOLE, "product").lines == ()
    assert figures.conversations(WHOLE).rows == ()
    assert figures.corrected(WHOLE).share is None
    made.record.close()


def test_a_period_is_read_by_whole_months_and_the_days_beside_them():
    assert periods(date(2026, 1, 31), date(2026, 3, 1)) == ["2026-01-31", "2026-02", "2026-03-01"]
    assert periods(date(2026, 1, 1), date(2026, 12, 31)) == [f"2026-{month:02}" for month in range(1, 13)]
    assert periods(date(2026, 2, 2), date(2026, 2, 2)) == ["2026-02-02"]
    assert periods(date(2026, 2, 1), date(2026, 2, 27))[-1] == "2026-02-27"
    assert len(periods(date(2026, 2, 1), date(2026, 2, 27))) == 27
    assert periods(date(2999, 12, 1), date(2999, 12, 31)) == ["2999-12"]
