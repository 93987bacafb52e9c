"""The service conversation where the agent plans: who it is, and every yes and no, stay with code."""

from assistant.service.agent.planner import Planner
from assistant.service.deciding import decided, undone
from assistant.service.flow import ServiceFlow, Titles
from assistant.service.ordering import View
from assistant.service.sensing import Senses
from assistant.service.service import Service
from assistant.service.state import Asked
from assistant.service.taking import tasks_of
from assistant.service.talk import Talk, Talked
from assistant.service.working import offer, work


class AgentFlow(ServiceFlow):
    """As the typed flow, but what a known customer wants is planned; where the agent finds no way the typed flow goes on."""

    def __init__(
        self, service: Service, planner: Planner, sense: Senses | None = None, titles: Titles = lambda *_: None
    ) -> None:
        super().__init__(service, sense, titles)
        self._planner = planner

    def _wanted(self, talk: Talk) -> None:
        """What is wanted stands in what was said, which the agent is told."""

    def _served(self, talk: Talk, view: View, known: bool, talked: Talked) -> None:
        if known and (_settled(talk, view) or _closing(talk)):
            work(talk, view)
            return
        planned = self._planner.plan(talk.session_id, view, talk.message, talked)
        talk.change(proposal=None, asked=Asked("more"), unread=0)
        if planned.person:
            talk.handing = "asked"
        elif planned.proposal is not None:
            offer(talk, planned.proposal, view)
        elif planned.sentences:
            talk.sentences += planned.sentences
            if planned.sentences[-1].rstrip().endswith(("?", "？")):
                talk.change(asked=Asked("open"))
        else:
            talk.change(tasks=tasks_of(talk.heard), asked=None)
            work(talk, view)


def _settled(talk: Talk, view: View) -> bool:
    """Whether the message was a yes or a no to what was proposed, and nothing more."""
    asked = talk.state.asked
    if asked is None or not talk.state.proposal or asked.slot not in ("confirm", "undo"):
        return False
    settles = decided if asked.slot == "confirm" else undone
    return settles(talk, view) and not talk.heard.wishes


def _closing(talk: Talk) -> bool:
    """Whether nothing more is wanted."""
    asked, heard = talk.state.asked, talk.heard
    over = heard.done or (heard.answer == "no" and asked is not None and asked.slot == "more")
    if over and not heard.wishes:
        talk.change(asked=None)
    return over and not heard.wishes
