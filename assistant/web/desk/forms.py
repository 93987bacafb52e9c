"""What may be sent to the desk's routes. Every text has its length, and no field that is not asked for is taken."""

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from assistant.record.agents import PASSWORD_CHARS, Role
from assistant.record.desk.types import CloseReason
from assistant.service import Address, Deed, Swap
from assistant.service.types import DeedKind
from assistant.web.wire import Email, Id, Language
from catalog import minor_units

TEXT_CHARS = 8000


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not hold NUL characters")
    return text


_NO_NUL = AfterValidator(_no_nul)
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_CHARS), _NO_NUL]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_CHARS), _NO_NUL]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), _NO_NUL]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), _NO_NUL]
Password = Annotated[str, StringConstraints(min_length=1, max_length=200), _NO_NUL]
NewPassword = Annotated[str, StringConstraints(min_length=PASSWORD_CHARS, max_length=200), _NO_NUL]
Key = Annotated[str, StringConstraints(min_length=8, max_length=100), _NO_NUL]
Seen = Annotated[int, Field(ge=0, le=2**53)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="ignore")


class SignInForm(_Form):
    """Who wants in."""

    email: Annotated[str, StringConstraints(min_length=1, max_length=254), _NO_NUL]
    password: Password


class AgentForm(_Form):
    """Somebody who is to work at the desk."""

    name: Name
    email: Email
    password: NewPassword
    role: Role = "agent"
    locale: Language = "en"


class SetUpForm(AgentForm):
    """The first owner, with the key that the start of the shop printed."""

    key: Annotated[str, StringConstraints(max_length=200)]


class AgentChangeForm(_Form):
    """What changes of an agent."""

    active: bool | None = None
    role: Role | None = None
    password: NewPassword | None = None


class VersionForm(_Form):
    """The version of the ticket that a change was decided on."""

    version: int


class GiveForm(VersionForm):
    """Whom a ticket is given to."""

    agent_id: Id
    note: Note = ""


class SnoozeForm(VersionForm):
    """Until when a ticket is put away."""

    until: AwareDatetime


class CloseForm(VersionForm):
    """Why a ticket is over."""

    reason: CloseReason
    note: Note = ""


class MessageForm(_Form):
    """Words to the shopper; `seen` is the last event that their writer has seen."""

    text: Words
    key: Key
    seen: Seen = 0
    anyway: bool = False


class NoteForm(_Form):
    """Words for people of the shop only."""

    text: Words
    key: Key


class SeenForm(_Form):
    """Up to which event an agent has looked."""

    event_id: Seen


class DraftForm(_Form):
    """What became of a draft, and the words that were sent instead of it."""

    id: Id
    outcome: Literal["accepted", "edited", "discarded"]
    text: Note = ""


class TranslateForm(_Form):
    """Words to be said in another language."""

    text: Words
    to: Language


class MacroForm(_Form):
    """One text that is at hand."""

    name: Name
    text: Annotated[Words, StringConstraints(max_length=4000)]


class MacrosForm(_Form):
    """All texts that are at hand."""

    macros: Annotated[list[MacroForm], Field(max_length=200)]


class EntryForm(_Form):
    """A question with its answer, as it is to stand in the FAQ."""

    question: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"[^\W_]"), _NO_NUL]
    answer: Annotated[Words, StringConstraints(max_length=4000)]


class SwapForm(_Form):
    """Another item for a line of an order."""

    line: int
    item_id: Id


class AddressForm(_Form):
    """Where goods go."""

    line1: Annotated[Line, StringConstraints(min_length=1)]
    line2: Line = ""
    city: Line = ""
    region: Line = ""
    country: Line = ""
    postcode: Line = ""


class DeedForm(_Form):
    """What is to be done to an order or a customer; an amount is in whole units of the order's currency."""

    kind: DeedKind
    order_id: Id | None = None
    lines: Annotated[list[int], Field(max_length=100)] = []
    swaps: Annotated[list[SwapForm], Field(max_length=100)] = []
    method_id: Id | None = None
    amount: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)] | None = None
    reason: Line = ""
    address: AddressForm | None = None
    unopened: bool | None = None

    def deed(self, currency: str) -> Deed:
        """The deed that is asked for."""
        amount = None if self.amount is None else round(self.amount * minor_units(currency))
        swaps = tuple(Swap(one.line, one.item_id) for one in self.swaps)
        address = Address(**self.address.model_dump()) if self.address else None
        return Deed(
            self.kind, self.order_id, tuple(self.lines), swaps, self.method_id, address, amount, self.reason,
            self.unopened,
        )  # fmt: skip


class DeclineForm(_Form):
    """Why something is not to be done."""

    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), _NO_NUL]
