"""The assistant's errors: each message names what is wrong and the way out."""


class AssistantError(Exception):
    """Base of all errors of this package."""


class ModelError(AssistantError):
    """The language model cannot be loaded or did not answer."""


class ModelStalled(ModelError):
    """No token, or no whole answer, came within the time allowed."""


class ServerAway(ModelError):
    """A model server did not answer or has no room; another may. `retry_after_s` is how long it asked to be left."""

    def __init__(self, message: str, retry_after_s: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Busy(AssistantError):
    """Too many turns are under way; `retry_after_s` says when to come back."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"the assistant is busy: try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class UnknownId(AssistantError):
    """A session, turn or product that does not exist was named."""

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(f"no such {kind}: {id!r}")
        self.kind = kind


class NotAllowed(AssistantError):
    """Somebody of the shop asked for what their role, or whose ticket it is, does not allow."""


class Conflict(AssistantError):
    """What was to be changed has been changed by somebody else meanwhile."""


class SetupError(AssistantError):
    """The machine or the settings cannot serve: a port, disk space, memory or a package is missing."""
