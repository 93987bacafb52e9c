import subprocess
import sys

import pytest

from assistant.errors import SetupError
from assistant.model import GPU_MODEL, choose, load_model
from assistant.model.llama import physical_cores
from assistant.model.memory import free_ram_bytes, require_memory
from assistant.model.server import named_servers
from assistant.settings import Settings


def test_auto_is_the_packaged_model_without_a_gpu_and_a_7b_with_one():
    assert choose("auto", gpu=False) == "packaged"
    assert choose("auto", gpu=True) == GPU_MODEL
    assert choose("some/model", gpu=True) == "some/model"


def test_choosing_and_importing_needs_no_torch():
    code = "import sys, assistant.model, assistant.model.nf4, assistant.model.llama; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("model", "line"),
    [
        ("/nowhere/model.gguf", "no GGUF file"),
        ("openai:missing-url", "openai:NAME@http"),
        ("openai:qwen@http://one:8000,two:8000", "openai:NAME@http"),
        ("openai:qwen@http://one:8000,", "openai:NAME@http"),
    ],
)
def test_a_model_that_cannot_be_is_a_setup_error(tmp_path, model, line):
    with pytest.raises(SetupError, match=line):
        load_model(Settings(home=tmp_path, model=model))


@pytest.mark.parametrize(
    ("model", "fallback", "line"),
    [
        ("packaged", "some/model", "AISLE_MODEL names none"),
        ("openai:qwen@http://gpu:8000", "openai:qwen@http://other:8000", "further servers go into AISLE_MODEL"),
    ],
)
def test_a_fallback_that_could_never_help_is_a_setup_error(tmp_path, model, fallback, line):
    with pytest.raises(SetupError, match=line):
        load_model(Settings(home=tmp_path, model=model, fallback_model=fallback))


def test_a_folder_that_is_no_checkpoint_is_a_setup_error(tmp_path):
    with pytest.raises(SetupError, match=r"config\.json"):
        load_model(Settings(home=tmp_path / "home", model=str(tmp_path)))


def test_a_server_is_named_with_its_address_and_v1_is_understood():
    (engine,) = named_servers("openai:qwen@7b@http://user:secret@gpu:8000", key="none")
    assert engine.url.endswith("gpu:8000/v1")
    assert str(engine.identity) == "qwen@7b@gpu:8000"


def test_several_servers_are_named_with_commas_and_one_named_twice_counts_once():
    engines = named_servers("openai:qwen@http://a:1/v1, https://b/llm/v1/,http://a:1/v1", key="none")
    assert [engine.url for engine in engines] == ["http://a:1/v1", "https://b/llm/v1"]


def test_memory_is_the_smaller_of_the_machine_and_its_container(tmp_path):
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 9 kB\nMemAvailable:    4 kB\n")
    assert free_ram_bytes(meminfo, tmp_path) == 4096
    (tmp_path / "memory.max").write_text("3000\n")
    (tmp_path / "memory.current").write_text("1000\n")
    assert free_ram_bytes(meminfo, tmp_path) == 2000
    (tmp_path / "memory.max").write_text("max\n")
    assert free_ram_bytes(meminfo, tmp_path) == 4096
    assert free_ram_bytes(tmp_path / "none", tmp_path) is None


def test_too_little_memory_is_said_in_one_line_with_a_way_out():
    require_memory(10, None, "it")
    require_memory(10, 10, "it")
    with pytest.raises(SetupError, match=r"it needs about 2\.0 GB of memory and 1\.0 GB are free.*AISLE_MODEL"):
        require_memory(2_000_000_000, 1_000_000_000, "it")


def test_two_threads_of_a_core_count_once(tmp_path, monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 1, 2}, raising=False)
    for cpu, siblings in ((0, "0,1"), (1, "0,1"), (2, "2")):
        folder = tmp_path / f"cpu{cpu}" / "topology"
        folder.mkdir(parents=True)
        (folder / "thread_siblings_list").write_text(siblings)
    assert physical_cores(tmp_path) == 2
