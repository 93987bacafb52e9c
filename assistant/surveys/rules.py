"""Reads `survey.yaml` into forms and the rules of when they are shown; every fault is named with its key, all at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from assistant.errors import SetupError
from assistant.settings import Settings
from assistant.surveys.form import SCALES, Form, Scale, Subject, Words
from catalog import Locale

PACKAGED = Path(__file__).parent / "survey.yaml"
Trigger = Literal["resolved", "cart", "closed", "idle", "turns", "manual"]
_MOST_ANSWERS = 11  # buttons of 44 px that a phone shows in two rows
_LOCALES: tuple[Locale, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Rules:
    """What is asked and when. `idle` and `turns` are None where that is no moment to ask; without `agent` people of
    the shop are not rated apart. `variants` are other wordings of `form`, by name.
    """

    form: Form
    agent: Form | None
    variants: Mapping[str, Form] = field(default_factory=dict)
    resolved: bool = True
    cart: bool = True
    closed: bool = True
    idle: timedelta | None = None
    turns: int | None = None
    minimum_turns: int = 1
    again_after: timedelta = timedelta(days=30)
    link_holds: timedelta = timedelta(days=30)

    def form_of(self, subject: Subject, arm: str | None) -> Form:
        """The form for whom is rated; in an experiment's arm that has a wording of its own that one."""
        if subject == "agent":
            return self.agent or self.form
        return self.variants.get(arm or "", self.form)


def rules_file(settings: Settings) -> Path:
    """The file that the settings name, else that beside the shop's policies, else the packaged one."""
    beside = (settings.policies or settings.home / "policies") / PACKAGED.name
    return settings.survey or (beside if beside.exists() else PACKAGED)


def load_rules(file: Path) -> Rules:
    """The rules of a file; SetupError has one line a fault."""
    import yaml

    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"the survey {file} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise SetupError(f"the survey {file} is no YAML: {' '.join(str(error).split())}") from error
    try:
        return read_rules(raw)
    except ValueError as error:
        raise SetupError(f"the survey {file} cannot be used:\n{error}") from error


def read_rules(raw: object) -> Rules:
    """Rules from what YAML gives; ValueError has one line a fault, each with its key."""
    if not isinstance(raw, Mapping):
        raise ValueError("  the file holds no keys")
    try:
        read = _Survey.model_validate(raw)
    except ValidationError as error:
        raise ValueError("\n".join(dict.fromkeys(_faults(error.errors())))) from error
    if faults := list(_contradictions(read)):
        raise ValueError("\n".join(faults))
    return read.made()


def _faults(errors: Sequence[Any]) -> Iterator[str]:
    for error in errors:
        place = [str(part) for part in error["loc"] if str(part).isidentifier() or isinstance(part, int)]
        key = ".".join(one for one in place if not one.startswith(("_", "function"))) or "file"
        reason = str(error["msg"]).removeprefix("Value error, ")
        if error["type"] == "extra_forbidden":
            reason = "no such key"
        given = f" (found {error['input']!r})" if error["type"] not in ("missing", "value_error") else ""
        yield f"  {key}: {reason}{given}"


def _off(value: object) -> object:
    """Nothing for what is switched off."""
    return None if value is False else value


def _number(value: object) -> object:
    """Nothing for off; a number has to be named for what is on."""
    if value is True:
        raise ValueError("name a number, or off")
    return _off(value)


def _scale(value: object) -> Scale:
    if isinstance(value, str) and value in SCALES:
        return SCALES[value]
    if not isinstance(value, Mapping) or set(value) != {"min", "max"}:
        raise ValueError(f"{value!r} is none of stars, csat, nps and {{min: 1, max: 7}}")
    low, high = value["min"], value["max"]
    if type(low) is not int or type(high) is not int or not 0 <= low < high <= 100:
        raise ValueError(f"{value!r} is no scale of whole numbers from 0 to 100, the smaller one first")
    if high - low >= _MOST_ANSWERS:
        raise ValueError(f"{value!r} has more than {_MOST_ANSWERS} answers to choose from")
    return Scale("own", low, high)


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
_Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
_Scale = Annotated[Scale, BeforeValidator(_scale)]
_Count = Annotated[int, Field(ge=1, le=10_000, strict=True)]


class _Read(BaseModel):
    """One level of the file: no key but those named."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class _Words(_Read):
    en: _Text
    zh: _Text

    def made(self) -> Words:
        return Words(self.en, self.zh)


class _Labels(_Read):
    en: list[_Label]
    zh: list[_Label]

    def made(self) -> tuple[Words, ...]:
        return tuple(Words(en, zh) for en, zh in zip(self.en, self.zh, strict=True))


_Comment = Annotated[_Words | None, BeforeValidator(_off)]


class _Form(_Read):
    """A form; of a variant only what it changes is set."""

    scale: _Scale | None = None
    labels: _Labels | None = None
    question: _Words | None = None
    comment: _Comment = None
    thanks: _Words | None = None

    def over(self, base: Form, subject: Subject, variant: str = "") -> Form:
        """The form that this comes to; what it does not say is that of another."""
        scale = self.scale or base.scale
        labels = self.labels.made() if self.labels else () if self.scale else base.scale.labels
        comment = base.comment
        if "comment" in self.model_fields_set:
            comment = self.comment.made() if self.comment else None
        return Form(
            subject,
            variant,
            Scale(scale.kind, scale.low, scale.high, labels),
            self.question.made() if self.question else base.question,
            comment,
            self.thanks.made() if self.thanks else base.thanks,
        )


class _Agent(_Form):
    question: _Words


class _When(_Read):
    resolved: Annotated[bool, Field(strict=True)] = True
    cart: Annotated[bool, Field(strict=True)] = True
    closed: Annotated[bool, Field(strict=True)] = True
    idle_minutes: Annotated[float | None, BeforeValidator(_number), Field(gt=0, le=1_440)] = None
    turns: Annotated[_Count | None, BeforeValidator(_number)] = None


class _Survey(_Form):
    scale: _Scale
    question: _Words
    thanks: _Words
    when: _When = _When()
    minimum_turns: _Count = 1
    again_after_days: Annotated[int, Field(ge=0, le=3_650, strict=True)] = 30
    link_days: Annotated[int, Field(ge=1, le=365, strict=True)] = 30
    agent: Annotated[_Agent | None, BeforeValidator(_off)] = None
    variants: dict[Annotated[str, StringConstraints(pattern=r"^[\w-]{1,60}$")], _Form] = {}

    def made(self) -> Rules:
        bare = Form("assistant", "", self.scale, self.question.made(), None, self.thanks.made())
        form = self.over(bare, "assistant")
        return Rules(
            form,
            self.agent.over(form, "agent") if self.agent else None,
            {name: one.over(form, "assistant", name) for name, one in self.variants.items()},
            self.when.resolved,
            self.when.cart,
            self.when.closed,
            timedelta(minutes=self.when.idle_minutes) if self.when.idle_minutes else None,
            self.when.turns,
            self.minimum_turns,
            timedelta(days=self.again_after_days),
            timedelta(days=self.link_days),
        )


def _contradictions(read: _Survey) -> Iterator[str]:
    """What is wrong between keys that are right by themselves."""
    forms: dict[str, _Form] = {"": read} | {f"variants.{name}.": one for name, one in read.variants.items()}
    if read.agent:
        forms["agent."] = read.agent
    for place, form in forms.items():
        scale, labels = form.scale or read.scale, form.labels
        if labels is None:
            continue
        many = scale.high - scale.low + 1
        for locale in _LOCALES:
            n = len(getattr(labels, locale))
            if n not in (2, many):
                yield f"  {place}labels.{locale}: has {n} labels, and should have 2 for the ends or {many} for all"
        if len(labels.en) != len(labels.zh):
            yield f"  {place}labels: has as many in one language as in the other"
    for place, form in forms.items():
        named = form.question and "{name}" in form.question.en + form.question.zh
        if named and place != "agent.":
            yield f"  {place}question: {{name}} is an agent's, whom only the question under agent is about"
