"""Which words name kinds of products in a catalogue ("bag", "鞋"), learnt from its titles, categories and styles."""

import re
from collections import Counter
from collections.abc import Iterable

from catalog import STOPWORDS, Product, has_cjk, measure, words

KIND_ATTRIBUTES = ("Style", "Type", "类型")
_SMALL_CATALOGUE = 400
_KIND_COUNT = 5  # a style that this many products of one category share names a kind, not a look
_TITLED = 0.2  # and so does one that this part of its products say in the title
_GENERIC = frozenset(
    "set kit pack pair piece collection edition home style size gift can duo combo bundle"
    " 套装 新款 系列 组合 世界 功能 设备 用品 件套 一只 只装 礼盒 款式 包装 一对 三件套 两件套 四件套".split()
)
_GENERIC_END = re.compile(
    r"(?:套装|组合|系列|礼盒|[一二两三四五六七八十]?件套|[一二两三四五六十]?[只条个支]装|一对|款)+$"
)
_SHORT_CHINESE_KINDS = frozenset("灯鞋壶被枕笔裙茶床包伞杯碗锅刀书钟镜帽袜椅桌凳柜盘毯靴花梳皂裤恤")
# Words that may follow a noun and are no noun that it qualifies.
NO_HEAD = frozenset(
    "size sizes made which whose that who where color colour costing priced around within between without except excluding including plus using"
    " during after before per via like as than while because since if unless though but and or nor only just please pls thanks"
    " too also again instead maybe perhaps ideally preferably max maximum min minimum options choices selection today now here suitable available able good"
    " great best better cheap cheaper cheapest nice small big large long short wide tall high light heavy soft warm new used"
    " lighter smaller bigger larger shorter longer wider taller heavier stronger softer warmer thinner quieter less more no not"
    " should must can could may might need needs want wants comes come fits fit costs cost holds has have had having does is are"
    " was were will would works work looks look lasts last goes go sleeps weighs measures includes include supports".split()
)
_ENDS_IN_IE = frozenset(
    "beanies brownies calories cookies genies hoodies movies neckties nighties onesies plushies scrunchies smoothies"
    " sweeties veggies".split()
)
_ENDS_IN_F = frozenset(
    "bookshelves calves halves hooves knives leaves lives loaves scarves selves shelves thieves wives wolves".split()
)
_NOT_NOUN = re.compile(r"\w{3,}ed|\w{4,}ing")


def singular(word: str) -> str:
    """The singular of an English noun, near enough for comparing kinds of products."""
    if word.endswith("ies") and len(word) > 4 and word not in _ENDS_IN_IE:
        return word[:-3] + "y"
    if word in _ENDS_IN_F:
        return word[:-3] + ("fe" if word[-4] in "i" else "f")
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def kind_of(word: str, kinds: frozenset[str]) -> str | None:
    """The kind that `word` names: its singular, or for Chinese its longest ending that names one."""
    if not has_cjk(word):
        single = singular(word)
        return single if single in kinds else None
    bare = word[:-1] if len(word) == 2 and word[-1] in "子头" and word[0] in kinds else word
    return next((bare[i:] for i in range(len(bare)) if bare[i:] in kinds), None)


def learn_kinds(products: tuple[Product, ...]) -> frozenset[str]:
    """Category names, how titles end, and values of a style or type attribute that stand for a kind."""
    endings: Counter[str] = Counter()
    kinds: set[str] = set()
    styles: dict[str, list[bool]] = {}
    homes: dict[str, set[str]] = {}
    for view in views(products):
        endings.update(_ending(view.title))
        kinds.update(_category_kinds(view.category))
        for name, value in view.attributes.items():
            if name in KIND_ATTRIBUTES and len(value.split()) == 1:
                styles.setdefault(value.casefold(), []).append(value.casefold() in view.title.casefold())
                homes.setdefault(value.casefold(), set()).add(view.category)
    least = 1 if len(products) <= _SMALL_CATALOGUE else 2
    kinds.update(word for word, count in endings.items() if count >= least and not _NOT_NOUN.fullmatch(word))
    for value, titled in styles.items():
        if sum(titled) >= _TITLED * len(titled) or (len(homes[value]) == 1 and len(titled) >= _KIND_COUNT):
            kinds.add(singular(value))
    sets = {word for word, count in endings.items() if word.endswith("件套") and count >= _KIND_COUNT}
    return (frozenset(kind for kind in kinds if _is_kind(kind)) - _GENERIC) | sets  # bedding is sold as 四件套


def views(products: Iterable[Product]) -> Iterable[Product]:
    """Every product in each of its languages."""
    return (product.localised(locale) for product in products for locale in product.locales())


def _is_kind(word: str) -> bool:
    if has_cjk(word):
        return len(word) > 1 or word in _SHORT_CHINESE_KINDS
    return len(word) > 2 and word not in STOPWORDS


def _category_kinds(category: str) -> set[str]:
    """A category of one word names a kind, and so do plurals in longer names ("Toys & Games", not "Home Office")."""
    leaf = category.split(" > ")[-1]
    if has_cjk(leaf):
        return {part for part in re.split(r"[与和/、]", leaf) if part} | {leaf[-1:]}
    found = re.findall(r"[a-z]+", leaf.casefold())
    return {singular(word) for word in found if len(found) == 1 or singular(word) != word}


def named_head(title: str) -> str:
    """What a title names, without the "set" or "套装" that ends it: its last word, for Chinese its last run of characters."""
    head = _head(title)
    if has_cjk(head):
        return _GENERIC_END.sub("", re.findall(r"[\u3400-\u9fff]+", head)[-1])
    plain = [word for word in words(head) if word not in _GENERIC and not any(char.isdigit() for char in word)]
    return plain[-1] if plain else ""


def _head(title: str) -> str:
    """A title before sizes and what comes after a comma, dash or bracket."""
    return re.split(r"[,(\[（，|]| - | – | with | for ", title)[0]


def _ending(title: str) -> set[str]:
    """The last plain word of a title, before sizes, numbers and what comes after a comma, dash or bracket."""
    plain = [word for word in words(_head(title)) if not any(char.isdigit() for char in word)]
    while plain and (measure(f"1 {plain[-1]}") or (0, ""))[1] in {"g", "ml", "mm", "w", "min"}:
        plain.pop()
    if not plain:
        return set()
    last = plain[-1]
    return {last, last[-1]} if has_cjk(last) else {singular(last)}
