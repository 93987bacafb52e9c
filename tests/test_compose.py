"""The compose file without a container: its parts name each other rightly, and its checks tell the well from the unwell."""

import re
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from sqlalchemy import make_url

from assistant.model import load_model
from assistant.model.server import named_servers
from assistant.settings import Settings
from tests.model.stand_in import StandIn

ROOT = Path(__file__).parents[1]
SECRETS = {"POSTGRES_PASSWORD": "p4ss", "VLLM_API_KEY": "k3y"}
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?:(?P<how>:?[-?])(?P<other>[^${}]*))?\}")


def filled(text, given):
    """The text with its variables put in as compose does it, innermost first; a required one that is missing raises."""
    while found := _VARIABLE.search(text):
        name, how, other = found["name"], found["how"] or "", found["other"] or ""
        value = given.get(name)
        absent = value is None or (how.startswith(":") and value == "")
        if absent and how.endswith("?"):
            raise KeyError(other)
        text = text[: found.start()] + (other if absent else value) + text[found.end() :]
    return text


def composed(**given):
    return yaml.safe_load(filled((ROOT / "compose.yaml").read_text(), SECRETS | given))


def aisle_settings(**given):
    """What Aisle is told, with the variables that are passed on only where they are set."""
    environment = composed(**given)["services"]["aisle"]["environment"] | {
        name: value for name, value in given.items() if name.startswith("AISLE_")
    }
    told = {name: value for name, value in environment.items() if value is not None}
    assert all(name.startswith("AISLE_") for name in environment)
    unknown = {name.removeprefix("AISLE_").lower() for name in environment} - Settings.model_fields.keys()
    assert unknown == set()
    return Settings(**{name.removeprefix("AISLE_").lower(): value for name, value in told.items()})


def port_of(service):
    """The port that a service's own health check asks."""
    return int(re.search(r"127\.0\.0\.1[:/](\d+)", " ".join(composed()["services"][service]["healthcheck"]["test"]))[1])


@pytest.fixture
def stand_in():
    server = StandIn(["yes"])
    yield server
    server.close()


def test_every_image_is_pinned_and_named_without_a_host():
    for service in composed()["services"].values():
        name, _, tag = service["image"].partition(":")
        assert re.search(r"\d+\.\d+", tag), service["image"]
        assert "." not in name.split("/")[0]
    (base,) = re.findall(r"^FROM (.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm", base)


def test_versions_are_those_of_the_project():
    services = composed()["services"]
    assert f"chromadb=={services['chroma']['image'].partition(':')[2]}\n" in (ROOT / "requirements.txt").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert services["aisle"]["image"] == f"aisle:{project['version']}"


def test_every_service_is_watched_kept_running_and_keeps_its_data():
    plan = composed()
    mounted = [volume.split(":")[0] for one in plan["services"].values() for volume in one["volumes"]]
    assert sorted(mounted) == sorted(plan["volumes"])
    for service in plan["services"].values():
        assert service["restart"] == "unless-stopped"
        assert {"test", "interval", "timeout", "retries", "start_period"} == service["healthcheck"].keys()
        assert set(service.get("depends_on", {})) <= plan["services"].keys()


def test_nothing_listens_beyond_the_machine():
    for service in composed()["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_every_address_that_aisle_is_given_is_a_service_at_the_port_it_listens_on():
    settings, services = aisle_settings(), composed()["services"]
    (vllm,) = named_servers(settings.model, key=settings.model_key)
    assert vllm.url == "http://vllm:8000/v1"
    assert "--port=8000" in services["vllm"]["command"]
    assert settings.chroma_url == f"http://chroma:{port_of('chroma')}"
    record, catalog = make_url(settings.record_url), make_url(settings.catalog_url)
    assert {(url.host, url.port) for url in (record, catalog)} == {("postgres", 5432)}
    postgres = services["postgres"]["environment"]
    assert {record.username, catalog.username} == {postgres["POSTGRES_USER"]}
    assert record.database == postgres["POSTGRES_DB"]
    (script,) = services["postgres"]["configs"]
    assert composed()["configs"][script["source"]]["content"] == f"CREATE DATABASE {catalog.database};"


def test_aisle_listens_where_its_port_is_published_and_its_image_says():
    image = (ROOT / "Dockerfile").read_text()
    port = port_of("aisle")
    assert composed()["services"]["aisle"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"AISLE_PORT={port}" in image
    assert f"EXPOSE {port}" in image
    home = re.search(r"AISLE_HOME=(\S+)", image)[1]
    assert composed()["services"]["aisle"]["volumes"] == [f"home:{home}"]


def test_the_image_holds_what_it_copies_and_nothing_else_is_sent():
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert {name for names in copied for name in names.split()} == sent
    assert all((ROOT / name).exists() for name in sent)


def test_the_model_that_is_asked_for_is_the_one_that_is_served():
    for given in ({}, {"MODEL": "some/other-AWQ"}):
        (engine,) = named_servers(aisle_settings(**given).model, key="k")
        assert composed(**given)["services"]["vllm"]["command"][0] == engine.identity.name


def test_the_owner_can_name_more_servers_another_fallback_or_none_and_the_shop():
    servers = "openai:qwen@http://vllm:8000/v1,http://10.0.0.12:8000/v1"
    settings = aisle_settings(AISLE_MODEL=servers, AISLE_SHOP_NAME="Lamps & Co", AISLE_CHATS="32")
    assert len(named_servers(settings.model, key="k")) == 2
    assert (settings.fallback_model, settings.shop_name, settings.chats) == ("packaged", "Lamps & Co", 32)
    assert aisle_settings(AISLE_FALLBACK_MODEL="").fallback_model == ""


def test_no_secret_is_written_down_and_none_may_be_missing():
    example = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert [example[name] for name in SECRETS] == ["", ""]
    assert ".env" in (ROOT / ".gitignore").read_text().split()
    for name in SECRETS:
        with pytest.raises(KeyError, match=f"set {name} in .env"):
            composed(**{name: ""})
    composed(**example | SECRETS)


def test_every_variable_of_the_example_is_used_by_the_file():
    example = re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    used = (ROOT / "compose.yaml").read_text()
    assert [name for name in example if not re.search(rf"\b{name}\b", used)] == []


def test_aisle_speaks_to_the_server_with_the_key_that_it_was_given(stand_in, tmp_path):
    told = aisle_settings(AISLE_FALLBACK_MODEL="")
    reached = told.model_copy(
        update={"home": tmp_path, "model": told.model.replace("http://vllm:8000/v1", stand_in.url)}
    )
    with closing(load_model(reached)) as model:
        assert model.invoke("hi").text == "yes"
    assert stand_in.keys == {f"Bearer {SECRETS['VLLM_API_KEY']}"}
    assert stand_in.bodies[0]["model"] == "Qwen/Qwen2.5-7B-Instruct-AWQ"


def passes(service, port):
    """Whether the service's health check is content with what listens on this port here."""
    kind, *command = composed()["services"][service]["healthcheck"]["test"]
    assert kind == "CMD"
    program = {"python": sys.executable, "python3": sys.executable}.get(command[0], command[0])
    here = [re.sub(r"(127\.0\.0\.1[:/])\d+", rf"\g<1>{port}", word) for word in command[1:]]
    return subprocess.run([program, *here], capture_output=True, timeout=30).returncode == 0


@pytest.mark.parametrize("service", ["vllm", "aisle", "chroma"])
def test_a_health_check_tells_the_well_from_the_unwell_and_from_nobody(service, stand_in):
    port = int(stand_in.url.split(":")[2].removesuffix("/v1"))
    assert passes(service, port)
    stand_in.healthy = False
    assert not passes(service, port)
    assert not passes(service, 9)
