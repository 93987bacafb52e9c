"""Handing a conversation over: what the shopper is truthfully told of when a person answers, and what that person sees."""

from collections.abc import Callable
from datetime import datetime

from assistant.phrases import say
from assistant.service.hours import WEEKDAYS, Hours
from catalog import Locale

Waiting = Callable[[], int]
"""How many conversations wait for a person now."""


def told(hours: Hours, now: datetime, waiting: int, locale: Locale, *, email: str | None) -> list[str]:
    """What a shopper is told when a person is called: when, after how many others, what that person sees.

    Without hours the shop has not said when people are there, and nothing is promised.
    """
    lines = [_when(hours, now, waiting, locale), say("s_handed_sees", locale)]
    if not email:
        away = bool(hours.days) and not hours.open_at(now)
        lines.append(say("s_handed_mail_closed" if away else "s_handed_mail", locale))
    return lines


def _when(hours: Hours, now: datetime, waiting: int, locale: Locale) -> str:
    if hours.days and not hours.open_at(now):
        again = hours.next_opening(now)
        return say("s_handed_closed", locale, when=_moment(again, locale)) if again else say("s_handed_list", locale)
    return say("s_handed_queue" if waiting else "s_handed", locale, count=waiting)


def _moment(moment: datetime, locale: Locale) -> str:
    """A day and time as shoppers read it, with the zone that it is in."""
    day = say(f"s_day_{WEEKDAYS[moment.weekday()]}", locale)
    return say("s_at", locale, day=day, time=f"{moment:%H:%M}", zone=f"{moment:%Z}")
