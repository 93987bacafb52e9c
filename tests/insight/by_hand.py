"""The formulas of docs/insights.md, written down once more, and which counts each figure of the overview rests on."""

from math import sqrt

import pytest

Z = 1.96


def near(value: float | None):
    """Equal but for the digits of z and for scores that are summed as millionths."""
    return None if value is None else pytest.approx(value, abs=2e-4)


def wilson(k, n):
    """The value of a share and its bounds."""
    if not n:
        return None, None, None
    middle, wide = k / n + Z**2 / (2 * n), Z * sqrt(k / n * (1 - k / n) / n + Z**2 / (4 * n**2))
    return k / n, (middle - wide) / (1 + Z**2 / n), (middle + wide) / (1 + Z**2 / n)


def normal(n, total, squares):
    """A mean and its bounds."""
    if n < 2:
        return (total / n if n else None), None, None
    mean = total / n
    margin = Z * sqrt(sum_of_squares(n, total, squares) / (n - 1) / n)
    return mean, mean - margin, mean + margin


def sum_of_squares(n, total, squares):
    """Of the distances from the mean."""
    return max(squares - total * total / n, 0.0)


def apart(now, before):
    """The difference of two shares (Newcombe) or means, and its bounds."""
    (value, low, high), (past, past_low, past_high) = now, before
    if value is None or past is None:
        return None, None, None
    if low is None or past_low is None:
        return value - past, None, None
    change = value - past
    return (
        change,
        change - sqrt((value - low) ** 2 + (past_high - past) ** 2),
        change + sqrt((high - value) ** 2 + (past - past_low) ** 2),
    )


SHARES = {
    "slated": ("with_slate", "conversations"), "clicking": ("with_click", "conversations"),
    "carting": ("with_cart", "conversations"), "conversion": ("with_purchase", "conversations"),
    "ctr": ("clicks", "impressions"), "seen": ("views", "impressions"), "cart_rate": ("carts", "impressions"),
    "purchase_rate": ("purchases", "impressions"), "csat": ("satisfied", "rated"), "response": ("answered", "offered"),
    "agent_csat": ("agent_satisfied", "agent_rated"), "handoff": ("handoffs", "conversations"),
    "failed": ("failed_turns", "turns"), "no_match": ("no_match", "turns"),
}  # fmt: skip


def of_counts(counts):
    """The figures of the overview with their bounds, from the counts that the documented queries find."""
    c = {name: getattr(counts, name) for name in counts.__slots__}
    found = {name: wilson(c[k], c[n]) for name, (k, n) in SHARES.items()}
    found["thumbs"] = wilson(c["thumbs_up"], c["thumbs_up"] + c["thumbs_down"])
    for who in ("", "agent_"):
        sums = c[f"{who}score_micro"] / 1e6, c[f"{who}score_square_micro"] / 1e6
        found[f"{who}score"] = normal(c[f"{who}rated"], *sums)
    return found
