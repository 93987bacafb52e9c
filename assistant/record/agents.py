"""The people of the shop who answer at the desk: who they are, what they may, and whether they are signed in.

A password is kept as its scrypt digest and a sign-in as the digest of its token: neither can be read back. Attempts are
counted by address, whether or not it is somebody's, so that nothing tells which addresses are.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast, get_args
from uuid import uuid4

from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assistant.errors import AssistantError, Conflict, NotAllowed, UnknownId
from assistant.record.database import writing
from assistant.record.tables import AgentRow, AgentTokenRow, AttemptRow
from catalog import Locale

Role = Literal["agent", "lead", "owner"]

PASSWORD_CHARS = 10  # at least
TOKEN_HOLDS = timedelta(hours=12)
ATTEMPTS = 5  # that may fail within the window
ATTEMPTS_WITHIN = timedelta(minutes=15)
_LOCK = 0x6169736C65 + 2  # any constant: it names the advisory lock under which agents and attempts are counted
_COST, _BLOCK, _LANES = 2**14, 8, 1  # 16 MiB and some 50 ms a password


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody of the shop; `active` is false for one who left."""

    id: str
    email: str
    name: str
    role: Role
    locale: Locale
    active: bool
    created_at: datetime

    @property
    def leads(self) -> bool:
        """Whether they may decide on what is others' too."""
        return self.role in ("lead", "owner")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An agent, and the token that their browser is to keep until `expires_at`."""

    agent: Agent
    token: str
    expires_at: datetime


class TooManySignIns(AssistantError):
    """Somebody has tried too often to sign in under one address; `retry_after_s` tells when to come back."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"too many attempts: try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class Agents:
    """The agents of one record's database; safe to share between threads."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def nobody(self) -> bool:
        """Whether there is no agent yet."""
        with Session(self._engine) as session:
            return session.scalar(select(func.count()).select_from(AgentRow)) == 0

    def all(self) -> tuple[Agent, ...]:
        """Everybody, those who left too, by name."""
        with Session(self._engine) as session:
            rows = session.scalars(select(AgentRow).order_by(AgentRow.name, AgentRow.id))
            return tuple(_agent(row) for row in rows)

    def get(self, id: str) -> Agent:
        """One agent. Raises UnknownId."""
        with Session(self._engine) as session:
            return _agent(_row(session, id))

    def by_email(self, email: str) -> Agent:
        """The agent of an address. Raises UnknownId."""
        with Session(self._engine) as session:
            row = session.scalar(select(AgentRow).where(AgentRow.email == email.strip().casefold()))
            if row is None:
                raise UnknownId("agent", email)
            return _agent(row)

    def add(
        self, email: str, name: str, role: Role, password: str, locale: Locale = "en", *, first: bool = False
    ) -> Agent:
        """Commit a new agent. Conflict where the address is taken, or with `first` where there is anybody already."""
        digest = _digest(_long_enough(password))
        if role not in get_args(Role):
            raise ValueError(f"no such role: {role!r} (agent, lead or owner)")
        try:
            with self._writing() as session:
                if first and session.scalar(select(func.count()).select_from(AgentRow)):
                    raise Conflict("the desk has been set up already: sign in")
                row = AgentRow(
                    id=uuid4().hex, email=email.strip().casefold(), name=name.strip(), role=role, password=digest,
                    locale=locale, active=True, created_at=self._clock(),
                )  # fmt: skip
                session.add(row)
                session.flush()
                return _agent(row)
        except IntegrityError as error:
            raise Conflict(f"there is an agent of that address already: {email}") from error

    def change(
        self, id: str, *, active: bool | None = None, role: Role | None = None, password: str | None = None
    ) -> Agent:
        """Commit what changes of an agent; who leaves or gets another password is signed out. Raises UnknownId.

        Conflict where no owner would be left.
        """
        digest = None if password is None else _digest(_long_enough(password))
        with self._writing() as session:
            row = _row(session, id)
            owned = row.role == "owner" and row.active
            row.active = row.active if active is None else active
            row.role = role or row.role
            row.password = digest or row.password
            session.flush()
            owners = select(func.count()).where(AgentRow.role == "owner", AgentRow.active)
            if owned and not session.scalar(owners):
                raise Conflict("somebody has to stay who owns the desk")
            if not row.active or digest:
                session.execute(delete(AgentTokenRow).where(AgentTokenRow.agent_id == id))
            return _agent(row)

    def sign_in(self, email: str, password: str) -> SignedIn | None:
        """A token for whoever knows the password of an address; None where it does not fit. Raises TooManySignIns."""
        email = email.strip().casefold()
        with self._writing() as session:  # an attempt counts before it is looked at: many at once are no way around
            self._attempt(session, email)
            row = session.scalar(select(AgentRow).where(AgentRow.email == email, AgentRow.active))
            agent, digest = (_agent(row), row.password) if row else (None, _NOBODYS)
        if not _fits(password, digest) or agent is None:
            return None
        token, expires_at = secrets.token_urlsafe(32), self._clock() + TOKEN_HOLDS
        with self._writing() as session:
            session.execute(delete(AttemptRow).where(AttemptRow.email == email))
            session.execute(delete(AgentTokenRow).where(AgentTokenRow.expires_at <= self._clock()))
            session.add(AgentTokenRow(digest=_hash(token), agent_id=agent.id, expires_at=expires_at))
        return SignedIn(agent, token, expires_at)

    def signed_in(self, token: str) -> Agent | None:
        """Whose token it is; None where it does not hold."""
        mine = select(AgentRow).join(AgentTokenRow, AgentTokenRow.agent_id == AgentRow.id)
        holds = AgentTokenRow.digest == _hash(token), AgentTokenRow.expires_at > self._clock(), AgentRow.active
        with Session(self._engine) as session:
            row = session.scalar(mine.where(*holds))
            return _agent(row) if row else None

    def sign_out(self, token: str) -> None:
        """Let a token hold no longer."""
        with self._writing() as session:
            session.execute(delete(AgentTokenRow).where(AgentTokenRow.digest == _hash(token)))

    def _attempt(self, session: Session, email: str) -> None:
        now = self._clock()
        session.execute(delete(AttemptRow).where(AttemptRow.at <= now - ATTEMPTS_WITHIN))
        times = list(session.scalars(select(AttemptRow.at).where(AttemptRow.email == email).order_by(AttemptRow.at)))
        if len(times) >= ATTEMPTS:
            left = times[-ATTEMPTS] + ATTEMPTS_WITHIN - now
            raise TooManySignIns(max(int(left.total_seconds()) + 1, 1))
        session.add(AttemptRow(email=email, at=now))

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """One transaction that writes, with nobody else counting beside it."""
        with Session(writing(self._engine)) as session, session.begin():
            if session.get_bind().dialect.name == "postgresql":
                session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield session


def must_lead(agent: Agent) -> None:
    """NotAllowed for an agent who is neither lead nor owner."""
    if not agent.leads:
        raise NotAllowed("that takes a lead or an owner of the desk")


def must_own(agent: Agent) -> None:
    """NotAllowed for an agent who is no owner."""
    if agent.role != "owner":
        raise NotAllowed("that takes an owner of the desk")


def _row(session: Session, id: str) -> AgentRow:
    row = session.get(AgentRow, id)
    if row is None:
        raise UnknownId("agent", id)
    return row


def _agent(row: AgentRow) -> Agent:
    role, locale = cast(Role, row.role), cast(Locale, row.locale)
    return Agent(row.id, row.email, row.name, role, locale, row.active, row.created_at)


def _long_enough(password: str) -> str:
    if len(password) < PASSWORD_CHARS:
        raise ValueError(f"a password must have {PASSWORD_CHARS} characters at least")
    return password


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    words = password.encode("utf-8", "replace")
    return hashlib.scrypt(words, salt=salt, n=cost, r=block, p=lanes, maxmem=256 * cost * block, dklen=32)


def _digest(password: str) -> str:
    salt = secrets.token_bytes(16)
    made = _scrypt(password, salt, _COST, _BLOCK, _LANES)
    return "$".join(("scrypt", f"{_COST}:{_BLOCK}:{_LANES}", b64encode(salt).decode(), b64encode(made).decode()))


def _fits(password: str, digest: str) -> bool:
    _, costs, salt, made = digest.split("$")
    cost, block, lanes = (int(one) for one in costs.split(":"))
    return hmac.compare_digest(_scrypt(password, b64decode(salt), cost, block, lanes), b64decode(made))


_NOBODYS = f"scrypt${_COST}:{_BLOCK}:{_LANES}${b64encode(bytes(16)).decode()}${b64encode(bytes(32)).decode()}"
"""What an address that is nobody's is compared with, which no password fits and which takes as long."""
