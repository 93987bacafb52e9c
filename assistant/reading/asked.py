"""The kind of product that a message asks for: what heads the request, not what it is for nor what qualifies it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from assistant.reading.kinds import NO_HEAD, singular
from assistant.reading.things import Thing, thing_asked, things
from assistant.reading.vocabulary import Vocabulary
from catalog import STOPWORDS, has_cjk, tokens, words


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind as it was written (`word`, at `span`) and as the catalogue names it (`names`), if it carries any."""

    word: str
    names: tuple[str, ...]
    span: tuple[int, int]
    carried: bool = True

    @property
    def forms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.word, *self.names)))


_PIECE = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*|[^\sa-z0-9]")
_DETERMINERS = frozenset("a an the my our his her their your some any this that these those".split())
_GOVERNED = re.compile(
    r"\b(?:for|in|on|with|from|to|at|into|by|about|using|than|of|near|against|inside|likes?|loves?|enjoys?|plays?|drinks?|collects?"
    r"|(?:i|we|he|she|they|who|already) (?:have|has|own|owns|got|bought|use|uses))$"
)
_GOVERNING_VERBS = frozenset(
    "likes loves love enjoys enjoy plays play drinks drink collects collect own owns bought uses".split()
)
_SOUGHT = re.compile(
    r"\b(?:(?:look|looking|look out|looking out|search|searching|shop|shopping|hunt|hunting|ask|asking|market|need|wish|hope|hoping|recommendations?|ideas?"
    r"|suggestions?|options?|browse|go|going|spend|deals?) (?:for|in|on|of|at)|(?:do|done|deal|happy) with|treat(?:ing)? (?:my|your|our|him|her|them)(?:self|selves)? to"
    r"|interested in|thinking (?:of|about)|(?:what|how) about"
    r"|back (?:to|on)|return(?:ing)? to|(?:would|'d|i'd|we'd|id) (?:really )?(?:like|love)|(?:set|pair|pack|box|couple|kind|sort|type|piece|bunch|lot|lots|some|any|one|none"
    r"|either|most|\d+)s? of)$"
)
_NOT_A_NOUN = frozenset(
    "something anything nothing be is are was were it's very too so really pretty quite more less to can will should i you we they"
    " bit super extra can't cannot could couldn't would wouldn't won't shouldn't must mustn't might don't doesn't didn't".split()
)
_A_NEW_ONE = re.compile(r"\b(?:(?:an?|the) )?(?:new|another|replacement|better)(?: one)?\W*$", re.IGNORECASE)
_WHO = frozenset("i we you they he she who just already once".split())
_SEEN = frozenset("it this that these those one them something some a an the your his her my him".split())
_ALSO_ADJECTIVES = frozenset({"light"})
_MOST = 8  # kinds that are looked at in one message
_VERBS_ZH = frozenset("要 能 能够 可以 可 用来 用于 放 放进 装 适合 配 搭配 带 有 是 得 会 需要 最好 必须 一定".split())
_MODIFIER_ZH = frozenset("的用上里给在")
_PARTICLE_ZH = frozenset("吗呢吧啊呀么或和与跟及还有要能可不都也是多")
_GOES_ON_ZH = re.compile(
    r"[在上去](?:哪|什么)|给(?:我|俺|咱|拿|看|来)|里头?有|[你您我咱俺这那]|(?:都|全)?[拿摆搬取列发刷挑选瞅瞧翻](?!花|针|衣)|兜里|手[里头]|预算|最多|顶多|[不别]超|只[有能剩]|就[剩有]"
)
_BUYING_ZH = re.compile(r"[买找寻挑选看逛](?:[一几][个件条双张只])?[^，。！？,.!?的]{0,4}$")
_SPENT_ZH = re.compile(
    r"(?:(?:超过|不到|了|到|个|出去?)?\s*[$¥￥]?[\d一二两三四五六七八九十百千几多]|(?:那么|这么|太)?多?钱|费|销|不起|得起|超过|多少)"
)
_SPENDING_ZH = re.compile(r"(?:[多少想敢肯愿该得再乱白没只能才要会昏]|打算|舍得|准备|可以|允许)$")
_CLAUSE = re.compile(r"[^，。！？,.!?；;\s]+")


def asked_kinds(message: str, vocabulary: Vocabulary, *, priced: bool = False) -> tuple[Kind, ...]:
    """The kind asked for, with its alternatives ("shoes or boots"); () if none is named.

    What the catalogue calls a kind goes before what shops elsewhere sell.

    `priced` tells that a price was cut out of the message: "50 dollars for a tent" asks for the tent.
    """
    found = list(_chinese(message, vocabulary) if has_cjk(message) else ())
    found = found or _english(message, vocabulary, priced)
    thing = thing_asked(message, vocabulary)
    if thing and (not found or _is_another(found, thing, vocabulary)):
        found = [Kind(message[slice(*thing.span)].casefold(), thing.names, thing.span, thing.carried)]
    return tuple(found)


def _is_another(found: list[Kind], thing: Thing, vocabulary: Vocabulary) -> bool:
    """Whether the kind read is but the last word of a thing that no such product is: a "washing machine" is no machine
    of a shop whose machines say nothing of washing.
    """
    kind = found[0]
    if thing.carried or len(found) > 1 or not (thing.span[0] < kind.span[0] and thing.span[1] == kind.span[1]):
        return False
    said = vocabulary.said_of.get(kind.names[0], frozenset())
    return not set(tokens(thing.names[0])[:-1]) <= said


def _english(message: str, vocabulary: Vocabulary, priced: bool) -> list[Kind]:
    pieces = list(_PIECE.finditer(message.casefold()))
    spoken = [piece[0] for piece in pieces]
    heads = list(
        islice(
            (i for i in range(len(spoken)) if _is_head(spoken, i, vocabulary) and not _is_governed(spoken, i, priced)),
            _MOST,
        )
    )
    if not heads and _A_NEW_ONE.search(message):
        heads = list(islice((i for i in range(len(spoken)) if _is_head(spoken, i, vocabulary)), 1))
    if not heads:
        return []
    chosen = [heads[0]]
    chosen += [i for i in heads[1:] if _joined(spoken, heads[0], i)]
    return [Kind(spoken[i], (vocabulary.type_of(spoken[i]) or "",), pieces[i].span()) for i in chosen]


def _is_head(spoken: list[str], place: int, vocabulary: Vocabulary) -> bool:
    """Whether the word at `place` names a kind and no noun follows that it only qualifies ("coffee mug", "lamp oil")."""
    word = spoken[place]
    if has_cjk(word) or vocabulary.type_of(word) is None or word in STOPWORDS:
        return False
    if place and spoken[place - 1] in _NOT_A_NOUN and spoken[max(place - 2, 0) : place] != ["back", "to"]:
        return False
    if word == "saw" and (not place or spoken[place - 1] in _WHO or "".join(spoken[place + 1 : place + 2]) in _SEEN):
        return False  # "I saw it" names no tool
    if word in _ALSO_ADJECTIVES and (not place or spoken[place - 1] in STOPWORDS - _DETERMINERS):
        return False
    following = spoken[place + 1] if place + 1 < len(spoken) else ""
    if vocabulary.type_of(following):
        return False
    term = vocabulary.terms.get(word)
    if term is not None and _is_noun(following, vocabulary):
        return False
    said = not vocabulary.prose.isdisjoint({following, singular(following)})
    return not (_is_noun(following, vocabulary) and said and len(following) > 3)


def _is_noun(word: str, vocabulary: Vocabulary) -> bool:
    plain = word.isalpha() and word not in STOPWORDS and word not in NO_HEAD and not word.endswith(("ly", "ing"))
    return plain and word not in vocabulary.terms


def _is_governed(spoken: list[str], place: int, priced: bool) -> bool:
    """Whether the noun phrase at `place` hangs on a preposition or on what somebody has or likes."""
    back = place - 1
    while back >= 0 and spoken[back] not in STOPWORDS | _GOVERNING_VERBS and spoken[back][0].isalnum():
        back -= 1
    while back >= 0 and spoken[back] in _DETERMINERS:
        back -= 1
    before = " ".join(spoken[: back + 1])
    opens = priced and all(word in STOPWORDS or not word.isalnum() for word in spoken[: back + 1])
    return _GOVERNED.search(before) is not None and not _SOUGHT.search(before) and not opens


def _joined(spoken: list[str], first: int, other: int) -> bool:
    between = spoken[first + 1 : other]
    return "or" in between and all(
        word in _DETERMINERS or word.isalpha() and word not in STOPWORDS - {"or"} for word in between
    )


def _chinese(message: str, vocabulary: Vocabulary) -> Iterator[Kind]:
    """The last kind of the first clause that names one, before what is said of it ("杯子要能放进洗碗机")."""
    folded = message.casefold()
    for clause in _CLAUSE.finditer(folded):
        found: Kind | None = None
        alternatives: list[Kind] = []
        for start, end in _segments(clause[0]):
            word = clause[0][start:end]
            if found and word in _VERBS_ZH:
                break
            name = vocabulary.type_of(word)
            if name is None or word in vocabulary.terms or word in vocabulary.brands:
                continue
            before, after = clause[0][:start], clause[0][end:]
            if _qualifies(word, before, after) or before.endswith(("在", "给")) or _is_spending(word, before, after):
                continue
            if _ends_otherwise(word, name, vocabulary):
                continue
            kind = Kind(word, (name,), (clause.start() + start, clause.start() + end))
            if found and re.fullmatch(r"(?:或者?|还是)", clause[0][found.span[1] - clause.start() : start]):
                alternatives.append(found)
            found = kind
        if found:
            yield from (found, *alternatives)
            return


def _qualifies(word: str, before: str, after: str) -> bool:
    """Whether a word is only part of what follows: 厨房 in 厨房用的, 茶 in 茶具; not 被子 in 被子在哪, 把碗摆出来 or 来买被子的."""
    following = after[:1]
    if before.endswith("把") or _GOES_ON_ZH.match(after):
        return False
    if following == "的" and len(after) == 1 and _BUYING_ZH.search(before):
        return False
    return following in _MODIFIER_ZH or (len(word) == 1 and has_cjk(following) and following not in _PARTICLE_ZH)


def _is_spending(word: str, before: str, after: str) -> bool:
    """Whether 花 is no flower but what is done with money: 花多少都行, 不想花超过100元."""
    return word[-1:] == "花" and (_SPENT_ZH.match(after) or _SPENDING_ZH.search(before + word[:-1])) is not None


def _ends_otherwise(word: str, name: str, vocabulary: Vocabulary) -> bool:
    """Whether a word ends in another thing than the kind that its last character names, one that no listing of that kind
    speaks of: 隐形眼镜 are 眼镜, and no 镜, though a case for 眼镜 be sold.
    """
    endings = (word[start:] for start in range(len(word)) if len(word) - start > len(name))
    known = next((ending for ending in endings if ending in things()), None) if len(name) == 1 else None
    if known is None or any(vocabulary.carries(other) for other in things()[known]):
        return False
    return known not in vocabulary.said_of.get(name, frozenset())


def _segments(clause: str) -> Iterator[tuple[int, int]]:
    """The whole words of a clause in order, of those that hold one another only the longest."""
    taken = 0
    place = 0
    for word in _longest(words(clause)):
        place = clause.find(word, taken)
        if place >= 0:
            taken = place + len(word)
            yield place, taken


def _longest(spoken: list[str]) -> list[str]:
    """Drops the parts that segmentation in search mode lists before the word they make up."""
    kept: list[str] = []
    for word in spoken:
        while kept and kept[-1] in word and len(kept[-1]) < len(word) and has_cjk(word):
            kept.pop()
        kept.append(word)
    return kept
