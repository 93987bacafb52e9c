"""Conversations are made from feed rows by a seed, and can be judged by these rows."""

import random

import pytest

from evals.cases import Want, chinese_cases, english_cases, is_kind, satisfies

ENGLISH = [
    {
        "id": f"{kind}-{n}",
        "title": f"Item {n} {kind}",
        "price": str(10 + 10 * n),
        "category": "home",
        "description": "Made of leather." if n % 2 else "Made of oak.",
        "attributes": {"Style": kind},
    }
    for kind in ("lamp", "bag", "rare")
    for n in range(8 if kind != "rare" else 2)
]
CHINESE = [
    {
        "id": f"{n}",
        "title": f"台灯{n}",
        "price": str(100 + n),
        "category": ["家居", "灯具"],
        "description": "塑料灯罩" if n % 2 else "",
        "attributes": {"材质": "橡木"},
    }
    for n in range(6)
]
SOURCES = pytest.mark.parametrize(("cases_of", "rows"), [(english_cases, ENGLISH), (chinese_cases, CHINESE)])


@SOURCES
def test_cases_are_the_same_for_the_same_seed_and_others_for_another(cases_of, rows):
    assert cases_of(rows, 12, random.Random(1)) == cases_of(rows, 12, random.Random(1))
    assert cases_of(rows, 12, random.Random(1)) != cases_of(rows, 12, random.Random(2))


@SOURCES
def test_a_case_is_a_wish_a_refusal_a_listed_fact_and_an_absent_one(cases_of, rows):
    cases = cases_of(rows, 12, random.Random(1))
    assert len({case.id for case in cases}) == 12
    for case in cases:
        wish, refusal, listed, absent = case.steps
        assert str(int(wish.want.price_max)) in wish.message and wish.want.kind in wish.message
        assert refusal.want.excluded and refusal.want.price_max == wish.want.price_max
        assert listed.asks and not listed.asks.startswith("absent:")
        assert absent.asks.startswith("absent:")
        assert "{" not in "".join(step.message for step in case.steps)


@SOURCES
def test_every_limit_is_met_by_some_of_the_kind(cases_of, rows):
    for case in cases_of(rows, 30, random.Random(3)):
        want = case.steps[0].want
        assert any(satisfies(row, want) and is_kind(row, want.kind) for row in rows)


def test_a_kind_with_few_products_is_not_asked_for():
    assert all(case.steps[0].want.kind != "rare" for case in english_cases(ENGLISH, 40, random.Random(1)))


def test_no_case_is_made_where_none_is_wanted():
    assert english_cases(ENGLISH, 0, random.Random(1)) == []


@pytest.mark.parametrize(
    ("want", "met"),
    [
        (Want(price_max=20.0), True),
        (Want(price_max=19.99), False),
        (Want(excluded=("leather",)), False),
        (Want(excluded=("leath",)), True),
        (Want(excluded=("plastic",)), True),
        (Want(kind="shoe"), True),
        (Want(), True),
    ],
)
def test_a_row_satisfies_a_want_by_price_and_by_whole_words(want, met):
    assert satisfies(ENGLISH[1], want) is met


def test_a_refused_chinese_word_is_found_anywhere_in_a_listing():
    assert not satisfies(CHINESE[1], Want(excluded=("塑料",)))
    assert satisfies(CHINESE[0], Want(excluded=("塑料",)))


def test_a_row_is_of_its_style_its_category_or_what_its_title_says():
    assert is_kind(ENGLISH[0], "lamp")
    assert is_kind(CHINESE[0], "灯具")
    assert is_kind(CHINESE[0], "台灯")
    assert not is_kind(ENGLISH[0], "bag")
