"""Public product questions as listings with known right lines."""

import pytest

from catalog import to_product
from evals.question_cases import Question, is_gold, line_of, questions

HET = """qid\tASIN\tqa_pair_id\tquestion\tcandidate\tlabel\tsource\tconfidence
1\tA1\t10\thow tall is it?\t"item_dimensions:  { height:{ unit:inches, normalized_value:{ unit:inches, value:9 }, value:9 } }"\t1\tattribute\thigh
1\tA1\t11\thow tall is it?\twater stays out\t0\tbullet\thigh
1\tA1\t12\thow tall is it?\tmy son loves it.\t0\treview\thigh
2\tA1\t13\tis it loud?\tbatteries_included:  { value:false }\t0\tattribute\thigh
"""
SEMI = """qid\tqa_pair_id\tquestion\tcandidate\tlabel
7\t1\twhat is it made of?\tmaterial:  { value:oak }\t1
7\t2\twhat is it made of?\tmaterial:  { value:glue }\t0
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "hetPQA__evidence_ranking__dev.csv").write_text(HET)
    for name in ("dev", "testseen"):
        (tmp_path / f"semiPQA__attribute_ranking__{name}.csv").write_text(SEMI)
    return tmp_path


@pytest.mark.parametrize(
    ("candidate", "source", "line"),
    [
        (
            "item_weight:  { unit:pounds, normalized_value:{ unit:pounds, value:1.8 }, value:0.8 }",
            "attribute",
            "Item weight: 0.8 pounds",
        ),
        ("batteries_included:  { value:false }", "attribute", "Batteries included: no"),
        ('hair_type:  { value:"straight" }; { value:"damaged" }', "attribute", "Hair type: straight; damaged"),
        ("a  bullet\\n point", "bullet", "a bullet\\n point"),
    ],
)
def test_a_candidate_reads_as_a_listing_would_say_it(candidate, source, line):
    assert line_of(candidate, source) == line


def test_a_question_comes_with_its_line_and_once_more_without(folder):
    found = {question.id: question for split in ("dev", "test") for question in questions(folder, split)}
    whole, withheld, never = found["hetpqa-1"], found["hetpqa-1-withheld"], found["hetpqa-2"]
    assert whole.gold == ("Item dimensions: height: 9 inches",)
    assert whole.row["attributes"] == {"Item dimensions": "height: 9 inches"}
    assert (whole.row["description"], [r["text"] for r in whole.row["reviews"]]) == (
        "water stays out.",
        ["my son loves it."],
    )
    assert (withheld.gold, withheld.withheld, withheld.row["attributes"]) == ((), True, {})
    assert (never.gold, never.withheld) == ((), False)


def test_a_product_is_in_one_split_only(folder):
    dev, test = ({q.id for q in questions(folder, split) if q.source == "hetpqa"} for split in ("dev", "test"))
    assert bool(dev) != bool(test)


def test_every_listing_can_be_imported(folder):
    for question in questions(folder, "dev"):
        assert to_product(question.row).id == question.id


@pytest.mark.parametrize(
    ("quote", "right"),
    [("Item dimensions: height: 9 inches", True), ("height: 9 inches", True), ("Water stays out.", False), ("", False)],
)
def test_a_quote_is_right_where_it_is_the_line_or_a_part_of_it(quote, right):
    question = Question("1", "hetpqa", "how tall?", {}, ("Item dimensions: height: 9 inches",))
    assert is_gold(quote, question) is right
