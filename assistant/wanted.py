"""One name for what shoppers want, whichever of its words in either language they use, and how it is shown.

Knows the general lexicons and the names of attributes, nothing of any one catalogue.
"""

from assistant.reading.kinds import singular
from assistant.reading.reference import without_pointing
from assistant.reading.vocabulary import table
from assistant.telling import asked_of, aspects_named
from catalog import (
    STOPWORDS,
    Locale,
    Product,
    canonical,
    has_cjk,
    measure,
    named_row,
    normalised,
    same_name,
    stem,
    tokens,
    words,
)

OTHER = "other"
_WORDS = 3  # of a question that names no attribute we know: what it is filed under
_LONGEST = 3  # words of an attribute's name
_STEPS = (1, 2, 5)
_ASKING = frozenset(
    "how much many come comes tell more about kind type sort made there know give exactly please say state list what which first"
    " second third fourth last one product item thing use used using work works able make makes included include includes".split()
)
_ASKING_ZH = frozenset(
    "这款 那款 这个 那个 多久 多少 多大 多长 多高 多重 几个 几 多 少 第一 第二 第三 第四 一款 二款 前 两款 款 个 件 能 会 可 可以 支持 自带 带 含 包含 附带 "
    "是否 吗 呢 的话 如何 怎么样 好不好 好用 容易 用 它们 请问 问 知道 告诉 说明 使用 商品 产品 东西 时候 时间".split()
)


def key_of(term: str) -> str:
    """The name of a thing or quality that all its words in the lexicons share; of an unknown one its stemmed words."""
    plain = " ".join(term.casefold().split())
    head, _, last = plain.rpartition(" ")
    row = named_row(plain) or (None if has_cjk(plain) else named_row(f"{head} {singular(last)}".strip()))
    return row[0].casefold() if row else " ".join(tokens(plain)) or plain


def label_of(key: str, said: str, locale: Locale) -> str:
    """How what goes by `key` is called in `locale`; `said` where the lexicons know no word for it."""
    row = named_row(key)
    names = row or ()
    return next((name for name in names if has_cjk(name) == (locale == "zh")), said)


def names_of(key: str, said: str) -> tuple[str, ...]:
    """All words under which a catalogue may carry what goes by `key`."""
    return tuple(dict.fromkeys((said, *(named_row(key) or ()))))


def attribute_label(key: str, locale: Locale) -> str:
    """How an attribute is called in `locale` where it is one that we know, else as it stands."""
    named = table("aspects").get(key)
    forms = [*(named["names"] if named else ()), *sorted(same_name(key), key=len)]
    if locale == "en":
        return key
    return next((form for form in forms if has_cjk(form)), label_of(key, key, locale))


def attribute_asked(question: str, product: Product) -> str:
    """The attribute that a question asks for, by the name that all its words share; else what the question speaks of."""
    known = aspects_named(question)
    if known:
        return known[0]
    spoken = [word for word in words(without_pointing(question)) if not any(char.isdigit() for char in word)]
    for count in range(min(_LONGEST, len(spoken)), 0, -1):
        for start in range(len(spoken) - count + 1):
            run = spoken[start : start + count]
            name = canonical(" ".join(run)) or canonical("".join(run))
            if name:
                return name
    return _spoken_of(question, spoken, product)


def _spoken_of(question: str, spoken: list[str], product: Product) -> str:
    """The telling words of a question, the one that a lexicon knows before others."""
    own = {token for text in (product.title, product.category) for token in tokens(text)}
    rest = asked_of(question, product).rest
    told = [
        word
        for word in dict.fromkeys(spoken)
        if word not in STOPWORDS | _ASKING | _ASKING_ZH
        and stem(word) not in own
        and (has_cjk(word) or stem(word) in rest)
    ]
    told = [word for word in told if not any(word in other and word != other for other in told)]  # 保质 of 保质期
    known = [word for word in told if named_row(word)]
    if known:
        return key_of(known[-1])
    return " ".join(told[:_WORDS]) or OTHER


def attribute_key(name: str) -> str:
    """The name of an attribute that all names for it share."""
    return canonical(name) or next((key for key, one in table("aspects").items() if name in one["names"]), name)


def value_key(attribute: str, value: str) -> str:
    """The value of an attribute in the name that its words share: a base colour, a size, what a lexicon knows."""
    bases = normalised(attribute, value)
    return bases[0] if bases else key_of(value)


def band(amount: float) -> tuple[float, float]:
    """The band of a limit: the two round amounts (1, 2, 5, 10 …) between which it lies, the upper one included."""
    if amount <= 0:
        return 0.0, 0.0
    power = 10.0 ** (len(str(int(amount))) - 1) if amount >= 1 else 10.0 ** -len(str(int(1 / amount)))
    edges = [step * scale for scale in (power / 10, power, power * 10) for step in _STEPS]
    upper = next(edge for edge in edges if edge >= amount - 1e-9)
    return max(edge for edge in (0.0, *edges) if edge < upper), upper


def amount_of(value: str | int | float) -> tuple[float, str] | None:
    """A limit as a number in its base unit, with that unit; None where it is no number."""
    found = measure(value)
    return (float(found[0]), found[1] or "") if found else None
