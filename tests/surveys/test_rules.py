"""The survey as data: what the owner writes is what is asked, and what is wrong with it is said line by line."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from assistant.errors import SetupError
from assistant.settings import Settings
from assistant.surveys import PACKAGED, load_rules, read_rules, rules_file
from assistant.surveys.form import form_from_json


def survey(**changes: object) -> dict[str, object]:
    return {**yaml.safe_load(PACKAGED.read_text("utf-8")), **changes}


def faults(**changes: object) -> list[str]:
    with pytest.raises(ValueError) as caught:
        read_rules(survey(**changes))
    return [line.strip() for line in str(caught.value).splitlines()]


def test_the_packaged_survey_is_sound() -> None:
    rules = load_rules(PACKAGED)
    assert (rules.form.scale.kind, rules.form.scale.labels[0].zh) == ("stars", "很差")
    assert rules.agent is not None
    assert "{name}" in rules.agent.question.en
    assert (rules.idle, rules.turns, rules.again_after) == (timedelta(minutes=3), None, timedelta(days=30))


def test_a_variant_is_the_form_with_what_it_changes() -> None:
    short = {"question": {"en": "Did this help?", "zh": "有帮助吗？"}, "comment": False}
    rules = read_rules(survey(variants={"short": short}))
    form = rules.form_of("assistant", "short")
    assert (form.question.en, form.comment, form.scale) == ("Did this help?", None, rules.form.scale)
    assert rules.form_of("assistant", "unheard of") == rules.form_of("assistant", None) == rules.form


def test_the_agent_is_asked_about_with_the_assistants_form_where_there_is_none() -> None:
    rules = read_rules(survey(agent=False))
    assert rules.agent is None
    assert rules.form_of("agent", None) == rules.form


@pytest.mark.parametrize(
    ("scale", "ends"), [("stars", (1, 5)), ("csat", (1, 5)), ("nps", (0, 10)), ({"min": 2, "max": 4}, (2, 4))]
)
def test_a_value_is_scored_from_0_to_1(scale: object, ends: tuple[int, int]) -> None:
    read = read_rules(survey(scale=scale)).form.scale
    assert (read.low, read.high) == ends
    assert [read.score(value) for value in ends] == [0.0, 1.0]
    for value in (ends[0] - 1, ends[1] + 1):
        with pytest.raises(ValueError, match="whole number from"):
            read.score(value)


def test_the_same_wording_has_the_same_digest_and_another_has_another() -> None:
    form = load_rules(PACKAGED).form
    assert form_from_json(form.to_json()) == form
    assert form_from_json(form.to_json()).digest() == form.digest()
    assert read_rules(survey(thanks={"en": "Thanks", "zh": "谢谢"})).form.digest() != form.digest()


def test_each_fault_is_one_line_with_its_place() -> None:
    found = faults(scale="hearts", question={"en": "How?"}, when={"idle_minutes": True, "noon": True}, minimum_turns=0)
    assert found == [
        "scale: 'hearts' is none of stars, csat, nps and {min: 1, max: 7}",
        "question.zh: Field required",
        "when.idle_minutes: name a number, or off",
        "when.noon: no such key (found True)",
        "minimum_turns: Input should be greater than or equal to 1 (found 0)",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scale": {"min": 7, "max": 1}}, "scale: {'min': 7, 'max': 1} is no scale of whole numbers"),
        ({"scale": {"min": 0, "max": 20}}, "has more than 11 answers to choose from"),
        ({"labels": {"en": ["a", "b", "c"], "zh": ["一", "二"]}}, "labels.en: has 3 labels, and should have 2"),
        ({"labels": {"en": ["a", "b"], "zh": ["一", "二", "三", "四", "五"]}}, "labels: has as many in one language"),
        ({"question": {"en": "How was {name}?", "zh": "怎么样？"}}, "question: {name} is an agent's"),
        ({"variants": {"x": {"question": {"en": "?"}}}}, "variants.x.question.zh: Field required"),
        ({"variants": {"x": {"labels": {"en": ["a"], "zh": ["一"]}}}}, "variants.x.labels.en: has 1 labels"),
        ({"when": {"resolved": "sometimes"}}, "when.resolved: Input should be a valid boolean"),
        ({"again_after_days": -1}, "again_after_days:"),
        ({"comment": True}, "comment:"),
    ],
)
def test_a_fault_is_told(changes: dict[str, object], said: str) -> None:
    assert any(said in line for line in faults(**changes)), faults(**changes)


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    file = tmp_path / "survey.yaml"
    for text, said in (("a: [", "is no YAML"), ("- 1", "holds no keys"), ("scale: stars", "question: Field required")):
        file.write_text(text)
        with pytest.raises(SetupError, match=said):
            load_rules(file)
    with pytest.raises(SetupError, match="cannot be read"):
        load_rules(tmp_path / "none.yaml")


def test_the_file_beside_the_policies_comes_before_the_packaged_one(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)  # type: ignore[call-arg]
    assert rules_file(settings) == PACKAGED
    beside = tmp_path / "policies" / "survey.yaml"
    beside.parent.mkdir()
    beside.write_text(PACKAGED.read_text("utf-8"))
    assert rules_file(settings) == beside
    assert rules_file(Settings(home=tmp_path, survey=tmp_path / "own.yaml")) == tmp_path / "own.yaml"  # type: ignore[call-arg]
