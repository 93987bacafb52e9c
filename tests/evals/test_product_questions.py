"""How answers to product questions are scored and told."""

import pytest

from evals import product_questions
from evals.product_questions import Result, summaries, table
from evals.question_cases import Question
from tests.fakes import broken, scripted

ASKED = Question(
    "q",
    "hetpqa",
    "is it oak?",
    {"attributes": {"Material": "oak"}, "description": "", "reviews": []},
    ("Material: oak",),
)


def result(system, answerable, declined, right, calls=0):
    return Result(system, "q", "hetpqa", answerable, False, "?", "", declined, right, 1.0, calls, 0)


def test_both_rates_are_told_with_their_intervals():
    found = summaries([result("a", True, False, True), result("a", True, True, False), result("a", False, True, False)])
    assert found["a"]["all"]["answerable, answered from a right line"].startswith("0.500 [")
    assert found["a"]["all"]["answerable, answered from another line"].startswith("0.000 [")
    assert found["a"]["hetpqa"]["unanswerable, declined"].startswith("1.000 [")


def test_a_failed_turn_is_counted_apart():
    found = summaries([Result("a", "q", "s", True, False, "?", "", None, None, 1.0, 0, 0, "broke")])
    assert found["a"]["all"]["answerable, answered from a right line"] == "– n=0"
    assert found["a"]["all"]["failures"] == "1"


def test_what_the_model_would_be_asked_is_declined_by_code_alone():
    asked, known = result("x", True, False, True, calls=1), result("x", True, False, True)
    assert product_questions._declining(asked).declined
    assert not product_questions._declining(known).declined


@pytest.mark.parametrize(
    ("reply", "declined", "right"),
    [("It is made of oak.", False, True), ("The listing does not say.", True, False), ("", False, False)],
)
def test_a_plain_answer_is_right_where_the_line_it_is_most_like_is(reply, declined, right):
    one = product_questions._plainly(ASKED, scripted([reply or " "]))
    assert one.declined is declined
    assert one.right is right or not reply


def test_a_plain_prompt_that_fails_is_a_failure():
    assert product_questions._plainly(ASKED, scripted(broken)).failure


def test_the_table_has_a_column_for_every_system():
    report = {"split": "dev", "summary": summaries([result("a", True, False, True), result("b", True, False, True)])}
    assert table(report).splitlines()[0] == "| dev | measure | a | b |"
