"""The evaluation of aspects: its labels, and measures by hand."""

import hashlib

import yaml

from assistant.insight.opinions.aspects import OVERALL, aspect_ids
from evals import aspects
from evals.aspects import Case, Result, cases_of, named, ours, summary

KNOWN = set(aspect_ids()) - {OVERALL}


def labels():
    return yaml.safe_load(aspects.Path(aspects.__file__).with_name("aspect_labels.yaml").read_text("utf-8"))


def test_labels_are_of_aspects_that_there_are_and_do_not_contradict_each_other():
    told = labels()
    for language, least in (("en", 120), ("zh", 100)):
        sure, perhaps = told[language], told["perhaps"][language]
        assert set(sure) - {"none"} <= KNOWN and set(perhaps) <= KNOWN
        assert len({key for keys in sure.values() for key in keys}) >= least
        of_some = {key for aspect, keys in sure.items() if aspect != "none" for key in keys}
        assert not of_some & set(sure["none"])
        for aspect, keys in perhaps.items():
            assert not set(keys) & set(sure.get(aspect, ())), aspect


def test_a_case_is_a_text_of_the_data_with_its_labels(tmp_path, monkeypatch):
    text = "it is quiet"
    key = hashlib.sha256(text.encode()).hexdigest()[:12]
    monkeypatch.setattr(aspects, "by_hand_texts", lambda language, data: iter([text, "another"]))
    made = {"en": {"noise": [key], "none": ["0" * 12]}, "perhaps": {"en": {"use": [key]}}}
    monkeypatch.setattr(aspects, "_labels", lambda: made)
    assert cases_of("en", tmp_path) == [Case("en", text, frozenset({"noise"}), frozenset({"use"}))]


def test_precision_and_recall_are_over_pairs_and_what_may_be_said_counts_neither_way():
    def case(*names, perhaps=()):
        return Case("en", "", frozenset(names), frozenset(perhaps))

    told = summary([
        Result(case("size", "price"), {"x": frozenset({"size", "use"})}),
        Result(case("look", perhaps=["quality"]), {"x": frozenset({"look", "quality"})}),
        Result(case(), {"x": frozenset()}),
    ])["x"]  # fmt: skip
    assert told["precision"].startswith("0.667") and told["precision"].endswith("n=3")
    assert told["recall"].startswith("0.667") and told["sentences wholly right"].startswith("0.667")
    assert told["sentences"] == "3, 1 of no aspect"


def test_systems_find_aspects_by_words_and_by_names():
    assert ours("The delivery was late, but it is soft.") == {"delivery", "comfort"}
    assert named("The delivery was late, but it is soft.", "en") == {"delivery"}
    assert named("颜色好看，很舒服", "zh") == {"colour"}
