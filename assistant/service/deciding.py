"""What becomes of a proposal: a yes does it once, a no drops it, another detail changes it; what was done may be undone."""

from assistant.service.filling import changed
from assistant.service.ordering import View
from assistant.service.state import Asked
from assistant.service.talk import Talk
from assistant.service.types import Refused
from assistant.service.wording import done_words, refused_words


def decided(talk: Talk, view: View) -> bool:
    """Whether the message said anything to the open proposal."""
    state, heard = talk.state, talk.heard
    task = state.tasks[0] if state.tasks else None
    other = changed(task, heard, view) if task else None
    if other is not None:
        talk.change(tasks=(other, *state.tasks[1:]), proposal=None, asked=None)
    elif heard.answer == "yes":
        _confirm(talk, view)
    elif heard.answer == "no":
        talk.say("s_dropped")
        talk.change(tasks=state.tasks[1:], proposal=None, asked=Asked("more"))
    else:
        return False
    return True


def _confirm(talk: Talk, view: View) -> None:
    state = talk.state
    kind = state.tasks[0].wish.kind if state.tasks else ""
    talk.change(tasks=state.tasks[1:], proposal=None, asked=None)
    try:
        done = view.service.confirm(state.proposal or "", view.customer.id)
    except Refused as refused:
        talk.sentences.append(refused_words(refused, kind, talk.locale))
        return
    talk.proposal = done
    talk.sentences += done_words(done, view.customer, view.order(done.deed.order_id), talk.locale)
    if done.state == "waiting":
        talk.handing = "approval"
    talk.change(
        focus=done.deed.order_id or state.focus, money=(*state.money, done.refunded_minor), last=done.deed.kind
    )  # fmt: skip


def offer_undo(talk: Talk, view: View) -> None:
    """Ask whether the last thing that was done here shall be taken back; say so where nothing can be."""
    talk.drop()
    done = [one for one in view.service.proposals(talk.session_id) if one.state == "done" and one.undo_until]
    if not done:
        talk.say("s_undo_none")
        return
    last = done[-1]
    words = done_words(last, view.customer, view.order(last.deed.order_id), talk.locale)
    talk.say("s_undo_ask", what=words[0].rstrip(".。"))
    talk.say("s_confirm")
    talk.ask_yes()
    talk.change(proposal=last.id, asked=Asked("undo"))


def undone(talk: Talk, view: View) -> bool:
    """Whether the message said yes or no to taking back what was done."""
    answer, id = talk.heard.answer, talk.state.proposal or ""
    if answer is None:
        return False
    talk.change(proposal=None, asked=None if answer == "yes" else Asked("more"))
    if answer == "no":
        talk.say("s_dropped")
        return True
    try:
        talk.proposal = view.service.undo(id, "assistant", view.customer.id)
        talk.say("s_undone")
        talk.change(money=talk.state.money[:-1])
    except Refused as refused:
        talk.sentences.append(refused_words(refused, "undo", talk.locale))
    return True
