"""The service conversation: who is it → what is wanted → the next question, or a proposal → a yes → done, once.

A typed flow instead of a free agent: a small model would guess order numbers and amounts, code cannot. Every deed goes
through the service's own gates whatever was understood here.
"""

from collections.abc import Callable
from dataclasses import replace

from assistant.phrases import say
from assistant.service.deciding import decided, undone
from assistant.service.filling import filled, goes_on, merged
from assistant.service.ordering import View, by_ending
from assistant.service.reading import Heard, hear, lines_meant
from assistant.service.sensing import Senses, sensed
from assistant.service.service import Service
from assistant.service.state import YES_OR_NO, Asked, FlowState, Task
from assistant.service.taking import same_again, tasks_of
from assistant.service.talk import Step, Talk, Talked
from assistant.service.types import Claimed, Customer, TooManyAttempts
from assistant.service.wording import identity_words
from assistant.service.working import work
from catalog import Locale

Titles = Callable[[str, Locale], str | None]
"""The title of a product in a language; None where it has none there."""


class ServiceFlow:
    """Carries service conversations over one shop's books. Holds nothing of a conversation itself: its state is passed.

    With a `sense` of what customers want, what no rule has read is told by its meaning; `titles` are the products' in the
    shopper's language.
    """

    def __init__(self, service: Service, sense: Senses | None = None, titles: Titles = lambda *_: None) -> None:
        self._service = service
        self._sense = sense
        self._titles = titles

    def heard(self, message: str, state: FlowState, locale: Locale, *, by_rules: bool = False) -> Heard:
        """What a message says of service, as it is read after the last question; `by_rules` alone, or by its meaning too."""
        asked = state.asked.slot if state.asked else None
        heard = hear(message, locale, asked=asked, order_pattern=self._service.rules.order_pattern or None)
        return heard if by_rules else sensed(heard, message, asked in YES_OR_NO, self._sense)

    def step(self, session_id: str, state: FlowState, message: str, locale: Locale, talked: Talked = ()) -> Step:
        """The answer to one message, and the state after it. `talked` is what was said before, with the answers."""
        talk = Talk(session_id, locale, self.heard(message, state, locale), message, state)
        if _calls_person(talk):
            talk.handing = "asked"
            talk.change(asked=None, proposal=None)
            return talk.step()
        known = self._service.customer(session_id)
        if known is None and (talk.heard.answer == "no" or talk.heard.done) and not talk.heard.wishes:
            talk.say("s_dropped")
            talk.change(tasks=(), asked=None)
            return talk.step()
        if known is None:
            self._wanted(talk)
        customer = known or self._identified(talk)
        if customer is not None:
            self._served(talk, self._view(customer, talk), known is not None, talked)
        return talk.step()

    def _wanted(self, talk: Talk) -> None:
        """Keep what is wanted until it is known who wants it."""
        talk.change(tasks=talk.state.tasks + tasks_of(talk.heard))

    def _served(self, talk: Talk, view: View, known: bool, talked: Talked) -> None:
        """Answer a customer, who was `known` before this message or is since."""
        if known:
            self._answered(talk, view)
            view = self._view(view.customer, talk)
        work(talk, view)

    def _view(self, customer: Customer, talk: Talk) -> View:
        """The customer and their orders as they are now; an order named on the way is what is spoken of."""
        now = self._service.customer_by_id(customer.id) or customer
        orders = self._service.orders(now.id)
        ending = by_ending(talk.message, orders)
        named = next((id for id in talk.heard.order_ids if any(one.id == id for one in orders)), ending and ending.id)
        if named:
            talk.change(focus=named)
        lines = [line for order in orders for line in order.lines]
        told = ((line.title, self._titles(line.product_id, talk.locale)) for line in lines)
        names = {kept: title for kept, title in told if title and title != kept}
        spoken = tuple(
            replace(order, lines=tuple(replace(line, title=names.get(line.title, line.title)) for line in order.lines))
            for order in orders
        )
        return View(now, spoken, self._service, talk.locale, talk.state.focus, names)

    def _identified(self, talk: Talk) -> Customer | None:
        """Who it is; asks for what is missing, once and again, and tells when it does not fit."""
        ways = self._service.rules.identify
        talk.state = talk.state.with_claimed(talk.heard.claimed)
        claimed = talk.state.claimed
        talk.change(asked=Asked("identity"))
        if not any(all(getattr(claimed, name) for name in way) for way in ways):
            talk.say("s_who", what=identity_words(ways, talk.locale))
            talk.form = tuple(ways[0]) if ways else ()
            return None
        try:
            customer = self._service.identify(talk.session_id, claimed)
        except TooManyAttempts as error:
            talk.say("s_too_many", minutes=-(-error.retry_after_s // 60))
            talk.offer_person()
            return None
        if customer is None:
            talk.say("s_unknown", what=identity_words(ways, talk.locale))
            talk.form = tuple(ways[0]) if ways else ()
            talk.change(claimed=Claimed())
            return None
        talk.say("s_known", name=customer.first_name)
        talk.change(claimed=Claimed(), asked=None, focus=claimed.order_id or talk.state.focus)
        return customer

    def _answered(self, talk: Talk, view: View) -> None:
        """What the message says to the last question; what else it wants is queued."""
        state, heard = talk.state, talk.heard
        used = _to_question(talk, view)
        new = [task for task in tasks_of(heard) if not (used and _repeats(task, talk, view))]
        if not used and new and all(_names_nothing(task, state, view) for task in new):
            talk.say("s_done_already")
            new, used = [], True
        first = talk.state.tasks[0] if talk.state.tasks else None
        if new and first is not None and goes_on(new[0].wish, first):
            if not used:
                talk.change(tasks=(merged(first, new[0].wish), *talk.state.tasks[1:]), asked=None, proposal=None)
            used, new = True, new[1:]
        idle = not (used or new or talk.state.tasks or heard.answer or heard.done)
        new = list(same_again(talk.message, talk.state, view.orders)) if idle else new
        _queue(new, talk, used)
        said = used or new or heard.claimed != Claimed() or heard.done
        talk.change(unread=0 if said else state.unread + 1)


def _to_question(talk: Talk, view: View) -> bool:
    """Whether the message answers the last question, which it then settles."""
    state, heard, asked = talk.state, talk.heard, talk.state.asked
    if asked and asked.slot == "confirm" and state.proposal:
        return decided(talk, view)
    if asked and asked.slot == "undo" and state.proposal:
        return undone(talk, view)
    if not state.tasks or asked is None or asked.slot in ("identity", "more"):
        return False
    more = filled(state.tasks[0], asked, heard, talk.message, view)
    if more is not None:
        talk.change(tasks=(more, *state.tasks[1:]), asked=None)
    elif heard.answer == "no" and not heard.wishes:
        talk.say("s_dropped")
        talk.change(tasks=state.tasks[1:], asked=None)
    else:
        return False
    return True


def _queue(new: list[Task], talk: Talk, used: bool) -> None:
    """What is wanted besides: after what is under way, or before a question that was left unanswered."""
    if new and used:
        talk.change(tasks=talk.state.tasks + tuple(new))
    elif new:
        talk.change(tasks=(*new, *talk.state.tasks), asked=None, proposal=None)


def _repeats(task: Task, talk: Talk, view: View) -> bool:
    """Whether a wish beside a yes only says again what has just been done."""
    done = talk.proposal
    if done is None or done.state not in ("done", "waiting") or task.wish.kind != done.deed.kind:
        return False
    order = view.order(done.deed.order_id)
    lines = {*done.deed.lines, *(swap.line for swap in done.deed.swaps)}
    named = {one.line.number for item in task.wish.items for one in (lines_meant(item, [order])[:1] if order else ())}
    other = task.wish.order_ids and done.deed.order_id not in task.wish.order_ids
    return not other and named <= lines


def _names_nothing(task: Task, state: FlowState, view: View) -> bool:
    """Whether a wish only speaks of what was done last, and names nothing else that it is to be done to."""
    wish = task.wish
    named = wish.items or wish.order_ids or wish.everything or wish.but or lines_meant(wish.said, view.orders)
    return wish.kind == state.last and not named and not state.tasks


def _calls_person(talk: Talk) -> bool:
    """Whether the message asks for a person, or agrees to one that was offered."""
    asked = talk.state.asked
    offered = asked is not None and asked.slot == "person" and talk.heard.answer == "yes" and not talk.heard.wishes
    named = talk.message.strip() == say("s_q_person", talk.locale)
    return offered or named or any(wish.kind == "person" for wish in talk.heard.wishes)
