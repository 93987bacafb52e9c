"""The catalogue's words in a message: brands, attribute values, sizes, people and kinds, wanted, refused or allowed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from assistant.reading.asked import Kind, asked_kinds
from assistant.reading.kinds import singular
from assistant.reading.negation import Named, stances
from assistant.reading.vocabulary import Vocabulary, lexicon, table
from catalog import STOPWORDS, Constraint, Origin, has_cjk, words

_SIZE = re.compile(
    r"\b(?:size|sizes|eu|uk|us)\s*(?:is\s*)?(\d{1,2}(?:\.5)?|x{0,3}[sl]|m)\b(?!\s*(?:cm|mm|in|inch|\$))|(?:尺码|码数|穿)\s*(\d{2}(?:\.5)?|[xX]{0,3}[sSlL]|[mM])"
    r"|(?<![A-Za-z0-9.])(\d{2}(?:\.5)?|[xX]{0,3}[sSlL]|[mM])\s*[码号](?!线)",
    re.IGNORECASE,
)
_LETTER_SIZE = re.compile(r"\b(?:in(?: an?)?|an?)\s+(X{0,3}[SL]|M)\b(?!')|\b(X{1,3}[SL])\b")
_SIZE_WORD = re.compile(r"\b([a-z]+)[\s-]sized?\b|\bsize\s+([a-z]{3,})\b|\bin (small|medium|large)\b")
_LETTERED = frozenset({"small", "medium", "large"})
SAME_SIZE = {
    "S": ("S", "Small"),
    "M": ("M", "Medium"),
    "L": ("L", "Large"),
    "XL": ("XL", "Extra large"),
}
_REFUSED = re.compile(
    r"\b(?:nothing|(?<!need )not|no|without|anything but|avoid|except|but not)\s+(?:too |so |very |any |a |an |the |with |made (?:of|from|with) )*([a-z]{4,})\b(?!\s+than)"
    r"(?:[ -]([a-z]{4,})\b)?"
    r"|(?:不要|不想要|不喜欢|别给我看)(?:任何|太)?(?:有|带|含)?([\u4e00-\u9fff]{2,3})的"
)
_NOT_REFUSED = frozenset(
    "more less over under below above sure matter problem idea budget need want only just much many expensive pricey cheap costly"
    " made stock really interested thanks first second third last both these those other others longer later necessarily important please".split()
)
_PHRASAL = re.compile(r"\b(?:it|them|things|narrow|go|come|get|bring|cut|put|move|step|way)\s+$")  # "narrow it down"
_MOST = 16  # places at which one word is looked at in one message
_SAYS_NOTHING = frozenset(
    "required needed included available standard basic other yes no none".split()
)  # values of attributes
_BIRTHDAY = re.compile(r"s'? (?=b(?:irth)?-?days?\b)")  # my fathers bday
_NOT_FOR = re.compile(r"\b(?:not|isn't|nothing) for (?:a |my |the )?$|(?:不是|不要)(?:给|送)?$")


@dataclass(frozen=True, slots=True)
class Found:
    """What of the catalogue a message names. `kinds` are asked for; the forms in `allowed` are welcome, not demanded."""

    constraints: tuple[Constraint, ...] = ()
    kinds: tuple[Kind, ...] = ()
    allowed: tuple[Constraint, ...] = ()

    @property
    def carried(self) -> bool:
        """Whether the catalogue has any of the kinds asked for."""
        return any(kind.carried for kind in self.kinds)

    @property
    def kind_forms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(form for kind in self.kinds for form in kind.forms))


def find_terms(message: str, vocabulary: Vocabulary, *, priced: bool = False) -> Found:
    """The constraints on brand, attributes and kind that `message` states. `priced`: a price was cut out of it."""
    spans = _spans(message, vocabulary)
    kinds = tuple(kind for kind in asked_kinds(message, vocabulary, priced=priced) if not _is_color(kind.word))
    positions = [Named(start, end, _group(form, vocabulary)) for start, end, form in spans]
    named = sorted([*positions, *(Named(*kind.span, "kind") for kind in kinds)], key=lambda one: one.start)
    stance = {one.start: s for one, s in zip(named, stances(message, named), strict=True)}
    found = [_constraint(form, stance[start], vocabulary) for start, _, form in spans if stance[start] != "allowed"]
    starts = {start for start, _, _ in spans}
    refused = [kind for kind in kinds if stance[kind.span[0]] == "refused" and kind.span[0] not in starts]
    found += [Constraint("type", "not_contains", kind.forms) for kind in refused]
    allowed = tuple(_constraint(form, "wanted", vocabulary) for start, _, form in spans if stance[start] == "allowed")
    wanted = tuple(kind for kind in kinds if stance[kind.span[0]] == "wanted")
    found += [*_refused(message, vocabulary, found, kinds), *_people(message), *_sizes(message, vocabulary)]
    refused_forms = {c.value for c in found if c.op == "not_contains"}
    # "We have blue already, so not blue" refuses it.
    found = [c for c in found if c.op != "contains" or c.value not in refused_forms]
    return Found(tuple(_merged(found)), wanted, allowed)


def _is_color(word: str) -> bool:
    """Whether a word is a colour everywhere, though a catalogue's titles end in it."""
    term = lexicon().get(word.casefold())
    return term is not None and term.attribute == "Color"


def named_terms(message: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The catalogue's words in `message` as they are written there, whatever is said of them."""
    return tuple(dict.fromkeys(message[start:end] for start, end, _ in _spans(message, vocabulary)))


def _group(form: str, vocabulary: Vocabulary) -> str:
    return vocabulary.terms[form].attribute if form in vocabulary.terms else "brand"


def _constraint(form: str, stance: str, vocabulary: Vocabulary) -> Constraint:
    """Refused colours are looked for where colours stand; anything else refused must not be in the listing at all."""
    term = vocabulary.terms.get(form)
    if term is None:
        return Constraint("brand", "ne" if stance == "refused" else "eq", vocabulary.brands[form])
    if stance != "refused":
        return Constraint(f"attributes.{term.attribute}", "contains", term.forms)
    return Constraint("attributes.Color" if term.attribute == "Color" else "text", "not_contains", term.forms)


def _refused(
    message: str, vocabulary: Vocabulary, known: Iterable[Constraint], kinds: Iterable[Kind]
) -> Iterator[Constraint]:
    """A refused word that is no attribute value but that listings use ("nothing vintage") is ruled out all the same."""
    ruled_out = {form for c in known if isinstance(c.value, tuple) for form in c.value}
    ruled_out |= {form for kind in kinds for form in kind.forms} | {str(c.value).casefold() for c in known}
    for match in _REFUSED.finditer(message.casefold()):
        word = match[1] or match[3]
        if match[2] and _is_phrase(match[1], match[2], vocabulary):
            yield Constraint("text", "not_contains", (f"{match[1]} {match[2]}",))
            continue
        vague = word in STOPWORDS | _NOT_REFUSED or word.endswith(("ing", "ly"))
        listed = word[0] != "太" if has_cjk(word) else word in vocabulary.prose and not vague
        if listed and word not in ruled_out and word not in vocabulary.terms:
            kind = vocabulary.type_of(word)
            yield (
                Constraint("type", "not_contains", (word, kind))
                if kind
                else Constraint("text", "not_contains", (word,))
            )


def _is_phrase(word: str, noun: str, vocabulary: Vocabulary) -> bool:
    """Whether "no small parts" refuses a thing with its quality; then listings that say either alone are none of it."""
    plain = not {word, noun} & (STOPWORDS | _NOT_REFUSED) and not noun.endswith(("ly", "ing"))
    return plain and noun not in vocabulary.terms and vocabulary.type_of(noun) is None


def _sizes(message: str, vocabulary: Vocabulary) -> Iterator[Constraint]:
    """A size ("size 42", "in M", "42码", "queen size") that is asked for must be among those in stock."""
    for match in (*_SIZE.finditer(message), *_LETTER_SIZE.finditer(message)):
        size = next(size for size in match.groups() if size).upper()
        yield Constraint("attributes.Size", "contains", SAME_SIZE.get(size, (size,)))
    for match in _SIZE_WORD.finditer(message.casefold()):
        word = next(word for word in match.groups() if word)
        forms = SAME_SIZE.get(word[0].upper()) if word in _LETTERED else vocabulary.sizes.get(word)
        if forms:
            yield Constraint("attributes.Size", "contains", forms)


def _spans(message: str, vocabulary: Vocabulary) -> list[tuple[int, int, str]]:
    """Where known values and brands stand, longest first, without overlaps, in order."""
    folded = message.casefold()
    spoken = frozenset(words(message))
    taken: list[tuple[int, int, str]] = []
    forms = {*vocabulary.terms, *vocabulary.brands}
    for form in sorted((f for f in forms if _stem_of(f) in folded), key=lambda f: (-len(f), f)):
        for match in islice(_pattern(form).finditer(folded), _MOST):
            free = all(match.end() <= start or match.start() >= end for start, end, _ in taken)
            if free and _is_meant(message, match, form, vocabulary, spoken):
                taken.append((match.start(), match.end(), form))
    return sorted(taken)


def _stem_of(form: str) -> str:
    return form if has_cjk(form) or " " in form or len(form) < 4 else singular(form)


def _pattern(form: str) -> re.Pattern[str]:
    if has_cjk(form):
        return re.compile(re.escape(form))
    plural = "" if _stem_of(form) == form else "s?"
    return re.compile(rf"(?<![a-z0-9]){re.escape(_stem_of(form))}{plural}(?![a-z0-9])")


def _is_meant(message: str, match: re.Match[str], form: str, vocabulary: Vocabulary, spoken: frozenset[str]) -> bool:
    """Whether a form is the name it looks like.

    A brand that is also a plain word must be written with a capital, a Chinese character must stand as a word of its
    own, and no compound of the catalogue ("white noise", 红酒) may hold the form.
    """
    if form not in vocabulary.terms:
        return message[match.start()].isupper() or has_cjk(form) or form not in vocabulary.prose
    folded = message.casefold()
    if form in _SAYS_NOTHING:
        return False
    if has_cjk(form):
        wider = (folded[match.start() : match.end() + 1], folded[max(match.start() - 1, 0) : match.end()])
        pairs = {pair for pair in wider if pair != form}  # at the start or the end of a message nothing joins it
        alone = len(form) > 1 or form in spoken or folded[match.end() : match.end() + 1] in ("的", "色")
        alone = alone or any(
            word[0] == form and vocabulary.type_of(word) == word[1:] for word in spoken if len(word) < 4
        )
        return alone and not pairs & vocabulary.compounds
    before, after = (
        re.findall(r"[a-z]+", folded[: match.start()])[-1:],
        re.findall(r"[a-z]+", folded[match.end() :])[:1],
    )
    pairs = {f"{singular(w)} {form}" for w in before} | {f"{form} {singular(w)}" for w in after}
    if form == "down" and _PHRASAL.search(folded[: match.start()]):
        return False
    headed = form in lexicon() and vocabulary.type_of(form) is not None and _heads(folded, match)
    return not headed and not pairs & vocabulary.compounds


def _heads(folded: str, match: re.Match[str]) -> bool:
    """Whether a word ends its noun phrase ("wine glass", "hand cream"): then it names a thing and no material."""
    before, after = re.findall(r"[a-z]+\s+$", folded[: match.start()]), re.match(r"\s+([a-z]+)", folded[match.end() :])
    follows = after is not None and after[1] not in STOPWORDS
    return bool(before) and before[0].strip() not in STOPWORDS and not follows


def _people(message: str) -> Iterator[Constraint]:
    """Whom it is for leaves out what is made for the other; it never demands that a listing states a gender."""
    folded = _BIRTHDAY.sub(" ", _asides().sub(" ", message.casefold().replace("’", "'")))
    folded = _relation().sub("", folded)
    spoken = {word.removesuffix("'s") for word in re.findall(r"[a-z']+", folded)} | set(words(folded))
    named = {gender: _called(row, folded, spoken) for gender, row in table("people").items()}
    called = [gender for gender, word in named.items() if word]
    if len(called) != 1:
        return
    gender, word = called[0], named[called[0]] or ""
    origin: Origin = "said" if word in table("people")[gender]["named"] else "inferred"
    if _NOT_FOR.search(folded[: folded.find(word)]):
        gender = next(other for other in named if other != gender)
    yield Constraint("attributes.Gender", "not_in", tuple(table("people")[gender]["leaves_out"]), origin)


def without_people(words: str) -> str:
    """`words` without whom something is for: another one is meant now."""
    return " ".join(_persons().sub(" ", words).split()).strip(" ,，。;；")


def person_named(message: str) -> str | None:
    """The person that a message names last, by a word that tells a gender."""
    known = (word for row in table("people").values() for word in (*row["named"], *row["meant"]))
    folded = message.casefold()
    places = {w: folded.rfind(w.casefold()) for w in known if len(w) > 1 and re.search(_edged(w), folded)}
    return max(places, key=lambda word: (places[word], len(word)), default=None)


def _edged(word: str) -> str:
    return re.escape(word) if has_cjk(word) else rf"(?<![a-z]){re.escape(word.casefold())}(?![a-z])"


@cache
def _persons() -> re.Pattern[str]:
    forms = sorted(
        {f for row in table("people").values() for f in (*row["named"], *row["meant"])}, key=len, reverse=True
    )
    english = "|".join(re.escape(form) for form in forms if form.isascii())
    chinese = "|".join(form for form in forms if has_cjk(form) and len(form) > 1)
    return re.compile(
        rf"(?:\bfor )?(?:\b(?:my|his|her|our|a|an|the) )?(?<![a-z])(?:{english})(?![a-z])|[给送]?(?:我)?(?:{chinese})(?:的)?",
        re.IGNORECASE,
    )


@cache
def _relation() -> re.Pattern[str]:
    """The "her" of "her brother", who is a man."""
    meant = (word for row in table("people").values() for word in row["meant"] if word.isascii())
    return re.compile(rf"\b(?:her|his) (?=(?:{'|'.join(meant)})\b)")


_ANGRY = r"(?:so |very |really )?(?:angry|mad|cross|furious|upset|annoyed|livid|crazy|nuts|ballistic)"
_SAYS = (
    r"(?:says?|said|sent|wants me|asked(?! for)|hates|dislikes|detests|(?:can(?:'t|not| not)|does(?:n't| not)|won't) (?:stand|bear|like|want|approve|let)"
    r"|tells?|told|thinks?|thought|insists?|complains?|(?:only )?(?:gave|lets?|allows?|allowed|approve[sd]?|pays?|paid|is paying)"
    rf"|(?:becomes?|became|gets?|got|goes) {_ANGRY}|(?:would|will|'ll|'d|is going to|is gonna) (?:kill|skin|murder|divorce|complain|say|notice"
    rf"|scream|shout|throw|never|not|laugh|pay|freak|turn|(?:be|get|go) {_ANGRY}|make an? (?:\w+ )?(?:issue|fuss|scene)|have (?:my head|a fit)))"
)
_SAYS_ZH = (
    "(?:也|都|就|又|会|要|得|肯定|一定|可能|一直|老|刚|才|只|已经)*(?:说|话(?!题)|讲|嘱咐|交代|冒火|骂|吼|念叨|唠叨|生气|发火|翻脸|不[让许准肯给]|不同意"
    "|批了?|给了|买单|付[钱款]|掏钱|出钱|报销|看[到见]|知道|同意|嫌|见不得|看不惯|受不了|不喜欢|讨厌|有意见)"
)


@cache
def _asides() -> re.Pattern[str]:
    """Persons who only have their say: "my wife would kill me", 老公说; nothing is for them."""
    meant = [word for row in table("people").values() for word in row["meant"]]
    english = "|".join(re.escape(word) for word in meant if word.isascii())
    chinese = "|".join(sorted((word for word in meant if has_cjk(word)), key=len, reverse=True))
    return re.compile(
        rf"\b(?:[a-z]+ )?(?:{english})\b(?:-in-law)?(?:'s)?(?: just| jist| only| even)? {_SAYS}\b|\bfrom (?:my|our|the) (?:{english})\b"
        rf"|\b(?:hey|hi|hello|yo|oh|awright|alright|thanks|cheers)[ ,]+(?:big |my )?(?:man|lady|boy|girl|bro|sis)\b(?!')|(?:{chinese}){_SAYS_ZH}"
        r"|(?:客服|店家?|前台)?小?(?:姐姐|哥哥|妹妹|姐|哥)(?=在[吗线不么嘛]|你好|您好|好[呀啊吖]?\W*$)"
    )


def _called(row: dict[str, list[str]], message: str, spoken: set[str]) -> str | None:
    forms = [*row["named"], *row["meant"]]
    return next((f for f in forms if f in spoken or (has_cjk(f) and len(f) > 1 and f in message)), None)


def _merged(constraints: list[Constraint]) -> Iterator[Constraint]:
    """Several values wanted of one attribute are alternatives: "black or brown" asks for either."""
    alternatives: dict[str, tuple[str, ...]] = {}
    brands = tuple(dict.fromkeys(str(c.value) for c in constraints if c.field == "brand" and c.op == "eq"))
    for constraint in constraints:
        if constraint.op == "contains" and isinstance(constraint.value, tuple):
            alternatives[constraint.field] = (*alternatives.get(constraint.field, ()), *constraint.value)
        elif not (constraint.field == "brand" and constraint.op == "eq"):
            yield constraint
    if brands:
        yield Constraint("brand", "eq", brands[0]) if len(brands) == 1 else Constraint("brand", "in", brands)
    for field, values in alternatives.items():
        yield Constraint(field, "contains", tuple(dict.fromkeys(values)))
