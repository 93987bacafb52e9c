"""What a conversation went through, read from its turns: what can be gone back to, what was seen, what was asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.reading.steering import wants_undo
from assistant.types import Need, Question, Slate, Turn


@dataclass(frozen=True, slots=True)
class Step:
    """The need and the shelf after a turn that changed one of them."""

    need: Need = field(default_factory=Need)
    slate: Slate = field(default_factory=Slate)


@dataclass(frozen=True, slots=True)
class Trail:
    """`steps` end with how things stand. `seen` are the products shown for the present need, `asked` the fields that were
    asked about, `question` is what the last turn asked, and `variety` what its shelf was made with.
    """

    steps: tuple[Step, ...] = (Step(),)
    seen: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    question: Question | None = None
    variety: float | None = None

    def before(self) -> Step | None:
        """How things stood before the last change; None where nothing has changed yet."""
        return self.steps[-2] if len(self.steps) > 1 else None


def trail_of(history: Sequence[Turn]) -> Trail:
    """The trail of these turns, oldest first; a turn that went back takes a step off it."""
    if not history:
        return Trail()
    steps, seen, need = [Step()], set[str](), Need()
    for turn in history:
        if turn.need != need:
            seen, need = set(), turn.need
        seen.update(turn.slate.ids())
        if wants_undo(turn.message):
            steps = steps[:-1] or [Step()]
            continue
        slate = turn.slate if turn.slate.items else steps[-1].slate
        if turn.need != steps[-1].need or slate.ids() != steps[-1].slate.ids():
            steps.append(Step(turn.need, slate))
    asked = frozenset(turn.question.field for turn in history if turn.question)
    return Trail(tuple(steps or [Step()]), frozenset(seen), asked, history[-1].question, history[-1].variety)
