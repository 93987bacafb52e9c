"""What this shop has signed: the tokens of turns, and the links of its mails."""

import hashlib
import os
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from itsdangerous import BadSignature, SignatureExpired, Signer, TimestampSigner

from assistant.errors import SetupError
from assistant.settings import Settings

SECRET_CHARS = 16  # at least
LINK_DAYS = 30
_SALT = "aisle.turn"
_OPENING, _STOPPING = "aisle.mail.open", "aisle.mail.stop"  # a link of one kind is none of the other


class Tokens:
    """Gives each turn its token and knows it again; without a secret for as long as the process lives."""

    def __init__(self, secret: str | None = None) -> None:
        self._signer = Signer(secret or secrets.token_hex(32), salt=_SALT, digest_method=hashlib.sha256)

    def of(self, turn_id: str) -> str:
        """The token of a turn."""
        return self._signer.get_signature(turn_id.encode("utf-8", "replace")).decode()

    def holds(self, token: str, turn_id: str) -> bool:
        """Whether it is that turn's token."""
        return self._signer.verify_signature(turn_id.encode("utf-8", "replace"), token.encode("utf-8", "replace"))


class LinkOver(ValueError):
    """A link was good once, and no longer is."""


class _Dated(TimestampSigner):
    """Signs with the moment, by the clock that it is given."""

    clock: Callable[[], float] = time.time

    def get_timestamp(self) -> int:
        return int(self.clock())


class Links:
    """Gives the tickets of mails their tokens and knows them again. A token names a ticket, which opens nothing by itself."""

    def __init__(self, secret: str | None = None, clock: Callable[[], float] = time.time) -> None:
        secret = secret or secrets.token_hex(32)
        self._opening = _Dated(secret, salt=_OPENING, digest_method=hashlib.sha256)
        self._opening.clock = clock
        self._stopping = Signer(secret, salt=_STOPPING, digest_method=hashlib.sha256)

    def opening(self, ticket_id: str) -> str:
        """A token that opens the conversation of a ticket for some days."""
        return self._opening.sign(ticket_id).decode()

    def opened(self, token: str) -> str | None:
        """The ticket whose conversation a token opens; None for one that this shop has not made. Raises LinkOver."""
        try:
            return self._opening.unsign(token.encode("utf-8", "replace"), LINK_DAYS * 86_400).decode()
        except SignatureExpired as error:
            raise LinkOver("the link is too old") from error
        except BadSignature:
            return None

    def stopping(self, ticket_id: str) -> str:
        """A token by which the shopper of a ticket is mailed no more; it holds for good."""
        return self._stopping.sign(ticket_id).decode()

    def stopped(self, token: str) -> str | None:
        """The ticket that is to be mailed about no more; None for a token that this shop has not made."""
        try:
            return self._stopping.unsign(token.encode("utf-8", "replace")).decode()
        except BadSignature:
            return None


def read_secret(settings: Settings) -> str:
    """The secret that is set, else the one in AISLE_HOME, made on the first start for nobody else to read."""
    if settings.secret:
        if len(settings.secret) < SECRET_CHARS:
            raise SetupError(f"AISLE_SECRET: must have {SECRET_CHARS} characters at least")
        return settings.secret
    file = settings.home / "secret"
    try:
        if not file.exists():
            _make(file)
        secret = file.read_text("ascii").strip()
    except (OSError, ValueError) as error:
        raise SetupError(f"the secret in {file} cannot be read or made: {error}") from error
    if len(secret) < SECRET_CHARS:
        raise SetupError(f"the secret in {file} is too short: delete the file, and another is made")
    return secret


def _make(file: Path) -> None:
    """Write a new secret in one go; of several processes at once the first one's stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".secret-")  # readable for its owner alone
    try:
        with os.fdopen(handle, "w") as draft:
            draft.write(secrets.token_hex(32) + "\n")
            draft.flush()
            os.fsync(draft.fileno())
        os.link(name, file)
    except FileExistsError:
        return
    finally:
        Path(name).unlink()
