"""The documented queries of the views as their reader runs them: lines uncommented, beginnings put before, words joined."""

from collections import Counter
from dataclasses import replace

import numpy as np

from assistant.insight.drift import Tally
from assistant.insight.experiments.bounds import Moments
from assistant.wanted import key_of
from evals.documented import INSIGHTS, printed, ran, rows_of

SURVEYS, OPINIONS, EXPERIMENTS = (printed(f"{name}.md") for name in ("surveys", "opinions", "experiments"))


def heard(connection, name, filters, by="aspect", **asked):
    """What a documented query of opinions finds: the dashes taken off, `chosen` put before where it is asked for."""
    named = {
        key: value for key, value in (asked | {"locale": filters.locale, "product": filters.product}).items() if value
    }
    beginning, _, end = OPINIONS[name].rpartition("\nSELECT")
    sql = f"{beginning}\nSELECT{end.replace('aspect', by)}"
    for one in named:
        sql = sql.replace(f"-- of one {one}: ", "")
    if any((filters.category, filters.model, filters.prompt, filters.ranker, filters.arm)):
        sql = INSIGHTS["chosen"] + sql.replace("WITH heard", ", heard").replace("-- of conversations: ", "")
    if filters.who == "all":
        sql = sql.replace("    AND o.who = 'shopper'\n", "")
    return rows_of(connection, sql, replace(filters, locale=None, product=None), **named)


def tallied(connection, filters):
    """What shifts are counted from, by the documented queries."""
    found = {
        name: {row.value: row.conversations for row in rows_of(connection, INSIGHTS[name], filters)}
        for name in ("languages", "happened", "scores", "waits", "satisfaction")
    }
    topics = Counter()
    for words, otherwise, conversations in rows_of(connection, INSIGHTS["topics"], filters):
        if topic := key_of(words.split(" > ")[-1]) if words else otherwise:
            topics[topic] += conversations
    had = found.pop("happened")
    bands = {
        name: {f"{value:02}": n for value, n in found[name].items()} for name in ("scores", "waits", "satisfaction")
    }
    spread = {"languages": found["languages"], "topics": dict(topics), **bands}
    conversations = sum(found["languages"].values())
    return Tally(conversations, spread, had if conversations else {})


def sums_of(connection, measure, named, beginning=None):
    """The sums of each arm of an experiment, by the documented queries."""
    sql = EXPERIMENTS["conversion" if measure == "cart_rate" else measure] + EXPERIMENTS["sums"]
    if measure == "cart_rate":
        sql = sql.replace("'purchase'", "'cart'")
    if beginning:
        sql = sql.replace(EXPERIMENTS["met"], EXPERIMENTS[beginning])
    return {
        row.arm: {name: float(v) for name, v in row._mapping.items() if name != "arm"}
        for row in ran(connection, sql, named)
    }


def moments(looks, arm):
    """The sums of an arm at the end of each day."""
    columns = {name: np.array([look.get(arm, {}).get(name, 0.0) for look in looks]) for name in Moments.__slots__}
    return Moments(**columns)
