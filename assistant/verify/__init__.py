"""Each sentence against the catalogue before it is shown, one module for each kind of claim.

A name, amount, quality, denial, comparison, count or promise that nothing supports is not said.
"""

from assistant.verify.comparing import most_asked, stated_measure
from assistant.verify.ground import Ground, Verdict
from assistant.verify.verifier import Verifier
from assistant.verify.wording import denies, harmless

__all__ = ["Ground", "Verdict", "Verifier", "denies", "harmless", "most_asked", "stated_measure"]
