"""A simulated customer whose words a language model finds. It is told the instruction and what was said, and nothing else."""

from collections.abc import Sequence

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from assistant.model import ChatModel
from evals.tau.customer import PATIENCE
from evals.tau.listening import Heard, Said

_STOP = "###STOP###"
_TOKENS = 160
_STALL_S = 120.0
_SYSTEM = """You play a customer who writes to the customer service of an online shop. This is what you know and want:

{instruction}

- Write only the customer's next message, in one to three sentences.
- Do not tell everything at once; tell what is needed for the next step.
- Do not make up anything that is not written above. If you are asked for something that is not there, say that you do not know it.
- If you are asked to confirm something that is what you want, say yes. If it is not what you want, say what is wrong.
- When all that you want is done or cannot be done, or you are handed to another person, write {stop} and nothing else.
- Use your own words; do not repeat the text above. Style number {seed}."""


class ModelCustomer:
    """One customer with one instruction, played by `model`; the seed is part of the prompt."""

    def __init__(self, instruction: str, seed: int, model: ChatModel) -> None:
        self._model = model
        system = _SYSTEM.format(instruction=instruction, stop=_STOP, seed=seed)
        self._said: list[BaseMessage] = [SystemMessage(system)]
        self._turns = 0

    def speak(self, heard: Heard | None) -> Said | None:
        """The next message, the first for None; None when the model stops, a person takes over or patience ends."""
        if heard is not None and (heard.handed or self._turns >= PATIENCE):
            return None
        self._said.append(HumanMessage("Hello! What can I do for you?" if heard is None else shown(heard)))
        reply = self._model.invoke(self._said, max_tokens=_TOKENS, stall_timeout_s=_STALL_S)
        text = str(reply.content).strip()
        self._said.append(AIMessage(text))
        self._turns += 1
        return None if _STOP in text or not text else Said(text)


def shown(heard: Heard) -> str:
    """A reply as the page shows it: its text and the choices under it."""
    return heard.text + _choices(heard.choices)


def _choices(choices: Sequence[str]) -> str:
    return f" [{' | '.join(choices)}]" if choices else ""
