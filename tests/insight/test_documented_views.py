"""Every figure of the views is what the SQL that the documents print finds on the record's own tables."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from math import sqrt

import numpy as np
import pytest

from assistant.insight import nonresponse
from assistant.insight.drift import Drift, reading
from assistant.insight.drift.statistics import compared as shifted
from assistant.insight.experiments.bounds import compared, narrowed
from assistant.insight.experiments.interleaving import evidence, interval
from assistant.insight.experiments.lab import Lab
from assistant.insight.experiments.plan import METRICS, OPERATIONAL
from assistant.insight.filters import Filters
from assistant.insight.gaps import Gaps
from assistant.insight.gaps.types import LISTS
from assistant.insight.gaps.words import thing_name
from assistant.insight.opinions.figures import OpinionFigures
from catalog import minor_units
from evals.documented import STRATA, counts_of, gaps_of, period_of, ran, rows_of
from tests.insight.by_hand import apart, near, of_counts, wilson
from tests.insight.documented import EXPERIMENTS, SURVEYS, heard, moments, sums_of, tallied
from tests.insight.random_views import ViewsRecord
from tests.web.insights.houses import insighted

WHOLE = Filters(date(2026, 9, 1), date(2026, 11, 30))
PART = Filters(date(2026, 10, 15), date(2026, 11, 8))
FILTERED = (
    WHOLE,
    PART,
    replace(PART, who="all"),
    replace(WHOLE, locale="zh", model="tiny"),
    replace(WHOLE, product="p3"),
    replace(PART, category="Lamps", arm="wording:a", who="all"),
)
END = {"until": "2027-01-01"}


def bounded(told):
    """A figure of the page with its bounds, however it is told."""
    inner = told.get("interval", told) or {}
    return tuple(map(near, (told["value"], inner.get("low"), inner.get("high"))))


def error_of(s):
    """The standard error of a figure by its documented sums."""
    r = s["y"] / s["n"]
    return sqrt((s["yy"] - 2 * r * s["yn"] + r**2 * s["nn"]) / (s["units"] - 1) * s["units"]) / s["n"]


class ViewsCases:
    """What the documents promise, whatever the database: a subclass gives `url`, an empty one for all its tests."""

    @pytest.fixture(scope="class")
    def given(self, url, catalog, tmp_path_factory):
        made = ViewsRecord(url, 12)
        made.fill(150)
        made.lab = Lab(made.ledger, made.clock, lambda: catalog, monotonic=lambda: 0.0)
        parts = {
            "gaps": Gaps(made.engine, lambda: catalog), "drift": Drift(made.engine),
            "opinions": OpinionFigures(made.engine), "experiments": made.lab,
        }  # fmt: skip
        with insighted(tmp_path_factory.mktemp("house"), url, made.clock.now, **parts) as house:
            made.house, made.catalog = house, catalog
            yield made
        made.record.close()

    @pytest.fixture
    def connection(self, given):
        with given.engine.connect() as connection:
            yield connection

    def test_surveys_are_answered_as_the_documented_queries_count(self, given, connection):
        for filters in (WHOLE, PART):
            told = given.house.get("/surveys", **filters.named())
            rows = ran(connection, SURVEYS["responses"], period_of(filters))
            columns = ("subject", "trigger", "channel", "offered", "answered", "skipped", "satisfied", "mean")
            assert {tuple(row[:-1]): near(row[-1]) for row in rows} == {
                tuple(one[name] for name in columns[:-1]): one["mean"] for one in told["responses"]
            }
            for one in told["responses"]:
                assert bounded(one["response_rate"]) == wilson(one["answered"], one["offered"])
                assert bounded(one["csat"]) == wilson(one["satisfied"], one["answered"])
            wordings = {
                row.id: (row.offered, row.answered) for row in ran(connection, SURVEYS["wordings"], period_of(filters))
            }
            assert {one["id"]: (one["offered"], one["answered"]) for one in told["versions"]} == wordings
            assert len(rows) > 4 and sum(row.skipped for row in rows) > 5 and len(wordings) == 3

    def test_wordings_are_told_since_when_they_were_first_asked(self, given, connection):
        rows = ran(connection, SURVEYS["wordings"], period_of(WHOLE))
        told = given.house.get("/surveys", **WHOLE.named())["versions"]
        assert {one["id"]: one["since"][:19] for one in told} == {
            r.id: str(r.since)[:19].replace(" ", "T") for r in rows
        }

    def test_answers_from_elsewhere_are_those_that_the_documented_query_finds(self, given, connection):
        for filters in (WHOLE, PART):
            told = given.house.get("/surveys", **filters.named())["elsewhere"]
            rows = ran(connection, SURVEYS["elsewhere"], period_of(filters))
            names = ("source", "subject", "kind", "answers", "satisfied")
            assert len(told) == len(rows) == 12
            assert {tuple(one[name] for name in names): one["mean"] for one in told} == {
                tuple(row[:-1]): near(row[-1]) for row in rows
            }

    def test_everything_wanted_and_not_got_is_what_the_documented_queries_count(self, given, connection):
        for filters in FILTERED:
            told = given.house.get("/gaps", limit=200, **filters.named())
            thing = lambda row: (row.list, row.key, row.of_product)  # noqa: E731
            things = {thing(row): row for row in gaps_of(connection, "things", filters)}
            before = {thing(row): row.conversations for row in gaps_of(connection, "things", filters.before())}
            days = {(*thing(row), row.day): row.conversations for row in gaps_of(connection, "days of things", filters)}
            lists = {row.list: row.conversations for row in gaps_of(connection, "lists", filters)}
            assert told["conversations"] == lists["any"]
            for listed in told["lists"]:
                name, mine = listed["list"], [key for key in things if key[0] == listed["list"]]
                assert (listed["total"], listed["conversations"]) == (len(mine), lists.get(name, 0))
                for item in listed["items"]:
                    key = (name, item["key"], item["product_id"] if name == "unanswered" else None)
                    counted = tuple(item[one] for one in ("conversations", "turns", "first", "last"))
                    assert counted == tuple(things.pop(key))[3:]
                    assert item["before"] == before.get(key, 0)
                    assert item["days"] == [
                        days.get((*key, (filters.since + timedelta(n)).isoformat()), 0) for n in range(filters.days)
                    ]
            assert not things
        assert {one["list"] for one in told["lists"]} == {*LISTS} and before

    def test_what_is_told_beside_a_thing_follows_from_the_documented_queries(self, given, connection):
        homes = {"Lighting": "Lighting", "灯具": "Lighting"}  # two names of one category
        for filters in FILTERED:
            told = {
                one["list"]: one["items"] for one in given.house.get("/gaps", limit=200, **filters.named())["lists"]
            }
            nearest = {row.key: row for row in gaps_of(connection, "nearest", filters)}
            kinds = gaps_of(connection, "kinds of things", filters)
            for item in told["nothing_fits"]:
                named = {
                    (homes.get(r.thing) or thing_name(r.thing, r.thing)["en"], r.session_id)
                    for r in kinds
                    if r.key == item["key"]
                }
                parts = Counter(name for name, _ in named)
                assert {one["name"]: one["conversations"] for one in item["parts"]} == parts
                row = nearest[item["key"]]
                if given.catalog.get(row.product_id or ""):
                    missed = item["nearest"]["misses_by"]
                    assert (None if missed is None else round(float(missed) * 100)) == row.missed_minor
                else:
                    assert item["nearest"] is None
            asked = gaps_of(connection, "products asked about", filters)
            for item in told["attributes"]:
                there = [row for row in asked if row.key == item["key"] and given.catalog.get(row.product_id)]
                assert item["asked"]["of"] == len(there)

    def test_opinions_are_what_the_documented_queries_count(self, given, connection):
        def sides(row):
            n, negative, positive = row[-3:]
            return n, wilson(negative, n), wilson(positive, n)

        def told(one):
            return one["n"], bounded(one["negative"]), bounded(one["positive"])

        for filters in (*FILTERED, replace(PART, product="oak", locale="en")):
            for source in (None, "chat"):
                page = given.house.get("/opinions", **filters.named(), **({"source": source} if source else {}))
                for part, by in (("aspects", "aspect"), ("products", "product_id")):
                    rows = heard(connection, "by aspect", filters, by, source=source)
                    assert {one["value"]: told(one) for one in page[part]} == {row[0]: sides(row) for row in rows}
                (now,), (past,) = (
                    heard(connection, "total", one, source=source) for one in (filters, filters.before())
                )
                assert told(page["total"]) == sides(now) and told(page["total"]["before"]) == sides(past)
                change, low, high = apart(sides(now)[1], sides(past)[1])
                assert page["total"]["change"]["value"] == near(change)
                assert page["total"]["change"]["sure"] == (low is not None and (low > 0 or high < 0))

    def test_opinions_by_day_and_source_are_what_the_documented_queries_count(self, given, connection):
        for filters in FILTERED:
            for aspect in (None, "price"):
                asked = {"aspect": aspect} if aspect else {}
                rows = {row[0]: tuple(row)[1:] for row in heard(connection, "by aspect", filters, "day", **asked)}
                days = given.house.get("/opinions/series", **filters.named(), **asked)["days"]
                told = [(one["day"], (one["n"], one["negative"]["count"], one["positive"]["count"])) for one in days]
                assert told == [(day, rows.get(day, (0, 0, 0))) for day, _ in told] and len(told) == filters.days
            for source, n, *_ in heard(connection, "by aspect", filters, "source"):
                assert given.house.get("/opinions", source=source, **filters.named())["total"]["n"] == n

    def test_quotes_are_the_documented_ones_in_their_order(self, given, connection):
        for filters in FILTERED:
            rows = (
                heard(connection, "quotes", filters, source="review")
                if not filters.arm
                else heard(connection, "quotes", filters)
            )
            asked = {} if filters.arm else {"source": "review"}
            page = given.house.get("/opinions/quotes", limit=100, **filters.named(), **asked)
            assert [(one["id"], one["words"]) for one in page["quotes"]] == [(row.id, row.quote) for row in rows][:100]
            assert page["total"] == len(rows)
            for side, so in (
                ("negative", lambda row: row.polarity <= -0.25), ("positive", lambda row: row.polarity >= 0.25),
                ("neutral", lambda row: -0.25 < row.polarity < 0.25),
            ):  # fmt: skip
                one = given.house.get("/opinions/quotes", side=side, **filters.named(), **asked)
                assert one["total"] == sum(map(so, rows))

    def test_shifts_are_counted_as_the_documented_queries_count(self, given, connection):
        for filters in (*FILTERED, *(one.before() for one in FILTERED)):
            assert reading.tally(connection, filters) == tallied(connection, filters)

    def test_what_is_told_of_shifts_follows_from_the_documented_counts(self, given, connection):
        for filters in (PART, replace(PART, who="all")):
            comparisons = given.house.get("/drift", **filters.named())["comparisons"]
            assert [one["span"] for one in comparisons] == ["period", "week"]
            for told in comparisons:
                span = replace(filters, since=date.fromisoformat(told["from"]))
                before, now = tallied(connection, span.before()), tallied(connection, span)
                assert (told["conversations_before"], told["conversations"]) == (
                    before.conversations,
                    now.conversations,
                )
                shifts, too_few = shifted(before, now)
                assert len(told["too_few"]) == len(too_few)
                assert [one["measure"] for one in told["shifts"]] == [one.measure for one in shifts]
                for shown, one in zip(told["shifts"], shifts, strict=True):
                    for name in (
                        "value",
                        "before",
                        "now",
                        "n_before",
                        "n_now",
                        "psi",
                        "divergence",
                        "p",
                        "q",
                        "size",
                        "found",
                    ):
                        assert shown[name] == getattr(one, name)
                    counted = {**now.spread, **now.had}[one.measure]
                    if one.value != "…":
                        n = counted if isinstance(counted, int) else counted.get(one.value, 0)
                        assert one.n_now * (shown["now"] if one.value != "no" else 1 - shown["now"]) == pytest.approx(n)
            assert len(comparisons[0]["shifts"]) > 8

    def test_arms_are_what_the_documented_queries_sum(self, given, connection):
        for name in METRICS:
            experiment, named = given.experiments[name], END | {"id": given.experiments[name].id}
            told = given.house.get(f"/experiments/{experiment.id}")
            sums, each = sums_of(connection, name, named), minor_units("USD") if name == "revenue" else 1
            arms = {row.arm: (row.units, row.conversations) for row in ran(connection, EXPERIMENTS["arms"], named)}
            assert sum(n for _, n in arms.values()) == pytest.approx(
                told["conversations_a_unit"] * told["result"]["units"]
            )
            assert told["result"]["split"]["counts"] == [arms["A"][0], arms["B"][0]]
            assert told["result"]["split"]["expected"] == pytest.approx(
                [sum(u for u, _ in arms.values()) * w / 3 for w in (1, 2)]
            )
            for arm in told["result"]["arms"]:
                s = sums[arm["name"]]
                r = s["y"] / s["n"]
                assert arm["units"] == s["units"] == arms[arm["name"]][0] > 30
                assert (arm["figure"] * each, arm["error"] * each) == (pytest.approx(r), pytest.approx(error_of(s)))

    def test_curves_and_guardrails_are_reckoned_from_the_documented_sums(self, given, connection):
        experiment = given.experiments["conversion"]
        told = given.house.get(f"/experiments/{experiment.id}")["result"]
        (curve,) = told["contrasts"]
        ends = [(date.fromisoformat(day) + timedelta(1)).isoformat() for day in curve["days"]]

        @cache
        def looks(measure):
            return [sums_of(connection, measure, {"id": experiment.id, "until": end}) for end in ends]

        def band(measure, alpha, order="AB", **more):
            arms = (moments(looks(measure), name) for name in order)
            return compared(*arms, experiment.plan.units, alpha, **more)

        primary = band("conversion", 0.05)
        for side, values in (
            ("difference", primary.difference),
            ("low", narrowed(primary).low),
            ("high", narrowed(primary).high),
        ):
            assert [np.nan if one is None else one for one in curve[side]] == pytest.approx(values, nan_ok=True)
        assert curve["low"][-1] is not None
        for one in told["guardrails"]:
            order = "AB" if one["measure"] in OPERATIONAL else "BA"  # less of it is worse
            found = band(one["measure"], 0.05 / len(experiment.plan.guardrails), order, one_sided=True)
            last, whole = looks(one["measure"])[-1], minor_units("USD") if one["measure"] == "revenue" else 1
            told_of = [one[name] for name in ("before", "now", "harm", "at_least", "at_most")]
            means = [last[arm]["y"] / last[arm]["n"] for arm in "AB"]
            wanted = [*means, found.difference[-1], narrowed(found).low[-1], narrowed(found).high[-1]]
            assert [np.nan if value is None else value * whole for value in told_of] == pytest.approx(
                wanted, nan_ok=True
            )
        assert [one["measure"] for one in told["guardrails"]] == list(experiment.plan.guardrails)
        assert {one["measure"] in OPERATIONAL for one in told["guardrails"]} == {True, False}

    def test_two_rankings_are_preferred_by_those_whom_the_documented_query_counts(self, given, connection):
        experiment = given.experiments["interleaved"]
        draft = given.house.get(f"/experiments/{experiment.id}")["draft"]
        named = {"id": experiment.id, "one": "one", "other": "two"}

        def counted(until):
            return ran(connection, EXPERIMENTS["preferences"], named | {"until": until})[0]

        units, one, other = counted("2027-01-01")
        assert (draft["wins"], draft["ties"]) == ({"one": one, "two": other}, units - one - other)
        assert one + other > 8 and one and other
        low, high = interval(max(one, other), one + other, 0.05)
        assert (draft["share"], draft["low"], draft["high"]) == pytest.approx(
            (max(one, other) / (one + other), low, high)
        )
        daily = [counted((WHOLE.since + timedelta(n)).isoformat()) for n in range(100)]
        best = max(evidence(won, row.one + row.other, 0.5) for row in daily for won in (row.one, row.other))
        assert draft["p"] == pytest.approx(min(1.0, np.exp(-best)))

    def test_what_is_usual_is_what_the_documented_sums_say(self, given, connection):
        since = given.clock.now - timedelta(days=28)
        for metric in METRICS:
            found = given.lab.preview(metric, 0.01, (1.0, 1.0), alpha=0.05, power=0.8, share=1.0).baseline
            named = END | {"since": since.isoformat(sep=" ")}
            s = sums_of(connection, metric, named, "usual")[""]
            assert found.figure == pytest.approx(s["y"] / s["n"])
            (row,) = ran(connection, EXPERIMENTS["arms"].replace(EXPERIMENTS["met"], EXPERIMENTS["usual"]), named)
            assert found.conversations_a_unit == pytest.approx(row.conversations / row.units)
            assert round(row.units / found.units_a_day, 6) in (27, 28)
            assert found.spread == pytest.approx(error_of(s) * sqrt(s["units"]))

    def test_what_follows_from_the_counts_of_the_overview_is_as_the_document_says(self, given, connection):
        for filters in FILTERED:
            told = given.house.get("/overview", **filters.named())
            counts = [counts_of(connection, one) for one in (filters, filters.before())]
            wanted = [of_counts(one) for one in counts]
            for period, figures, c in zip(("now", "before"), wanted, counts, strict=True):
                assert {name: bounded(told[period][name]) for name in figures} == figures
                nps = 100 * (c.promoters - c.detractors) / c.nps_rated if c.nps_rated else None
                each = c.revenue_minor / 100 / c.conversations if c.conversations else None
                assert (told[period]["nps"], told[period]["revenue_each"]) == (near(nps), near(each))
                assert told[period]["dwell_s"] == near(c.dwell_ms / 1000 / c.dwells if c.dwells else None)
                assert float(told[period]["revenue"]) == c.revenue_minor / 100
            for name, change in told["changes"].items():
                assert bounded(change) == apart(wanted[0][name], wanted[1][name])
            strata = [nonresponse.Stratum(tuple(key), *sums) for *key, size, n, good, score in
                      rows_of(connection, STRATA, filters) for sums in [(size, n, good, float(score))]]  # fmt: skip
            corrected = nonresponse.corrected(strata)
            assert told["corrected"] == {name: near(getattr(corrected, name)) for name in corrected.__slots__}


class TestViewsOnSQLite(ViewsCases):
    @pytest.fixture(scope="class")
    def url(self, tmp_path_factory):
        return f"sqlite:///{tmp_path_factory.mktemp('views') / 'record.db'}"
