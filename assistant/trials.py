"""Which model spoke: the shop's, those of several servers that answered, or one that an experiment tries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.model import Generation
from assistant.types import Versions
from assistant.writer import Writer


@dataclass(frozen=True)
class Trial:
    """Another model than the shop's: what asks it, and what the record calls it."""

    writer: Writer
    model: str
    quantisation: str


def spoken_by(versions: Versions, trial: Trial | None, generations: Sequence[Generation]) -> Versions:
    """`versions` with the model that was asked; where one of several answers, the one that did, or each that did."""
    if trial is not None and generations:
        versions = replace(versions, model=trial.model, quantisation=trial.quantisation)
    answered = (one.usage.answered_by for one in generations)
    models = list(dict.fromkeys(model for model in answered if model is not None))
    if not models:
        return versions
    quantisations = dict.fromkeys(model.quantisation for model in models)
    return replace(versions, model=" + ".join(map(str, models)), quantisation=" + ".join(quantisations))
