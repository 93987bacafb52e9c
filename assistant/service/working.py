"""Goes through what a customer wants: looks are answered, deeds proposed, until something has to be asked."""

from dataclasses import replace

from assistant.phrases import joined, money, say
from assistant.service.deciding import offer_undo
from assistant.service.filling import COLLECTED, together
from assistant.service.looks import look, meant_orders
from assistant.service.ordering import Next, View
from assistant.service.settle import settle
from assistant.service.state import Asked, Task
from assistant.service.taking import FOR_PEOPLE, LOOKS, WRITES
from assistant.service.talk import Talk
from assistant.service.types import Proposal, Refused
from assistant.service.wording import consequences, reason_words, refused_words
from catalog import minor_units

_UNREAD = 2  # messages in a row that say nothing here, until a person is offered


def work(talk: Talk, view: View) -> None:
    """Say and propose what can be, then what is still open."""
    while talk.state.tasks and talk.state.asked is None and not talk.handing:
        _next(talk, view)
    state = talk.state
    if talk.handing:
        return
    if state.asked and state.asked.slot == "confirm" and state.proposal and not talk.sentences:
        _again(talk, view)
    elif not state.tasks and not state.proposal:
        _close(talk)
    elif not talk.sentences:
        _repeat(talk)


def _next(talk: Talk, view: View) -> None:
    """The first task: answered, handed to a person, settled or asked about."""
    task = talk.state.tasks[0]
    if task.wish.kind in FOR_PEOPLE:
        talk.say("s_person_needed")
        talk.drop()
        talk.offer_person()
    elif task.wish.kind == "undo":
        offer_undo(talk, view)
    elif task.wish.kind == "total" and task.wish.about in WRITES:
        _would(talk, task, view)
    elif task.wish.kind in LOOKS:
        told = meant_orders(task, view, talk.state.focus)
        talk.sentences += look(task, view, talk.state.money, talk.state.focus)
        talk.drop()
        if len(told) == 1:
            talk.change(focus=told[0].id)
    else:
        task, rest = together(task, talk.state.tasks[1:], view)
        talk.change(tasks=(task, *rest))
        _moved(talk, settle(task, view), view)


def _would(talk: Talk, task: Task, view: View) -> None:
    """What a deed would bring or cost, without offering it."""
    talk.drop()
    about = task.wish.about or task.wish.kind
    found = settle(Task(replace(task.wish, kind=about, about=None)), view)
    if found.deed is None:
        talk.sentences.append(found.sentence)
        return
    try:
        proposal = view.service.propose(talk.session_id, view.customer.id, found.deed)
    except Refused as refused:
        talk.sentences.append(refused_words(refused, about, talk.locale))
        return
    back = proposal.refunded_minor
    words = money(abs(back), _currency(proposal, view), talk.locale)
    talk.say("s_would_return" if back >= 0 else "s_would_cost", amount=words)


def _moved(talk: Talk, found: Next, view: View) -> None:
    """A question, a refusal with what to do instead, or a proposal with its exact consequences."""
    rest = talk.state.tasks[1:]
    if found.ask is not None:
        talk.sentences.append(found.sentence)
        talk.replies += list(found.ask.labels)
        if found.ask.slot == "whole":
            talk.ask_yes()
        talk.change(tasks=(found.task, *rest), asked=found.ask)
        return
    if found.deed is None:
        talk.sentences.append(found.sentence)
        _otherwise(talk, found.task)
        return
    try:
        proposal = view.service.propose(talk.session_id, view.customer.id, found.deed)
    except Refused as refused:
        if refused.code == "unopened" and found.task.unopened is None:
            talk.say("s_ask_unopened", title=refused.about.get("title", ""))
            talk.ask_yes()
            talk.change(tasks=(found.task, *rest), asked=Asked("unopened"))
            return
        talk.sentences.append(refused_words(refused, found.deed.kind, talk.locale))
        _otherwise(talk, found.task)
        return
    talk.change(tasks=(found.task, *rest))
    if _beyond(found.task, proposal, view):
        amount = money(abs(proposal.refunded_minor), _currency(proposal, view), talk.locale)
        talk.say("s_too_much_more", amount=amount)
        _otherwise(talk, found.task)
        return
    offer(talk, proposal, view)


def _beyond(task: Task, proposal: Proposal, view: View) -> bool:
    """Whether a deed costs more, or brings back less or more, than the customer said it may."""
    bound = task.wish.bound
    if bound is None or bound.of not in ("difference", "refund"):
        return False
    units = minor_units(_currency(proposal, view))
    amount = abs(proposal.refunded_minor) / units
    over = bound.at_most is not None and amount > bound.at_most
    return over or (bound.at_least is not None and amount < bound.at_least)


def _currency(proposal: Proposal, view: View) -> str:
    order = view.order(proposal.deed.order_id)
    return order.currency if order else view.service.rules.currency


def offer(talk: Talk, proposal: Proposal, view: View) -> None:
    """Say what would be done and ask for the yes."""
    order = view.order(proposal.deed.order_id)
    talk.proposal = proposal
    talk.say(f"s_propose_{proposal.deed.kind}", order=order.id if order else "")
    talk.sentences += [view.named(line) for line in consequences(proposal, view.customer, order, talk.locale)]
    if proposal.deed.kind == "cancel" and proposal.deed.reason:
        talk.say("s_reason", reason=reason_words(proposal.deed.reason, talk.locale))
    if proposal.why_waiting:
        talk.say("s_waits_first")
    if proposal.deed.kind in COLLECTED and view.service.rules.once(proposal.deed.kind):
        talk.say("s_once")
    talk.say("s_confirm")
    talk.ask_yes()
    talk.change(proposal=proposal.id, asked=Asked("confirm"), focus=proposal.deed.order_id or talk.state.focus)


def _otherwise(talk: Talk, task: Task) -> None:
    """Drop a task that cannot be; what was wanted in that case comes next, else a person is offered."""
    talk.drop()
    if task.wish.conditional is not None:
        talk.change(tasks=(Task(task.wish.conditional), *talk.state.tasks))
    elif not talk.state.tasks:
        talk.offer_person()


def _again(talk: Talk, view: View) -> None:
    """The open question once more, with the proposal it is about."""
    known = [one for one in view.service.proposals(talk.session_id) if one.id == talk.state.proposal]
    if known:
        offer(talk, known[0], view)


def _repeat(talk: Talk) -> None:
    """The message said nothing to the question: ask again, or offer a person."""
    asked = talk.state.asked
    labels = list(asked.labels) if asked else []
    if talk.state.unread >= _UNREAD:
        talk.offer_person()
    elif labels:
        talk.say("s_choose", choices=joined(labels, talk.locale))
        talk.replies += labels
    else:
        talk.say("s_not_understood")


def _close(talk: Talk) -> None:
    """Nothing is left to do: what else, or goodbye."""
    asked = talk.state.asked
    if asked and asked.slot == "person" and talk.sentences:
        return
    if talk.sentences:
        talk.say("s_more")
    elif talk.heard.done or talk.heard.answer == "no":
        talk.say("s_goodbye")
        talk.change(asked=None)
        return
    elif talk.state.unread:
        talk.say("s_what")
        talk.replies.append(say("s_q_person", talk.locale))
    else:
        talk.say("s_what")
    talk.change(asked=Asked("more"))
