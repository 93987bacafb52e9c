"""What is remembered of a shopper who agreed to it: learnt from plain signs in code, used by name, forgotten on request."""

from assistant.memory.learning import bought
from assistant.memory.recall import Recall, Recalled
from assistant.memory.wording import asks_consent, learnt, named

__all__ = ["Recall", "Recalled", "asks_consent", "bought", "learnt", "named"]
