"""Tool calls as constrained JSON, for any engine: the tools stand in the system text, and the answer is one call or words.

Engines differ in how, and whether, they write tool calls of their own; JSON that satisfies a schema all of them can write.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from langchain_core.messages import AIMessage, BaseMessage, SystemMessage, ToolMessage

from assistant.errors import ModelError
from assistant.model.request import Message, Role

ANSWER = "answer"
"""What is called to answer in words."""
_ROLES: dict[str, Role] = {"system": "system", "human": "user", "ai": "assistant", "AIMessageChunk": "assistant"}
_INTRODUCTION = (
    'Use the tools. Write one JSON object and nothing else: {"tool": NAME, "arguments": {…}}. When nothing has to be looked up'
    f' or done, write {{"tool": "{ANSWER}", "arguments": {{"text": YOUR WORDS}}}}. The tools:'
)
_ANSWER_SCHEMA = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}

Tool = Mapping[str, Any]
"""A tool in OpenAI's form: {"function": {"name", "description", "parameters"}}."""


def prompt_of(messages: Sequence[BaseMessage], tools: Sequence[Tool] = ()) -> list[Message]:
    """The messages as an engine takes them, with the tools at the end of the system text."""
    found = [_message(message) for message in messages]
    if not tools:
        return found
    told = "\n".join([_INTRODUCTION, *map(_told, tools)])
    if found and isinstance(messages[0], SystemMessage):
        return [Message("system", f"{found[0].content}\n\n{told}"), *found[1:]]
    return [Message("system", told), *found]


def call_schema(tools: Sequence[Tool]) -> dict[str, Any]:
    """The JSON schema of one call of one of the tools, or of an answer in words."""
    forms = {tool["function"]["name"]: tool["function"].get("parameters") or {} for tool in tools}
    return {"anyOf": [_form(name, _closed(form)) for name, form in {**forms, ANSWER: _ANSWER_SCHEMA}.items()]}


def answer_of(text: str) -> AIMessage:
    """The message that JSON of `call_schema` is: words, or a call. Raises ModelError for anything else."""
    try:
        found = json.loads(text)
        name, arguments = str(found["tool"]), dict(found["arguments"])
        if name == ANSWER:
            return AIMessage(content=str(arguments["text"]))
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(f"the model's answer is no call: {text[:80]!r}") from error
    return AIMessage(content="", tool_calls=[{"name": name, "args": arguments, "id": uuid4().hex}])


def _message(message: BaseMessage) -> Message:
    if isinstance(message, ToolMessage):
        return Message("user", f"[{message.name}] {message.text}")
    if isinstance(message, AIMessage) and message.tool_calls:
        call = message.tool_calls[0]
        return Message("assistant", _json({"tool": call["name"], "arguments": call["args"]}))
    role = _ROLES.get(message.type)
    if role is None:
        raise ModelError(f"the model takes system, human, AI and tool messages, not {message.type!r}")
    return Message(role, message.text)


def _told(tool: Tool) -> str:
    function = tool["function"]
    fields = (function.get("parameters") or {}).get("properties", {})
    return f"- {function['name']}{_json(_plain(fields))}: {function.get('description', '')}"


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Each field by what may stand in it, without the grammar of schemas."""
    return {
        name: " | ".join(map(str, form["enum"])) if "enum" in form else _type(form) for name, form in fields.items()
    }


def _type(form: Mapping[str, Any]) -> Any:
    described = f" ({form['description']})" if "description" in form else ""
    if form.get("type") == "array":
        return [_type(form.get("items", {}))]
    if form.get("type") == "object":
        return _plain(form.get("properties", {}))
    return f"{form.get('type', 'value')}{described}"


def _form(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"tool": {"const": name}, "arguments": arguments},
        "required": ["tool", "arguments"],
        "additionalProperties": False,
    }


def _closed(form: Mapping[str, Any]) -> dict[str, Any]:
    """A schema of arguments in which every field has to be written and no other can be: small models leave out what matters."""
    fields = {name: _closed(field) for name, field in form.get("properties", {}).items()}
    found = {name: value for name, value in form.items() if name not in ("title", "default", "description")}
    if form.get("type") == "object" or fields or not form:
        found |= {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    if "items" in form:
        found["items"] = _closed(form["items"])
    return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
