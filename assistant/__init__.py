"""Aisle's assistant: a conversation held to a catalogue. What other packages may use of it is named here."""

from assistant.errors import AssistantError, Busy, ModelError, ModelStalled, SetupError, UnknownId
from assistant.settings import Settings
from assistant.types import (
    Claim,
    DoneEvent,
    Event,
    Evidence,
    Need,
    NeedEvent,
    QueuedEvent,
    Reply,
    SentenceEvent,
    Slate,
    SlateEvent,
    SlateItem,
    Turn,
    Utterance,
)

__all__ = [
    "AssistantError",
    "Busy",
    "Claim",
    "DoneEvent",
    "Event",
    "Evidence",
    "ModelError",
    "ModelStalled",
    "Need",
    "NeedEvent",
    "QueuedEvent",
    "Reply",
    "SentenceEvent",
    "SetupError",
    "Settings",
    "Slate",
    "SlateEvent",
    "SlateItem",
    "Turn",
    "UnknownId",
    "Utterance",
]
