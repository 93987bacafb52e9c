"""The composition root: what it says when it cannot start, and what it builds."""

import gc
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest

import app
from assistant.errors import SetupError
from assistant.model import ModelIdentity
from assistant.parts import DEMO, assemble, make_trials, open_shop, watch
from assistant.sense import Sensed
from assistant.settings import Settings
from assistant.types import Utterance
from catalog import CatalogError, load_policies
from tests.fakes import WordEmbedder, honest, scripted


@pytest.fixture
def home(monkeypatch, tmp_path):
    """An AISLE_HOME of its own and no other setting."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"AISLE_{name.upper()}", raising=False)
    monkeypatch.setenv("AISLE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def words(monkeypatch):
    """The embedder of words in the place of the packaged one, and no sense of acts, which would be learnt for it."""
    monkeypatch.setattr("catalog.load_embedder", lambda name: WordEmbedder())
    unsure = SimpleNamespace(of=lambda message: Sensed("none", 0.0, "none", 0.0), likelihood=lambda message, act: 0.0)
    monkeypatch.setattr("assistant.sense.load_sense", lambda *about: unsure)


def one_line(capsys):
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    return line


def test_a_port_that_is_taken_is_one_line_with_the_way_out(home, monkeypatch, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("AISLE_PORT", str(port))
        assert app.main([]) == 1
    line = one_line(capsys)
    assert line.startswith(f"aisle: cannot listen on 127.0.0.1:{port}")
    assert "AISLE_PORT" in line


def test_a_home_that_cannot_be_made_is_one_line(home, monkeypatch, capsys, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("AISLE_HOME", str(tmp_path / "file" / "home"))
    monkeypatch.setenv("AISLE_PORT", str(free_port()))
    assert app.main([]) == 1
    line = one_line(capsys)
    assert line.startswith("aisle: cannot write to AISLE_HOME=")


def test_a_full_disk_is_one_line(home, monkeypatch, capsys):
    monkeypatch.setenv("AISLE_PORT", str(free_port()))
    usage = type("Usage", (), {"free": 5_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage)
    assert app.main([]) == 1
    assert one_line(capsys).startswith("aisle: only 5 MB free at ")


@pytest.mark.parametrize(("name", "value"), [("AISLE_PORT", "many"), ("AISLE_PORT", "0"), ("AISLE_ACCENT", "green")])
def test_a_setting_that_makes_no_sense_is_one_line_that_names_it(home, monkeypatch, capsys, name, value):
    monkeypatch.setenv(name, value)
    assert app.main([]) == 1
    line = one_line(capsys)
    assert line.startswith("aisle: ")
    assert name in line


def test_help_lists_every_setting_with_its_default(capsys):
    with pytest.raises(SystemExit) as ended:
        app.main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    for name, field in Settings.model_fields.items():
        (line,) = [line for line in text.splitlines() if line.split()[:1] == [f"AISLE_{name.upper()}"]]
        assert field.description in line
        assert f"[{field.get_default()}]" in line


def test_importing_the_app_loads_nothing_heavy():
    code = "import app, sys; print([m for m in ('torch', 'chromadb', 'gradio', 'transformers') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=DEMO.parents[1])
    assert found.stdout.strip() == "[]"


@pytest.mark.real
def test_the_first_start_brings_the_demo_shop_in_and_copies_its_policies_for_the_owner_to_edit(home, words, capsys):
    parts = assemble(Settings(home=home), scripted(honest))
    assert len(parts.catalog) > 100
    assert load_policies(home / "policies") == load_policies(DEMO / "policies") == parts.catalog.policies
    assert "bringing in the demo shop" in capsys.readouterr().out
    parts.record.close()
    del parts
    gc.collect()  # the first process ends here: it lets go of the index

    (home / "policies" / "returns.en.md").write_text("## Returns\n\nNever.\n")
    again = assemble(Settings(home=home), scripted(honest))
    assert "demo shop" not in capsys.readouterr().out
    assert "Never." in [policy.text for policy in again.catalog.policies]
    turn = [*again.assistant.reply(Utterance("a desk lamp under $80, not plastic"))][-1].turn
    assert turn.slate.items and turn.failure is None
    assert turn.versions.model == "scripted@1"
    again.record.close()


@pytest.mark.real
def test_a_policy_that_is_written_anew_is_answered_from_by_itself_and_after_the_next_import(home, words):
    parts = assemble(Settings(home=home), scripted(honest))
    renewed = []
    watching = watch(parts, lambda assistant, catalog: renewed.append(catalog))
    watching.stop()
    watching.join(10)
    assert not watching.look()
    faq = home / "policies" / "faq.en.md"
    faq.write_text(faq.read_text() + "\n## Do you engrave names?\n\nWe engrave glass.\n")
    assert watching.look()
    assert not watching.look()
    assert renewed[0].policies == load_policies(home / "policies") == parts.shelf.catalog.policies
    assert renewed[0].rules("do you engrave names", "en")[0].policy.text == "We engrave glass."
    assert parts.stock.reopen().policies == renewed[0].policies
    faq.write_bytes(b"## \xff")
    with pytest.raises(CatalogError, match="faq.en.md cannot be read"):
        watching.look()
    assert not watching.look()
    assert parts.shelf.catalog.policies == renewed[0].policies
    parts.record.close()


@pytest.mark.real
def test_policies_of_the_owners_own_folder_are_read_there_and_nothing_is_copied(home, words, tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "returns.en.md").write_text("## Returns\n\nWithin a year.\n")
    catalog = open_shop(Settings(home=home, policies=tmp_path / "rules")).catalog
    assert [policy.text for policy in catalog.policies] == ["Within a year."]
    assert not (home / "policies").exists()


@pytest.mark.real
def test_without_a_model_given_the_settings_one_is_loaded_and_warmed(home, words, monkeypatch):
    model = scripted(honest)
    monkeypatch.setattr("assistant.model.load_model", lambda settings, progress: model)
    parts = assemble(Settings(home=home))
    assert parts.model is model
    assert len(model.engine.warmed) == 4
    parts.record.close()


@pytest.mark.real
def test_a_model_to_be_tried_is_loaded_beside_the_usual_one_and_is_another(home, words, monkeypatch):
    def load(settings, progress):
        model = scripted(honest)
        model.engine.identity = ModelIdentity(settings.model, "q4", "1")
        return model

    monkeypatch.setattr("assistant.model.load_model", load)
    parts = assemble(Settings(home=home, model="small", trial_model="large"))
    assert parts.lab.ledger.choices()["model"] == ("usual", "large")
    parts.record.close()
    with pytest.raises(SetupError, match="AISLE_TRIAL_MODEL: small"):
        make_trials(Settings(home=home, trial_model="small"), "small@1")


@pytest.mark.parametrize("setting", ["AISLE_CATALOG_URL", "AISLE_RECORD_URL"])
@pytest.mark.parametrize("url", ["postgresql+psycopg://nobody@127.0.0.1:9/none", "nonsense"])
def test_a_database_that_cannot_be_opened_is_one_line(home, words, monkeypatch, capsys, setting, url):
    monkeypatch.setenv("AISLE_PORT", str(free_port()))
    monkeypatch.setenv(setting, url)
    monkeypatch.setattr("assistant.model.load_model", lambda *_, **__: pytest.fail("went on"))
    assert app.main([]) == 1
    line = one_line(capsys)
    assert line.startswith("aisle: ")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
