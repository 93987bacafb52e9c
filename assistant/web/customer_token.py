"""The shop's word for who the shopper is: a JSON Web Token (RFC 7519), signed with HMAC-SHA256 by the shop's own server.

Its claims: `sub` is the customer's id as text, `exp` when it ends, at most an hour ahead, and `nbf` when it begins, if that
is said. A token is not used up: within its time it says the same again. Whether there is such a customer is not known here.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from typing import Any

HOLDS_S = 3600  # at most
_APART_S = 60  # how far the shop's clock and ours may be apart
_PART = re.compile(r"[A-Za-z0-9_-]+")
_ID_CHARS = 200


class BadToken(Exception):
    """A token that says nothing; the message is the reason, and repeats nothing of the token."""


def customer_of(token: str, secret: str, now_s: float) -> str:
    """The id of the customer whom the token names. Nothing in it is believed before its signature. Raises BadToken."""
    parts = token.split(".")
    if len(parts) != 3 or not all(_PART.fullmatch(part) for part in parts):
        raise BadToken("the token is no JSON Web Token: it needs three parts of base64url with dots between them")
    head, body, signature = parts
    _check_head(_json(head, "header"))
    made = hmac.new(secret.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(made, _bytes(signature, "signature")):
        raise BadToken("the token is not signed with this shop's secret")
    claims = _json(body, "claims")
    _check_times(claims, now_s)
    if claims.get("aud", "aisle") != "aisle":
        raise BadToken("aud: the token is meant for somebody else")
    id = claims.get("sub")
    if not isinstance(id, str) or not 0 < len(id) <= _ID_CHARS or not id.isprintable():
        raise BadToken(f"sub: must be the customer's id as text of 1 to {_ID_CHARS} plain characters")
    return id


def _check_head(head: dict[str, Any]) -> None:
    """One way of signing: a token that names another, or none, could have been signed by anybody."""
    if head.get("alg") != "HS256":
        raise BadToken("alg: must be HS256")
    if "crit" in head:
        raise BadToken("crit: no extension is understood")


def _check_times(claims: dict[str, Any], now_s: float) -> None:
    ends = _moment(claims, "exp")
    if ends is None:
        raise BadToken("exp: the token must say when it ends, in seconds since 1970")
    if ends <= now_s:
        raise BadToken("exp: the token is over; the shop has to make a new one")
    if ends > now_s + HOLDS_S + _APART_S:
        raise BadToken("exp: must be at most an hour ahead")
    begins = _moment(claims, "nbf")
    if begins is not None and begins > now_s + _APART_S:
        raise BadToken("nbf: the token does not hold yet")


def _moment(claims: dict[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadToken(f"{name}: must be a number of seconds since 1970")
    return value


def _json(part: str, what: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(part, what), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadToken(f"the token's {what} cannot be read") from error
    if not isinstance(found, dict):
        raise BadToken(f"the token's {what} must be a JSON object")
    return found


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _bytes(part: str, what: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error as error:
        raise BadToken(f"the token's {what} cannot be read") from error
