"""The rules of alerts: the packaged ones make sense, others say what in them does not; words of danger and words that only name it."""

import pytest
import yaml

from assistant.errors import SetupError
from assistant.insight.alerts.rules import PACKAGED, load_alert_rules
from assistant.insight.alerts.watched import TALKS


@pytest.fixture(scope="module")
def words():
    (rule,) = load_alert_rules().words()
    return rule


def changed(tmp_path, **changes):
    data = yaml.safe_load(PACKAGED.read_text("utf-8")) | changes
    file = tmp_path / "alerts.yaml"
    file.write_text(yaml.safe_dump(data), "utf-8")
    return file


def test_the_packaged_rules_watch_what_they_say():
    rules = load_alert_rules()
    assert {rule.watched for rule in rules.jumps()} == {
        "failed", "no_match", "zero_results", "handoff", "low_rating", "thumbs_down", "complaints",
        "clicked", "bought",
    }  # fmt: skip
    assert {rule.watched for rule in rules.jumps() if rule.falls} == {"clicked", "bought"}
    assert len(rules.digests()) == len(rules.words()) == 1
    assert sum(rules.windows.values()) == pytest.approx(1)
    assert TALKS not in {rule.watched for rule in rules.jumps()}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"language": "fr"}, "language"),
        ({"false_alarms_a_year": 0}, "false_alarms_a_year"),
        ({"windows": {"hour": 0.9, "day": 0.9}}, "windows"),
        ({"windows": {"month": 0.1}}, "windows"),
        ({"rules": {"x": {"severity": "warning"}}}, "x"),
        ({"rules": {"x": {"jump": "failed", "severity": "loud", "least": 1, "times": 1}}}, "x"),
        ({"rules": {"x": {"jump": "complaints", "severity": "warning", "least": 1, "times": 1}}}, "x"),
        ({"rules": {"x": {"jump": "failed", "severity": "warning", "times": 1}}}, "least"),
        ({"rules": {"x": {"fall": "sales", "severity": "warning", "least": 1, "times": 1}}}, "x"),
        ({"rules": {"x": {"digest": 2, "hour": 6, "severity": "warning"}}}, "x"),
        (
            {"rules": {"x": {"words": {"en": "(", "zh": ""}, "not": {"en": "", "zh": ""}, "severity": "warning"}}},
            "sense",
        ),
        ({"rules": "none"}, "sense"),
    ],
)
def test_rules_that_make_no_sense_are_said_so(tmp_path, changes, said):
    with pytest.raises(SetupError, match=said):
        load_alert_rules(changed(tmp_path, **changes))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SetupError, match="nowhere.yaml"):
        load_alert_rules(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "The charger caught fire last night!",
        "My son got an electric shock from the lamp",
        "She had an allergic reaction to the cream",
        "it burned my hand",
        "The glass shattered and I'm bleeding",
        "the dog nearly choked on a button",
        "插头冒烟了",
        "孩子被烫伤了",
        "用完全身过敏",
        "差点触电",
        "I got a nasty shock when I plugged it in",
        "My lips swelled up after one sip",
        "It did not stop smoking until I pulled the plug",
        "I need a refund, it caught fire",
        "The smoke alarm went off because it caught fire",
        "一插电就会冒烟",
        "吹风机喷出火来",
        "脸上起了一片红疹",
    ],
)
def test_danger_is_found(words, text):
    assert words.found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "do you sell smoke detectors",
        "a hypoallergenic pillow",
        "is it shatterproof",
        "a fire-resistant safe",
        "I want a lamp",
        "prevents burned fingers",
        "防过敏的枕头",
        "不会触电吧",
        "会不会过敏",
        "what happens if the battery catches fire?",
        "is there a risk of it exploding?",
        "do you sell plasters for a kid who gets injured all the time?",
        "要是电池起火了怎么办",
        "这个颜值简直炸裂",
        "适合过敏体质",
    ],
)
def test_a_wish_that_only_names_danger_is_none(words, text):
    assert words.found_in(text) == ""
