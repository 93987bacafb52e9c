"""What the shop's server may say of who somebody is, and what is believed of it."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from assistant.web.customer_token import BadToken, customer_of
from tests.web.vouching import SECRET, coded, jwt, part

NOW = 1_700_000_000.0
GOOD: dict[str, Any] = {"sub": "cust-0007", "exp": NOW + 300}


def read(token: str) -> str:
    return customer_of(token, SECRET, NOW)


def test_a_token_names_the_customer() -> None:
    assert read(jwt(GOOD)) == "cust-0007"
    assert read(jwt({**GOOD, "sub": "顾客 7", "iat": NOW, "nbf": NOW, "jti": "x", "aud": "aisle"})) == "顾客 7"


def test_a_token_that_another_library_made_is_read() -> None:
    """The example of jwt.io: its signature is right, and it does not say when it ends."""
    example = (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
        ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
    )
    with pytest.raises(BadToken, match="exp: the token must say"):
        customer_of(example, "your-256-bit-secret", NOW)
    with pytest.raises(BadToken, match="secret"):
        customer_of(example, "your-256-bit-secret?", NOW)


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"sub": "a"}, "exp: the token must say"),
        ({**GOOD, "exp": NOW}, "exp: the token is over"),
        ({**GOOD, "exp": NOW - 1}, "exp: the token is over"),
        ({**GOOD, "exp": NOW + 3_661}, "an hour ahead"),
        ({**GOOD, "exp": str(NOW + 300)}, "exp: must be a number"),
        ({**GOOD, "exp": True}, "exp: must be a number"),
        ({**GOOD, "nbf": NOW + 61}, "nbf: the token does not hold yet"),
        ({**GOOD, "nbf": "now"}, "nbf: must be a number"),
        ({**GOOD, "aud": "another"}, "aud"),
        ({**GOOD, "aud": ["aisle"]}, "aud"),
        ({"exp": NOW + 300}, "sub"),
        ({**GOOD, "sub": 7}, "sub"),
        ({**GOOD, "sub": ""}, "sub"),
        ({**GOOD, "sub": "x" * 201}, "sub"),
        ({**GOOD, "sub": "a\x00"}, "sub"),
        ({**GOOD, "sub": "\ud800"}, "sub"),
        ([GOOD], "claims must be a JSON object"),
        (b'{"sub": "a", "exp": NaN}', "claims cannot be read"),
        (b'{"sub": "a", "exp": 1e999}', "an hour ahead"),
        (b"\xff", "claims cannot be read"),
    ],
)
def test_what_it_says_must_be_whole_and_of_now(claims: Any, why: str) -> None:
    with pytest.raises(BadToken, match=why):
        read(jwt(claims))


@pytest.mark.parametrize(
    "head", [{"alg": "none"}, {"alg": "HS512"}, {"alg": "RS256"}, {"alg": "hs256"}, {}, {"alg": ["HS256"]}]
)
def test_only_one_way_of_signing_is_known(head: dict[str, Any]) -> None:
    with pytest.raises(BadToken, match="alg: must be HS256"):
        read(jwt(GOOD, head=head))
    unsigned = f"{part(head)}.{part(GOOD)}."
    with pytest.raises(BadToken, match="three parts"):
        read(unsigned)


def test_an_extension_that_must_be_understood_is_refused() -> None:
    with pytest.raises(BadToken, match="crit"):
        read(jwt(GOOD, head={"alg": "HS256", "crit": ["b64"], "b64": False}))


def test_another_signature_or_another_text_is_refused() -> None:
    head, body, signature = jwt(GOOD).split(".")
    other = part({**GOOD, "sub": "cust-0008"})
    short = coded(b"x" * 16)
    for token in (f"{head}.{other}.{signature}", f"{head}.{body}.{short}", jwt(GOOD, secret=SECRET + "!")):
        with pytest.raises(BadToken, match="secret"):
            read(token)


@pytest.mark.parametrize(
    "token", ["", "a.b", "a.b.c.d", "..", "a b.c.d", "é.é.é", "a.b.c", f"{part(b'[]')}.e30.e30", "x" * 2000]
)
def test_what_is_no_token_is_told_so(token: str) -> None:
    with pytest.raises(BadToken, match="the token"):
        read(token)


def test_a_reason_repeats_nothing_of_the_token() -> None:
    claims = json.dumps({"sub": "cust-0007", "exp": 1}).encode()
    with pytest.raises(BadToken) as caught:
        read(jwt(claims))
    assert "cust-0007" not in str(caught.value)


def test_the_example_of_the_documentation_makes_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parents[2] / "docs" / "service.md").read_text("utf-8")
    example: dict[str, Any] = {}
    exec(text.split("```python\n")[1].split("```")[0], example)
    monkeypatch.setenv("AISLE_CUSTOMER_SECRET", SECRET)
    address, _, token = example["chat_link"](7).partition("#customer=")
    assert address == "https://chat.shop.example/"
    assert customer_of(token, SECRET, time.time()) == "7"
