"""The evaluation of safety words: sentences in halves, and measures by hand."""

from collections import Counter

from evals.safety import LANGUAGES, Case, Result, cases, run, summary


def test_there_are_enough_sentences_of_each_kind_in_each_half_and_none_twice():
    every = cases()
    assert len({case.text for case in every}) == len(every)
    for language in LANGUAGES:
        counted = Counter((case.split, case.kind) for case in every if case.language == language)
        assert sum(counted.values()) >= 60
        kinds = {kind for _, kind in counted}
        assert {"reported", "negated", "hypothetical", "purpose", "figurative"} == kinds
        assert all(counted["dev", kind] == counted["test", kind] for kind in kinds)


def test_precision_and_recall_are_of_dangers():
    told = summary([
        Result(Case("en", "test", "reported", "a"), {"x": "fire"}),
        Result(Case("en", "test", "reported", "b"), {"x": ""}),
        Result(Case("en", "test", "negated", "c"), {"x": "fire"}),
        Result(Case("en", "test", "negated", "d"), {"x": ""}),
        Result(Case("en", "test", "reported", "e"), {"x": "fire"}),
    ])["x"]  # fmt: skip
    assert told["precision"].startswith("0.667") and told["recall"].startswith("0.667")
    assert told["taken for danger: negated"] == "1 of 2"


def test_what_says_that_danger_is_only_named_costs_no_danger_and_saves_alarms():
    told = run(split="dev")["summary"]
    for language in LANGUAGES:
        ours, blunt = told[language]["ours"], told[language]["any such word"]
        assert ours["recall"] == blunt["recall"]
        assert float(ours["precision"][:5]) > float(blunt["precision"][:5]) + 0.2
