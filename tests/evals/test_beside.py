"""What the evaluations of past answers, dissatisfaction and masking tell of results that are known."""

from pathlib import Path

import numpy as np
import pytest

from evals import dissatisfaction, masking, past_answers
from evals.past_answers import Result


def found(id: str, wanted: str | None, *sources: str, score: float = 0.9, group: str = "rules", failure=None) -> Result:
    return Result("past answers", id, id, "en", "test", group, wanted, sources, score, failure)


def test_precision_counts_the_first_and_the_first_three_and_a_failure_apart():
    results = [
        found("a", "x", "x", "y"), found("b", "x", "y", "z", "x"), found("c", "x", "y", score=0.1), found("d", "x", failure="down"),
        found("e", None, "y", score=0.2, group="unanswered"), found("f", None, "y", group="unanswered"),
    ]  # fmt: skip
    told = past_answers.summary(results, "test")["past answers"]
    assert told["all, P@1"].startswith("0.333") and told["all, P@1"].endswith("n=3")
    assert told["all, P@3"].startswith("0.667") and told["failures"] == "1"
    assert told["drafted, right"].startswith("0.250") and told["unanswerable, not drafted"].startswith("0.500")
    assert told["closed, P@1"] == "– n=0"


def test_every_question_has_a_source_that_is_there_and_no_words_in_common_with_the_examples():
    policies, closed, asked = past_answers.read()
    sources = {past_answers._short(f"policy:{one.id}") for one in policies} | {case.id for case in closed}
    assert {one.source for one in asked if one.source} <= sources
    assert len({one.id for one in asked}) == len({one.text for one in asked}) == len(asked) >= 120
    halves = [sum(one.split == split for one in asked) for split in ("dev", "test")]
    assert min(halves) >= 60
    from assistant.service.learnt import examples

    taught = {example for several in examples("topics").values() for example in several}
    assert not taught & {one.text for one in asked}


def test_bm25_puts_the_rare_word_first_and_gives_nothing_for_nothing():
    find = past_answers._bm25([("a", "delivery of plants"), ("b", "delivery of saffron"), ("c", "delivery")])
    assert [source for source, _ in find("saffron delivery", "en")][0] == "b"
    assert find("zebra", "en") == []


def test_a_dialogue_is_read_turn_by_turn_with_its_mean_rating(tmp_path: Path):
    file = tmp_path / "x.txt"
    file.write_text(
        "USER\tfind me a film\tINFORM\t3,3\nSYSTEM\tSorry, no.\tNOTIFY_FAILURE\t\nUSER\tthis is useless\tINFORM\t1,2\nUSER\tOVERALL\t\t1\n\n"
        "USER\thello\tINFORM\t4,4\n"
    )
    one, two, three = dissatisfaction.read(file, "x")
    assert (one.rating, two.rating, three.rating) == (3.0, 1.5, 4.0)
    assert (one.split, three.split) == ("dev", "test")
    assert two.score < -0.5 and "nothing_found" in two.why


def test_precision_recall_and_f1_of_known_answers():
    low, said = np.asarray([True, True, False, False]), np.asarray([True, False, True, False])
    assert dissatisfaction.scored(low, said) == {"precision": 0.5, "recall": 0.5, "F1": 0.5}
    assert dissatisfaction.scored(low, ~low) == {"precision": 0.0, "recall": 0.0, "F1": 0.0}
    assert dissatisfaction.scored(low, np.zeros(4, bool))["F1"] == 0.0


@pytest.mark.parametrize(
    ("masked", "left"),
    [
        ("I am [name], hi", "I am hi"),
        ("I am Tom Lee, hi", "I am Tom Lee hi"),
        ("[name], hi", "hi"),
        ("other", "I am Tom Lee hi"),
    ],
)
def test_what_masking_left_is_told_letter_by_letter(masked, left):
    text = "I am Tom Lee, hi"
    gone = masking.masked_at(text, masked)
    kept = "".join(char for char, hidden in zip(text, gone, strict=True) if not hidden)
    assert kept == left.replace(" ", "").replace(",", "") or masked == "other"
