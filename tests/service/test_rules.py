"""Rules are data: three shops by three files, and every fault of a file told at once with its key."""

from datetime import UTC, datetime

import pytest
import yaml

from assistant.errors import SetupError
from assistant.service import load_rules
from assistant.service.rulebook import DEMO_RULES, read_rules
from assistant.service.rules import Goods
from tests.service.shop import ACCOUNTS, DEMO, VARIANTS

LEAST = {"currency": "USD", "identify": [["email", "order_id"]], "deeds": {"cancel": {"states": ["pending"]}}}


def faults(**changed):
    with pytest.raises(ValueError) as caught:
        read_rules({**LEAST, **changed})
    return str(caught.value).splitlines()


def test_the_least_that_is_rules():
    rules = read_rules(LEAST)
    assert rules.states("cancel") == ("pending",)
    assert rules.states("return") == rules.reasons("return") == ()
    assert rules.approval_above_minor is None
    assert rules.days("cancel", "gift_card") is None
    assert rules.days("cancel", "card") == rules.days("cancel", None) == (5, 7)


def test_three_shops_differ_by_their_files_only():
    assert DEMO.identify == (("email", "order_id"), ("order_id", "last_name", "postcode"))
    assert VARIANTS.identify == (("email",), ("first_name", "last_name", "postcode"))
    assert ACCOUNTS.identify == (("customer_id", "email", "order_id"),)
    assert [rules.once("return") for rules in (DEMO, VARIANTS, ACCOUNTS)] == [False, True, False]
    assert [rules.reasons("cancel") for rules in (DEMO, VARIANTS)] == [(), ("no longer needed", "ordered by mistake")]
    assert ACCOUNTS.deeds["refund"].refund_to == ("original", "gift_card", "card", "bank")
    assert (DEMO.limit("agent"), DEMO.limit("owner"), VARIANTS.limit("agent")) == (10_000, None, 0)


def test_every_fault_is_told_at_once_with_its_key():
    found = faults(
        identify=[["emale"]],
        limits={"boss": 5},
        deeds={
            "return": {"states": ["deliverd"], "fee": "lots", "when": [{"until": "13-01"}], "refund_to": ["cash"]},
            "fly": {},
        },
        hours={"zone": "Mars/Olympus", "days": {"funday": "9-5"}},
        refund_days={"card": "soon"},
        extra=1,
    )
    told = {line.split(":")[0].strip(): line for line in found}
    assert set(told) == {
        "identify.0.0", "limits.boss", "deeds.return.states.0", "deeds.return.fee", "deeds.return.when.0.until",
        "deeds.return.refund_to.0", "deeds.fly", "hours.zone", "hours.days", "refund_days.card", "extra",
    }  # fmt: skip
    assert "'deliverd'" in told["deeds.return.states.0"]
    assert "'pending'" in told["deeds.return.states.0"]
    assert told["deeds.return.fee"].endswith("'lots' is no amount such as 5.90")
    assert told["extra"].endswith("no such key (found 1)")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"currency": "dollars"}, "currency: "),
        ({"identify": []}, "identify: "),
        ({"identify": [[]]}, "identify.0: "),
        ({"deeds": {"cancel": {}}}, "deeds.cancel.states: name the states"),
        ({"deeds": {"return": {"states": ["delivered"], "reasons": ["a", "a"]}}}, "deeds.return.reasons: a reason is named"),
        ({"deeds": {"return": {"states": ["delivered"], "when": [{}]}}}, "deeds.return.when.0: says nothing"),
        ({"deeds": {"refund": {"states": ["delivered"]}}}, "limits: say what each role"),
        ({"not_returnable": [{"source": "returns.2"}]}, "not_returnable.0: names neither"),
        ({"overrule": ["state"]}, "overrule"),
        ({"order_pattern": "("}, "order_pattern: '(' is no regular expression"),
        ({"approval_above": -1}, "approval_above: -1 is no amount"),
        ({"approval_above": 1.005}, "approval_above: 1.005 is no amount"),
        ({"attempts": {"allowed": 0}}, "attempts.allowed: "),
        ({"hours": {"days": {"fri-mon": "09:00-18:00"}}}, "runs backwards"),
        ({"hours": {"days": {"mon": "18:00-09:00"}}}, "ends before it begins"),
        ({"hours": {"closed": ["12-32"]}}, "hours.closed.0: '12-32' is no day"),
        ({"deeds": {"return": {"states": ["delivered"], "when": [{"placed": ["11-15"]}]}}}, "a season has a first and a last"),
    ],
)  # fmt: skip
def test_a_fault_names_its_key_and_the_reason(changed, told):
    (line,) = faults(**changed)
    assert told in line


def test_amounts_are_in_the_minor_units_of_the_currency():
    assert read_rules({**LEAST, "approval_above": 200.10}).approval_above_minor == 20_010
    assert read_rules({**LEAST, "currency": "JPY", "approval_above": 3000}).approval_above_minor == 3_000


def test_a_file_that_is_none_is_told(tmp_path):
    file = tmp_path / "service.yaml"
    with pytest.raises(SetupError, match="cannot be read"):
        load_rules(file)
    file.write_text("deeds: {cancel")
    with pytest.raises(SetupError, match="no YAML"):
        load_rules(file)
    file.write_text("- a list")
    with pytest.raises(SetupError, match="holds no keys"):
        load_rules(file)
    file.write_text("currency: EUR\nidentify: [[email]]\ndeeds: {jump: {}}")
    with pytest.raises(SetupError, match=r"service.yaml cannot be used:\n  deeds.jump: "):
        load_rules(file)


def test_a_file_that_is_edited_is_read_as_it_is_written():
    raw = yaml.safe_load(DEMO_RULES.read_text(encoding="utf-8"))
    raw["deeds"]["return"]["fee"] = 7.25
    raw["not_returnable"] = [{"categories": ["Clothing"], "source": "returns.2"}]
    rules = read_rules(raw)
    assert rules.deeds["return"].fee_minor == 725
    assert rules.not_returnable == (Goods(frozenset({"Clothing"}), source="returns.2"),)


class TestHours:
    """Open Monday to Friday from 9 to 18, on Saturday from 10 to 14, in New York."""

    @pytest.mark.parametrize(
        ("moment", "is_open", "again"),
        [
            ("2026-06-15T13:00", True, "Tue 09:00"),
            ("2026-06-15T12:59", False, "Mon 09:00"),
            ("2026-06-15T22:00", False, "Tue 09:00"),
            ("2026-06-20T17:59", True, "Mon 09:00"),
            ("2026-06-20T18:00", False, "Mon 09:00"),
            ("2026-06-18T23:00", False, "Sat 10:00"),  # Friday is June 19, a holiday
            ("2026-12-15T13:30", False, "Tue 09:00"),  # winter time
            ("2026-12-15T14:00", True, "Wed 09:00"),
        ],
    )
    def test_when_somebody_is_there(self, moment, is_open, again):
        now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        assert DEMO.hours.open_at(now) is is_open
        assert f"{DEMO.hours.next_opening(now):%a %H:%M}" == again

    def test_without_hours_somebody_is_always_there(self):
        assert VARIANTS.hours.open_at(datetime(2026, 1, 1, 3, tzinfo=UTC))

    def test_working_days_leave_out_weekends_and_holidays(self):
        monday, next_monday = datetime(2026, 6, 15, 16, tzinfo=UTC), datetime(2026, 6, 22, 16, tzinfo=UTC)
        assert DEMO.hours.working_days(monday, next_monday) == 4
        assert VARIANTS.hours.working_days(monday, next_monday) == 5
        assert DEMO.hours.working_days(monday, monday) == 0
