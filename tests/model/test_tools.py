"""Tool calls through the one chat model, whatever engine writes them."""

import json

import jsonschema
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_core.utils.function_calling import convert_to_openai_tool

from assistant.errors import ModelError
from assistant.model.tools import call_schema


@tool
def weigh(product_id: str, unit: str = "kg") -> str:
    """The weight of a product."""
    return f"{product_id} 2 {unit}"


CALL = '{"tool": "weigh", "arguments": {"product_id": "p1", "unit": "kg"}}'
WORDS = '{"tool": "answer", "arguments": {"text": "Two kilos."}}'


def test_a_call_comes_back_as_a_tool_call_and_words_as_words(fake_model):
    model = fake_model([CALL[:20], CALL[20:]], [WORDS]).bind_tools([weigh])
    (call,) = model.invoke("how heavy?").tool_calls
    assert (call["name"], call["args"]) == ("weigh", {"product_id": "p1", "unit": "kg"})
    said = model.invoke("how heavy?")
    assert (said.text, said.tool_calls) == ("Two kilos.", [])


def test_the_engine_is_told_the_tools_and_what_came_of_them_in_its_own_roles(fake_model):
    model = fake_model([WORDS])
    called = AIMessage("", tool_calls=[{"name": "weigh", "args": {"product_id": "p1"}, "id": "1"}])
    told = [
        SystemMessage("Be kind."),
        HumanMessage("how heavy?"),
        called,
        ToolMessage("2 kg", name="weigh", tool_call_id="1"),
    ]
    model.bind_tools([weigh]).invoke(told)
    system, *rest = model.engine.asked[0]
    assert (
        system.content.startswith("Be kind.")
        and "weigh" in system.content
        and "The weight of a product." in system.content
    )
    assert [(one.role, one.content) for one in rest] == [
        ("user", "how heavy?"),
        ("assistant", '{"tool": "weigh", "arguments": {"product_id": "p1"}}'),
        ("user", "[weigh] 2 kg"),
    ]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (CALL, True),
        (WORDS, True),
        ('{"tool": "weigh", "arguments": {}}', False),
        ('{"tool": "delete", "arguments": {}}', False),
        ('{"tool": "weigh", "arguments": {"product_id": "p1", "unit": "kg", "more": 1}}', False),
    ],
)
def test_only_a_whole_call_of_a_tool_that_there_is_fits_the_schema(text, fits):
    schema = call_schema([convert_to_openai_tool(weigh)])
    assert jsonschema.Draft202012Validator(schema).is_valid(json.loads(text)) is fits


def test_an_engine_that_does_not_constrain_is_asked_once_more(fake_model):
    model = fake_model(["Two kilos."], [WORDS], constrains=False).bind_tools([weigh])
    assert model.invoke("how heavy?").text == "Two kilos."


def test_what_is_no_call_is_a_model_error(fake_model):
    with pytest.raises(ModelError):
        fake_model(["hm"], ["hm"], constrains=False).bind_tools([weigh]).invoke("how heavy?")


def test_with_tools_nothing_is_streamed(fake_model):
    (first, *_) = list(fake_model([CALL[:9], CALL[9:]]).bind_tools([weigh]).stream("how heavy?"))
    assert first.tool_calls[0]["name"] == "weigh"
