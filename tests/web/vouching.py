"""Tokens as a shop's server makes them, right and wrong."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

SECRET = "what only the shop's server and the chat know"
HEAD = {"alg": "HS256", "typ": "JWT"}


def jwt(claims: Any, secret: str = SECRET, head: Any = HEAD) -> str:
    said = f"{part(head)}.{part(claims)}"
    return f"{said}.{coded(hmac.new(secret.encode(), said.encode(), hashlib.sha256).digest())}"


def token(customer_id: Any, secret: str = SECRET, **more: Any) -> str:
    """A token that holds for five minutes."""
    return jwt({"sub": customer_id, "exp": time.time() + 300, **more}, secret)


def part(value: Any) -> str:
    return coded(value if isinstance(value, bytes) else json.dumps(value).encode())


def coded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
