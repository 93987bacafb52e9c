"""The pool against a real server, `transformers serve` on the packaged model in NF4, to its end and beyond.

AISLE_TEST_HOME (default ./var) holds the weights, where the contract test leaves them.
"""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.model import load_model
from assistant.model.weights import QWEN_CODER
from assistant.settings import Settings
from tests.model.real import HOME, SCHEMA, many_tokens

pytestmark = pytest.mark.real

FOLDER = HOME / "models" / QWEN_CODER.file.replace(".gguf", "-nf4")
COMMAND = Path(sys.executable).with_name("transformers")
NOBODY = "http://127.0.0.1:9/v1"
PATIENCE = {"stall_timeout_s": 240, "deadline_s": 480}


@pytest.fixture(scope="module")
def server():
    """The process and its URL, once it has loaded the model."""
    many_tokens()
    if not FOLDER.is_dir() or not COMMAND.is_file():
        pytest.skip(f"{FOLDER} or {COMMAND} is missing: the contract test with packaged-nf4 makes the folder")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    quiet = os.environ | {"HF_HUB_OFFLINE": "1"}
    command = [str(COMMAND), "serve", str(FOLDER), "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}/v1"
        _wait_until(lambda: process.poll() is not None or _listens(port), 300)
        assert process.poll() is None, "transformers serve ended before it listened"
        yield process, url
    finally:
        process.kill()
        process.wait()


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait_until(true, seconds):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"nothing within {seconds} s"
        time.sleep(0.2)


def pool(*urls, **settings):
    return closing(load_model(Settings(home=HOME, model=f"openai:{FOLDER}@{','.join(urls)}", chats=1, **settings)))


def test_the_answer_comes_in_pieces_and_the_server_counts_tokens(server):
    with pool(server[1]) as model:
        ended = []
        stream = model.stream(
            "Count from 1 to 9, separated by commas.", max_tokens=24, measured=ended.append, **PATIENCE
        )
        pieces = [chunk.text for chunk in stream if chunk.text]
        assert len(pieces) > 3
        assert "1" in "".join(pieces)
        assert ended[0].usage.prompt_tokens > 10
        assert 3 < ended[0].usage.output_tokens <= 24


def test_a_server_that_is_not_there_is_passed_over_for_the_one_that_is(server):
    with pool(NOBODY, server[1]) as model:
        ended = []
        assert model.invoke("Say yes.", max_tokens=4, measured=ended.append, **PATIENCE).text
        assert ended[-1].usage.answered_by.revision == server[1].split("/")[2]


@pytest.mark.parametrize("wish", ["I want a kettle for at most 60 dollars.", "我想买一个水壶，最多60元。"])
def test_json_is_right_though_the_server_ignores_schemas(server, wish):
    with pool(server[1]) as model:
        answer = model.invoke([("system", "Extract the wish as JSON."), ("user", wish)], schema=SCHEMA, **PATIENCE)
        assert json.loads(answer.text)["max_price"] == 60


def test_a_closed_stream_frees_the_server_for_the_next_call(server):
    with pool(server[1]) as model:
        stream = model.stream("Tell a very long story.", max_tokens=1500, **PATIENCE)
        next(stream)
        stream.close()
        assert model.invoke("Say yes.", max_tokens=4, **PATIENCE).text


def test_when_the_server_is_killed_the_packaged_model_answers_in_its_place(server):
    process, url = server
    with pool(url, fallback_model="packaged") as model, pool(url) as alone:
        _wait_until(lambda: model.engine._fallback.engine is not None, 600)
        ended = []
        model.invoke("Say yes.", max_tokens=4, measured=ended.append, **PATIENCE)
        assert ended[-1].usage.answered_by.quantisation == "server"
        process.kill()
        process.wait()
        assert model.invoke("Say yes.", max_tokens=4, measured=ended.append, **PATIENCE).text
        assert ended[-1].usage.answered_by.quantisation == "q4_k_m"
        with pytest.raises(ModelError, match=f"no model can be asked: .*{url} did not answer"):
            alone.invoke("Say yes.", **PATIENCE)
