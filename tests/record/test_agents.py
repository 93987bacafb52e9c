"""Who may sign in at the desk: passwords, tokens, attempts, and the command that lets people in."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.errors import Conflict, NotAllowed, UnknownId
from assistant.record import Record
from assistant.record.__main__ import main
from assistant.record.agents import ATTEMPTS, TOKEN_HOLDS, TooManySignIns, must_lead, must_own
from assistant.record.database import open_database
from assistant.record.tables import AgentRow, AgentTokenRow, AttemptRow

SECRET = "a long secret"


class Clock:
    """Stands until it is moved."""

    def __init__(self):
        self.now = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def __call__(self):
        return self.now

    def on(self, **time):
        self.now += timedelta(**time)


class AgentCases:
    """What is promised of agents, whatever the database: a subclass's module gives `url`, an empty one."""

    @pytest.fixture
    def clock(self):
        return Clock()

    @pytest.fixture
    def agents(self, url, clock):
        record = Record(url, clock=clock)
        yield record.agents
        record.close()

    @pytest.fixture
    def ann(self, agents):
        return agents.add(" Ann@Example.org ", "Ann", "owner", SECRET)

    def test_who_knows_the_password_is_let_in_until_the_token_is_too_old(self, agents, ann, clock):
        signed_in = agents.sign_in("ANN@example.org", SECRET)
        assert (signed_in.agent, signed_in.agent.email) == (ann, "ann@example.org")
        assert agents.signed_in(signed_in.token) == ann
        clock.on(hours=TOKEN_HOLDS.total_seconds() / 3600)
        assert agents.signed_in(signed_in.token) is None

    def test_wrong_passwords_and_unknown_addresses_are_told_apart_by_nothing(self, agents, ann):
        assert agents.sign_in("ann@example.org", "another secret") is None
        assert agents.sign_in("nobody@example.org", SECRET) is None
        assert agents.signed_in("no token") is None

    def test_after_five_failures_one_waits_whether_or_not_the_address_is_somebodys(self, agents, ann, clock):
        for email in ("ann@example.org", "nobody@example.org"):
            for _ in range(ATTEMPTS):
                assert agents.sign_in(email, "wrong one") is None
                clock.on(seconds=1)
            with pytest.raises(TooManySignIns) as refused:
                agents.sign_in(email, SECRET)
            assert refused.value.retry_after_s == 15 * 60 - ATTEMPTS + 1
        assert agents.sign_in("else@example.org", SECRET) is None
        clock.on(minutes=15)
        assert agents.sign_in("ann@example.org", SECRET).agent == ann

    def test_many_attempts_at_once_are_no_way_around_the_limit(self, agents, ann):
        def attempt(_):
            try:
                return agents.sign_in("ann@example.org", "wrong one")
            except TooManySignIns:
                return "refused"

        with ThreadPoolExecutor(4) as pool:
            ends = list(pool.map(attempt, range(12)))
        assert ends.count("refused") == 12 - ATTEMPTS

    def test_a_success_forgets_the_failures(self, agents, ann):
        for _ in range(3):
            for _ in range(ATTEMPTS - 1):
                agents.sign_in("ann@example.org", "wrong one")
            assert agents.sign_in("ann@example.org", SECRET)

    def test_neither_password_nor_token_stands_in_the_database(self, agents, ann, url):
        token = agents.sign_in("ann@example.org", SECRET).token
        engine = open_database(url)
        with Session(engine) as session:
            (row,), (kept,) = session.scalars(select(AgentRow)).all(), session.scalars(select(AgentTokenRow)).all()
            assert session.scalars(select(AttemptRow)).all() == []
        engine.dispose()
        assert row.password.startswith("scrypt$")
        assert SECRET not in row.password
        assert token not in kept.digest

    def test_the_same_password_is_kept_differently_each_time(self, agents, ann, url):
        agents.add("bob@example.org", "Bob", "agent", SECRET)
        engine = open_database(url)
        with Session(engine) as session:
            assert len(set(session.scalars(select(AgentRow.password)))) == 2
        engine.dispose()

    def test_signing_out_ends_one_token(self, agents, ann):
        one, other = (agents.sign_in("ann@example.org", SECRET).token for _ in range(2))
        agents.sign_out(one)
        assert (agents.signed_in(one), agents.signed_in(other)) == (None, ann)

    def test_who_is_shut_out_is_signed_out_and_stays_out(self, agents, ann):
        bob = agents.add("bob@example.org", "Bob", "agent", SECRET)
        token = agents.sign_in("bob@example.org", SECRET).token
        assert agents.change(bob.id, active=False).active is False
        assert agents.signed_in(token) is None
        assert agents.sign_in("bob@example.org", SECRET) is None
        agents.change(bob.id, active=True)
        assert agents.signed_in(token) is None
        assert agents.sign_in("bob@example.org", SECRET)

    def test_another_password_ends_all_sign_ins(self, agents, ann):
        token = agents.sign_in("ann@example.org", SECRET).token
        agents.change(ann.id, password="quite another secret")
        assert agents.signed_in(token) is None
        assert agents.sign_in("ann@example.org", SECRET) is None
        assert agents.sign_in("ann@example.org", "quite another secret")

    def test_another_role_holds_at_once(self, agents, ann):
        bob = agents.add("bob@example.org", "Bob", "agent", SECRET)
        token = agents.sign_in("bob@example.org", SECRET).token
        agents.change(bob.id, role="lead")
        assert agents.signed_in(token).role == "lead"

    def test_the_last_owner_stays(self, agents, ann):
        for change in ({"active": False}, {"role": "lead"}):
            with pytest.raises(Conflict, match="owns the desk"):
                agents.change(ann.id, **change)
        assert agents.get(ann.id) == ann
        agents.add("bob@example.org", "Bob", "owner", SECRET)
        assert agents.change(ann.id, role="agent").role == "agent"

    def test_an_address_is_one_agents(self, agents, ann):
        with pytest.raises(Conflict, match="already"):
            agents.add("ANN@example.org", "Anna", "agent", SECRET)

    def test_only_the_first_is_let_in_as_the_first(self, agents):
        assert agents.nobody()

        def first(number):
            try:
                return agents.add(f"{number}@example.org", "Ann", "owner", SECRET, first=True)
            except Conflict:
                return None

        with ThreadPoolExecutor(4) as pool:
            assert sum(one is not None for one in pool.map(first, range(4))) == 1
        assert not agents.nobody()

    def test_what_cannot_be_is_refused(self, agents, ann):
        with pytest.raises(ValueError, match="10 characters"):
            agents.add("bob@example.org", "Bob", "agent", "short")
        with pytest.raises(ValueError, match="10 characters"):
            agents.change(ann.id, password="short")
        with pytest.raises(ValueError, match="no such role"):
            agents.add("bob@example.org", "Bob", "boss", SECRET)
        for look in (agents.get, agents.by_email):
            with pytest.raises(UnknownId, match="agent"):
                look("nobody")

    def test_roles_are_steps(self, agents, ann):
        bob = agents.add("bob@example.org", "Bob", "agent", SECRET)
        eve = agents.add("eve@example.org", "Eve", "lead", SECRET)
        must_own(ann)
        must_lead(ann)
        must_lead(eve)
        for check, agent in ((must_lead, bob), (must_own, bob), (must_own, eve)):
            with pytest.raises(NotAllowed):
                check(agent)


class TestAgentsOnSQLite(AgentCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'record.db'}"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("AISLE_HOME", str(tmp_path))
    monkeypatch.delenv("AISLE_RECORD_URL", raising=False)
    return tmp_path


def run(monkeypatch, *command, typed=f"{SECRET}\n"):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return main(["agents", *command])


def test_the_command_lets_somebody_in_with_a_password_from_stdin(home, monkeypatch, capsys):
    assert run(monkeypatch, "add", "Ann@Example.org", "--name", "Ann", "--role", "owner") == 0
    assert run(monkeypatch, "list") == 0
    told = capsys.readouterr().out
    assert "ann@example.org  owner  Ann" in told
    assert SECRET not in told
    assert run(monkeypatch, "password", "ann@example.org", typed="quite another secret\n") == 0
    record = Record(f"sqlite:///{home / 'record.db'}")
    assert record.agents.sign_in("ann@example.org", "quite another secret")
    record.close()


def test_the_command_says_in_one_line_what_cannot_be(home, monkeypatch, capsys):
    assert run(monkeypatch, "list") == 1
    assert run(monkeypatch, "add", "ann@example.org", "--name", "Ann", typed="short\n") == 1
    assert run(monkeypatch, "password", "nobody@example.org") == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 3
    assert "10 characters" in error
    assert "no such agent" in error


def test_what_lets_somebody_in_is_never_exported(home, monkeypatch):
    assert run(monkeypatch, "add", "ann@example.org", "--name", "Ann") == 0
    assert main(["export", "--out", str(home / "out")]) == 0
    assert not {"agent_tokens.csv", "sign_in_attempts.csv"} & {file.name for file in (home / "out").iterdir()}
    assert "scrypt" not in (home / "out" / "agents.csv").read_text()
    assert "ann@example.org" in (home / "out" / "agents.csv").read_text()
