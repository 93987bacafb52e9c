"""Known items are half remembered: never by the whole title, and always answered by the product they come from."""

import random

import pytest

from evals.retrieval_cases.known_items import known_items

NAMES = "Alder Birch Cedar Dogwood Elmwood Firtree Ginkgo Hazel Ironbark Juniper".split()
ROWS = [
    {
        "id": n,
        "title": f"{name} Wooden Train Set with Bridge and Station XK{n}47B for Children",
        "description": f"## {name}\n\nBuild colourful railways together, spark imagination, endless hours enjoying creative adventures.",
    }
    for n, name in enumerate(NAMES * 40)
]


def cases(rows=ROWS, seed=1):
    return known_items(rows, random.Random(seed))


def test_there_are_240_of_four_kinds_and_the_same_for_the_same_seed():
    made = cases()
    assert len(made) == 240
    assert {case.id.split("-")[1] for case in made} == {"words", "gist", "typo", "code"}
    assert made == cases() and made != cases(seed=2)


def test_no_request_is_the_title_and_each_is_answered_by_its_product():
    titles = {str(row["id"]): row["title"].casefold() for row in ROWS}
    for case in cases():
        assert set(case.gains) == {case.id.rpartition("-")[2]}
        assert case.text != titles[case.id.rpartition("-")[2]] and len(case.text.split()) <= 10


def test_a_typo_is_no_word_of_any_title():
    known = {word for row in ROWS for word in row["title"].casefold().split()}
    for case in cases():
        if "-typo-" in case.id:
            assert len([word for word in case.text.split() if word not in known]) == 1


def test_a_number_is_the_one_in_the_title():
    for case in cases():
        if "-code-" in case.id:
            assert case.text == f"XK{case.id.rpartition('-')[2]}47B"


def test_products_of_one_title_are_all_right():
    twins = [{**row, "id": f"{row['id']}-{twin}", "title": row["title"]} for row in ROWS for twin in "ab"]
    assert all(len(case.gains) == 2 for case in cases(twins))


@pytest.mark.parametrize("rows", [[], ROWS[:3], [{"id": 1, "title": "Ball", "description": ""}]])
def test_few_products_make_few_cases(rows):
    assert len(cases(rows)) <= len(rows)
