import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.errors import SetupError
from assistant.settings import Settings
from assistant.web.marks import is_bot
from assistant.web.tokens import Tokens, read_secret


def test_a_token_is_that_of_its_turn_and_of_its_shop_only():
    ours, theirs = Tokens("a long enough secret"), Tokens("another long secret")
    token = ours.of("t1")
    assert ours.holds(token, "t1") and Tokens("a long enough secret").holds(token, "t1")
    assert not ours.holds(token, "t2") and not theirs.holds(token, "t1")
    assert not Tokens().holds(Tokens().of("t1"), "t1")
    for forged in ("", token[:-2], token.swapcase(), "é", "\ud800", "x" * 10_000):
        assert not ours.holds(forged, "t1")


def test_a_token_fits_into_an_address():
    assert all(char.isalnum() or char in "-_" for n in range(50) for char in Tokens().of(f"turn {n} ☃"))


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    settings = Settings(home=tmp_path / "new")
    with ThreadPoolExecutor(8) as threads:
        secrets = set(threads.map(lambda _: read_secret(settings), range(32)))
    assert len(secrets) == 1 and len(secrets.pop()) == 64
    (file,) = (tmp_path / "new").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_secret_that_is_set_is_taken_and_none_is_made(tmp_path):
    assert read_secret(Settings(home=tmp_path, secret="s" * 16)) == "s" * 16
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kept", ["", "short\n", "ü" * 40])
def test_a_secret_that_is_too_short_or_broken_is_one_clear_error(tmp_path, kept):
    (tmp_path / "secret").write_text(kept, "utf-8")
    with pytest.raises(SetupError, match="secret"):
        read_secret(Settings(home=tmp_path))
    with pytest.raises(SetupError, match="AISLE_SECRET"):
        read_secret(Settings(home=tmp_path, secret="short"))


@pytest.mark.parametrize(
    "name",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
        "facebookexternalhit/1.1",
    ],
)
def test_crawlers_are_bots(name):
    assert is_bot(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mozilla/5.0 (Linux; Android 13; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:120.0) Gecko/20100101 Firefox/120.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile MicroMessenger/8.0.42",
        "python-httpx/0.28.1",
        "curl/8.1",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36",
    ],
)
def test_shoppers_and_programs_of_the_shop_are_none(name):
    assert not is_bot(name)
