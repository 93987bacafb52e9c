"""What every engine owes, asked of the real ones: llama.cpp, transformers in NF4, and an HTTP server.

AISLE_TEST_HOME (default ./var) holds the weights; they are fetched on the first run.
"""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from assistant.errors import ModelError, SetupError
from assistant.model import load_model
from assistant.model.weights import QWEN_CODER
from assistant.settings import Settings
from tests.model.real import HOME, SCHEMA, many_tokens

pytestmark = pytest.mark.real

KEY = "contract-test"
PATIENCE = {"stall_timeout_s": 120, "deadline_s": 240}
COUNT = "Write the numbers from 1 to 30, separated by commas, and nothing else."


@pytest.fixture(scope="module", params=["packaged", "packaged-nf4", "server"])
def model(request):
    if request.param == "server":
        yield from _served()
        return
    model = load_model(Settings(home=HOME, model=request.param, chats=2), progress=print)
    yield model
    model.close()


def _served():
    load_model(Settings(home=HOME, model="packaged", chats=1), progress=print).close()
    script = Path(__file__).with_name("openai_server.py")
    command = [sys.executable, str(script), str(HOME / "models" / QWEN_CODER.file), KEY]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        address = process.stdout.readline().strip()
        yield load_model(Settings(home=HOME, model=f"openai:qwen@{address}/v1", model_key=KEY))
    finally:
        process.stdin.close()
        process.wait(timeout=30)


def shown(stream):
    return [chunk.text for chunk in stream if chunk.text]


CLOSED_AT_ONCE = """
import sys; from pathlib import Path; from assistant.model import load_model; from assistant.settings import Settings
for _ in range(3): load_model(Settings(home=Path(sys.argv[1]), model="packaged", chats=1)).close()
"""


def test_a_model_that_nobody_has_asked_can_be_closed():
    subprocess.run([sys.executable, "-c", CLOSED_AT_ONCE, str(HOME)], check=True, timeout=180)


def test_the_answer_comes_in_pieces_and_is_the_same_as_invoked(model):
    many_tokens(model.identity.quantisation)
    pieces = shown(model.stream(COUNT, max_tokens=24, **PATIENCE))
    assert len(pieces) > 3
    assert "".join(pieces) == model.invoke(COUNT, max_tokens=24, **PATIENCE).text


def test_max_tokens_bounds_the_answer(model):
    assert len(shown(model.stream(COUNT, max_tokens=5, **PATIENCE))) <= 5


def test_nothing_is_shown_from_the_stop_string_on(model):
    many_tokens(model.identity.quantisation)
    text = model.invoke(COUNT, max_tokens=40, stop=["5"], **PATIENCE).text
    assert "4" in text
    assert "5" not in text


def test_a_closed_stream_frees_the_engine_for_the_next_call(model):
    for _ in range(4):
        stream = model.stream("Tell a very long story.", max_tokens=1500, **PATIENCE)
        next(stream)
        stream.close()
    assert model.invoke("Say yes.", max_tokens=4, **PATIENCE).text


def test_a_cancelled_call_is_left_before_its_first_token(model):
    cancelled = threading.Event()
    threading.Timer(0.3, cancelled.set).start()
    prompt = "Summarise: " + "the lamp is on the table and " * 150
    assert model.invoke(prompt, max_tokens=200, cancelled=cancelled, **PATIENCE).text == ""
    assert model.invoke("Say yes.", max_tokens=4, **PATIENCE).text


@pytest.mark.parametrize("wish", ["I want a kettle for at most 60 dollars.", "我想买一个水壶，最多60元。"])
def test_a_schema_gives_valid_json_in_both_languages(model, wish):
    answer = model.invoke([("system", "Extract the wish as JSON."), ("user", wish)], schema=SCHEMA, **PATIENCE)
    need = json.loads(answer.text)
    assert need.keys() == {"product", "max_price"}
    assert need["max_price"] == 60


def test_no_chinese_character_is_broken(model):
    many_tokens(model.identity.quantisation)
    pieces = shown(model.stream("用中文介绍一下电热水壶的用途，并用一个表情符号结尾。", max_tokens=48, **PATIENCE))
    assert any("\u4e00" <= letter <= "\u9fff" for letter in "".join(pieces))
    assert not any("\N{REPLACEMENT CHARACTER}" in piece for piece in pieces)


def test_two_calls_at_once_both_finish_and_take_turns(model):
    many_tokens(model.identity.quantisation)
    order = []

    def ask(name):
        for piece in shown_live(model.stream(f"{name}: {COUNT}", max_tokens=32, **PATIENCE)):
            order.append((name, piece))

    calls = [threading.Thread(target=ask, args=(name,)) for name in ("first", "second")]
    for call in calls:
        call.start()
    for call in calls:
        call.join(240)
    names = [name for name, _ in order]
    assert set(names) == {"first", "second"}
    assert names != sorted(names) and names != sorted(names, reverse=True)


def shown_live(stream):
    return (chunk.text for chunk in stream if chunk.text)


def test_a_warmed_system_text_changes_no_answer(model):
    many_tokens(model.identity.quantisation)
    prompt = [("system", "You work in a shop for lamps. Answer briefly."), ("user", "What do you sell?")]
    cold = model.invoke(prompt, max_tokens=16, **PATIENCE).text
    model.warm([prompt[0][1]])
    assert model.invoke(prompt, max_tokens=16, **PATIENCE).text == cold


def test_a_prompt_too_long_is_a_model_error(model):
    with pytest.raises(ModelError, match="(?i)token|context|size"):
        model.invoke("lamp " * 40_000, **PATIENCE)


def test_a_server_that_is_not_there_is_a_model_error_that_names_it():
    model = load_model(Settings(home=HOME, model="openai:qwen@http://127.0.0.1:9/v1"))
    started = time.monotonic()
    with pytest.raises(ModelError, match=r"127\.0\.0\.1:9/v1 did not answer"):
        model.invoke("hi")
    assert time.monotonic() - started < 60


def test_a_server_refuses_the_wrong_key(model):
    if model.identity.quantisation != "server":
        pytest.skip("only a server has a key")
    stranger = load_model(Settings(home=HOME, model=f"openai:qwen@http://{model.identity.revision}", model_key="wrong"))
    with pytest.raises(ModelError, match="(?i)key"):
        stranger.invoke("hi")


def test_a_file_that_is_no_model_is_a_setup_error(tmp_path):
    (tmp_path / "a.gguf").write_bytes(b"nothing")
    with pytest.raises(SetupError, match="cannot be loaded"):
        load_model(Settings(home=HOME, model=str(tmp_path / "a.gguf")))


def test_what_is_read_beforehand_or_together_changes_no_token(model):
    many_tokens(model.identity.quantisation)
    system = "You work in a shop for lamps. Answer in one short sentence, in the words of the question."
    asked = ("Do you have a lamp of oak?", "Is there a lamp that takes an E27 bulb?", "Which lamp is 42 cm high?")
    prompts = [[("system", system), ("user", question)] for question in asked]
    alone = [model.invoke(prompt, max_tokens=24, **PATIENCE).text for prompt in prompts]
    model.warm([system])
    assert [model.invoke(prompt, max_tokens=24, **PATIENCE).text for prompt in prompts] == alone
    together = [""] * len(prompts)

    def ask(n):
        together[n] = model.invoke(prompts[n], max_tokens=24, **PATIENCE).text

    calls = [threading.Thread(target=ask, args=(n,)) for n in range(len(prompts))]
    for call in calls:
        call.start()
    for call in calls:
        call.join(240)
    assert together == alone


@pytest.mark.gpu
def test_on_a_gpu_the_weights_and_what_chats_hold_are_there(model):
    if model.identity.quantisation != "nf4":
        pytest.skip("only the transformers engine runs on a GPU here")
    import torch

    if not torch.cuda.is_available():
        pytest.skip("there is no GPU")
    before = torch.cuda.memory_allocated()
    assert before > 1_000_000_000
    text = model.invoke(COUNT, max_tokens=40, **PATIENCE).text
    assert text.startswith("1, 2, 3")
    for _ in range(20):
        assert model.invoke(COUNT, max_tokens=40, **PATIENCE).text == text
    assert torch.cuda.memory_allocated() - before < 500_000_000
