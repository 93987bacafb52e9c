"""Signed turn tokens: whoever tells of a turn with its token was given that turn by this shop."""

import hashlib
import os
import secrets
import tempfile
from pathlib import Path

from itsdangerous import Signer

from assistant.errors import SetupError
from assistant.settings import Settings

SECRET_CHARS = 16  # at least
_SALT = "aisle.turn"


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
