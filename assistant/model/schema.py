"""JSON that satisfies a schema, from engines that enforce it and from engines that can only be asked to.

Knows no engine: it is given one way to generate.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from assistant.errors import ModelError
from assistant.model.request import GenerationRequest, Message, Usage

Generate = Callable[[Sequence[Message], GenerationRequest], Iterator[str]]

_FENCE = re.compile(r"```(?:json)?\s*(.*?)\s*```", re.DOTALL)


def answer_in_schema(
    generate: Generate, messages: Sequence[Message], request: GenerationRequest, *, constrains: bool
) -> str:
    """Return JSON text that satisfies `request.schema`; an unconstrained engine is asked once more if it fails.

    `request.usage` counts both answers. Raises ModelError when there is still no valid JSON.
    """
    schema = request.schema or {}
    if constrains:
        return _checked("".join(generate(messages, request)), schema)
    asked = _with_instruction(messages, schema)
    text = "".join(generate(asked, request))
    try:
        return _checked(text, schema)
    except ModelError as error:
        if request.cancelled.is_set():
            raise
        wrong = Message("user", f"{error}. Answer again with nothing but the corrected JSON.")
        again = replace(request, usage=Usage())
        try:
            return _checked("".join(generate([*asked, Message("assistant", text), wrong], again)), schema)
        finally:
            request.usage.add(again.usage)


def _with_instruction(messages: Sequence[Message], schema: dict[str, Any]) -> list[Message]:
    rule = "Answer with nothing but JSON that satisfies this JSON schema:\n" + json.dumps(schema, ensure_ascii=False)
    last = messages[-1]
    return [*messages[:-1], replace(last, content=f"{last.content}\n\n{rule}")]


def _checked(text: str, schema: dict[str, Any]) -> str:
    import jsonschema

    fenced = _FENCE.search(text)
    candidate = (fenced.group(1) if fenced else text).strip()
    try:
        jsonschema.validate(json.loads(candidate), schema)
    except json.JSONDecodeError as error:
        raise ModelError(f"the answer is not JSON: {error}") from error
    except jsonschema.ValidationError as error:
        raise ModelError(f"the answer does not satisfy the schema: {error.message}") from error
    return candidate
