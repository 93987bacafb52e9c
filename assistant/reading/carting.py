"""What a message does with the cart: puts in, changes, takes out, looks, goes to the checkout. Knows no stock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.reading import change
from assistant.reading.counts import Counted, count_in
from assistant.reading.intent import asks_on, outranks_cart
from assistant.reading.options import option_words, spoken
from assistant.reading.reference import resolve
from catalog import Product, has_cjk, mentions, tokens

Act = Literal["add", "set", "vary", "remove", "clear", "show", "checkout", "ask", "which"]

_I = re.IGNORECASE
_CART = r"(?:shopping )?(?:cart|basket|bag|trolley)\b"
_LEAD = (
    r"^\W*(?:(?:ok(?:ay)?|yes|yeah|yep|sure|great|perfect|good|fine|then|so|and|also|please|thanks?|alright|actually|cool|nice|well"
    r"|can you|could you|no|sorry|just|that'?s (?:all|it|everything)|nothing else|i'?m done)\b\W*)*"
)
_ZH_LEAD = r"^\W*(?:(?:好的?|行|嗯+|可以|那么?|就|请|麻烦|帮我|给我|我|再|就这些|没有?别的了?)[，,\s]*)*"
_COUNT_ZH = "(?:个|款|件|双|条|只|盏|把|张|套|本|瓶|台|支|份|对|盒|包)"
_NUMBER_ZH = r"(?:[一二两三四五六七八九十]+|\d{1,3})"
_CLEAR = re.compile(
    rf"\b(?:empty|clear|clean)(?: out)? (?:my |the )?{_CART}"
    rf"|\b(?:remove|delete|take out) (?:everything|all|all of (?:it|them)|all items)(?: (?:from|in|out of) (?:my |the )?{_CART})?\W*$"
    r"|清空(?:我的|整个|一下)?购物车|购物车.{0,3}(?:清空|全部?删)|把?购物车里?的?(?:东西)?(?:全部?|都)(?:删|不要|去)",
    _I,
)
_SHOW = re.compile(
    rf"\bwhat(?:'s| is| do i have| have i got| did i put)?(?: all| now)? in (?:my |the ){_CART}|\b(?:show|see|view|open|check)(?: me)? (?:my |the ){_CART}\W*$"
    rf"|^\W*(?:my |the )?{_CART}(?: please)?\W*$|\bhow (?:much|many)\b.{{0,30}}\b(?:my|the) {_CART}"
    r"|购物车(?:里|中)?(?:现在)?(?:都)?(?:有)?(?:些)?(?:什么|哪些|几|多少)|(?:看看?|查看|打开)(?:一下)?(?:我的)?购物车\W*$|^\W*(?:我的)?购物车\W*$|购物车.{0,4}(?:总价|合计|一共|总共)",
    _I,
)
_CHECKOUT = re.compile(
    _LEAD
    + rf"(?:(?:i'?m |i am )?ready to |i(?:'d like| want| would like) to |let'?s |let me |can i |take me to |go to |proceed to |how do i |continue to )*(?:the )?"
    rf"(?:check ?-?out|pay)(?: (?:now|please|my {_CART}))*\W*$|\bplace (?:my |the |an )?order\b"
    rf"|{_ZH_LEAD}(?:想|要|去|现在)*(?:结账|结算|结帐|买单|去付款|下单)(?:吧|了)?\W*$",
    _I,
)
_ACCEPT = re.compile(r"\baccept (?:the |these |all )?changes?\b|接受(?:这些|全部|所有)?(?:变动|变化|更改)", _I)
_IN_CART = re.compile(rf"\b(?:in|from|into|to|out of) (?:my |the ){_CART}|购物车(?:里|中|内)?", _I)
_REMOVE = re.compile(
    rf"{_LEAD}(?:remove|delete|drop|lose|scrap|get rid of|take (?:out|off|away))\b|{_LEAD}take\b.{{1,60}}\b(?:out|off|away)\b"
    rf"|{_LEAD}(?:i )?(?:don'?t|do not) (?:want|need)\b.{{1,60}}\b(?:any ?more|after all)\b|\bone (?:less|fewer)\b"
    rf"|删(?:掉|除|了|去)?|移(?:除|出|走|掉)|去掉|拿(?:掉|出|走|下)|取出|不要了|不要.{{1,12}}了\W*$|少(?:要|来|买)?{_NUMBER_ZH}{_COUNT_ZH}",
    _I,
)
_SET = re.compile(
    rf"{_LEAD}(?:make (?:it|that|them|those)|(?:change|set|update)\b.{{1,60}}?\bto)\b|改成|改为|换成|变成|调成|数量(?:改|是|为)",
    _I,
)
_INTO_CART = re.compile(
    rf"\b(?:add|put|throw|stick|pop|place|get)\b.{{0,200}}?\b(?:to|in|into) (?:my |the |a )?{_CART}|\badd to (?:my |the )?{_CART}"
    r"|[加放].{0,30}?(?:进|入|到|去)?(?:我的)?购物车|购物车(?:里|中)?再?[加放]|加购(?!物)",
    _I,
)
_TAKE = re.compile(
    rf"{_LEAD}(?:i'?ll (?:take|have|get|buy|order|go (?:for|with))|i (?:will )?(?:take|choose|buy)|i(?:'d| would) like to (?:buy|order|take)"
    r"|i want to (?:buy|order|take)|let me (?:take|have|get|buy|order)|let'?s (?:take|get|go with)|i'?m (?:taking|buying|getting)|buy|order|add|take)\b"
    r"|^\W*i want (?=(?:it|this one|that one|both|the \w+ one)\b[^a-z]*(?:please)?\W*$)"
    rf"|{_ZH_LEAD}(?:想|要)?(?:要|买|拿|选|下单|订|来|加)(?:了)?(?=[这那](?!种|样|类|么)|第|它|最后|前[两二三]|两{_COUNT_ZH}都)"
    rf"|{_ZH_LEAD}就?(?:这|那|它)(?:一?{_COUNT_ZH})?[了吧]\W*$|(?:这|那|它|第.){_COUNT_ZH}?(?:我)?(?:就)?(?:都)?(?:要|买|拿)了|两{_COUNT_ZH}都(?:要|买)",
    _I,
)
_SO_MANY = re.compile(
    rf"{_LEAD}(?:(?:only|give me|i(?:'d like| want| need|'?ll take)) )*(?:(?:one(?= more)|two|three|four|five|six|seven|eight|nine|ten|twelve|a couple)"
    r"(?: more)?(?: of (?:those|these|them|it|that|this|the .{1,60}))?|\d{1,3} (?:more|of (?:those|these|them|it|that|this|the .{1,60})|(?=please)))"
    r"(?:,? (?:please|pls|thanks|thank you|then))*\W*$"
    rf"|{_ZH_LEAD}(?:要|来|买|拿|加){_NUMBER_ZH}{_COUNT_ZH}(?:.{{1,8}}的)?(?:吧|谢谢|就行|就好)?\W*$",
    _I,
)
_THEN_SO_MANY = re.compile(
    rf"(?:要|来|买|拿|加|订){_NUMBER_ZH}{_COUNT_ZH}(?:吧|谢谢|就行|就好)?\W*$"
)  # of a product named before
_TAKES_OUT = re.compile(r"\b(?:remove|delete) (?:it|that|them|those)\b|(?:删|移除|移出|拿出|取出).{0,2}[它这那]", _I)
_BUYS = re.compile(r"\b(?:buy|order)\b|买|下单", _I)
_MORE = re.compile(r"\b(?:more|another|extra)\b|再|加|多", _I)
_UNKNOWN = re.compile(r"\b(?:an?|some|any|something|anything|another)\b(?! (?:couple|pair|dozen)\b)", _I)
_TOGETHER = re.compile(r"\bboth\b", _I)
_INSTEAD = re.compile(r"\binstead\b|换成|改成|改为", _I)
_FILLER = re.compile(
    rf"{_IN_CART.pattern}|\b(?:i'?ll|i'?d|i'?m|i|am|would|will|want|like|need|to|let'?s?|me|my|go|for|with|take|taking|have|get|getting|buy|buying|order"
    r"|choose|add|adding|put|throw|stick|pop|place|give|remove|delete|drop|lose|scrap|rid|out|off|away|from|of|don'?t|do|not|anymore|any|more|after"
    r"|all|make|change|set|update|instead|quantity|number|one|ones|the|an?|it|its|this|that|these|those|them|then|so|and|also|please|pls|thanks?|thank you"
    r"|ok(?:ay)?|yes|yeah|yep|sure|great|perfect|good|fine|alright|actually|cool|nice|well|can|could|you|no|sorry|just|only|size|colou?r|in|less|fewer|pieces?|pairs?|units?|copies|couple)\b"
    rf"|把|加入|加到|加进|加购|放进|放到|放入|购物车|删掉|删除|删|移除|移出|移走|移掉|去掉|拿掉|拿出|拿走|取出|不要|改成|改为|换成|变成|调成|数量|少要|少来|少"
    rf"|[这那](?:一?{_COUNT_ZH})?|它们?|{_COUNT_ZH}(?=\W|$|的)|好的|帮我|给我|麻烦|谢谢|尺码|码|颜色|[我要来买拿选订加放就再也各先到进想了吧的请好行嗯里中从]",
    _I,
)
_THE = re.compile(r"\bthe ((?:[a-z-]+ ?){1,3})", _I)


@dataclass(frozen=True, slots=True)
class Basket:
    """What a message about the cart is read against: the products in it, the last one that was put in or changed.

    `fresh` tells that the last turn did that; `asked` are the answers among which the last turn had the shopper choose.
    """

    inside: tuple[Product, ...] = ()
    last: str | None = None
    fresh: bool = False
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CartWish:
    """What is to be done: with `targets`, or once it is known which of `among` are meant; `words` may name a variant.

    "ask" is a question about a product in the cart, "which" one that may be about several.
    """

    act: Act
    targets: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    quantity: int | None = None
    words: str = ""
    accept: bool = False


@dataclass(frozen=True, slots=True)
class _Meant:
    """The products that were meant for sure, or those to choose from."""

    ids: tuple[str, ...] = ()
    among: tuple[str, ...] = ()


def read(message: str, shown: Sequence[Product], focus: str | None, basket: Basket) -> CartWish | None:
    """What `message` does with the cart; None where it is about something else ("I want a tent")."""
    if outranks_cart(message):
        return None
    if _CLEAR.search(message):
        return CartWish("clear")
    if _SHOW.search(message):
        return CartWish("show")
    if _ACCEPT.search(message) or _CHECKOUT.search(message):
        return CartWish("checkout", accept=_ACCEPT.search(message) is not None)
    return (
        _answered(message, shown, focus, basket)
        or _removed(message, shown, focus, basket)
        or _changed(message, basket)
        or _added(message, shown, focus, basket)
        or _asked(message, shown, basket)
    )


def _answered(message: str, shown: Sequence[Product], focus: str | None, basket: Basket) -> CartWish | None:
    """The answer to "which one?" or "which size?": the offered act, with what this message makes certain."""
    alone = replace(basket, asked=())
    offered = [wish for one in basket.asked if (wish := read(one, shown, focus, alone)) and len(wish.targets) == 1]
    ids = tuple(dict.fromkeys(wish.targets[0] for wish in offered))
    pool = [p for p in _pool(shown, basket) if p.id in ids]
    if not offered or not pool:
        return None
    counted = count_in(message, pool)
    if len(pool) == 1:
        return _chosen(counted, pool[0], offered)
    meant = _meant(counted.rest, [next(p for p in pool if p.id == id) for id in ids], None)
    if meant is None or len(meant.ids) != 1 or not (_content(counted.rest) or resolve(counted.rest, pool, None).sure):
        return None
    wish = next(one for one in offered if one.targets == meant.ids)
    return replace(wish, quantity=counted.number or wish.quantity)


def _chosen(counted: Counted, product: Product, offered: Sequence[CartWish]) -> CartWish | None:
    """The size or colour that an answer chooses: of those offered where it fits one of them, else as it says."""
    said = spoken(product, counted.rest)
    if not said or _content(counted.rest) - option_words(product):
        return None
    fits = [wish for wish in offered if all(spoken(product, wish.words).get(n, v) <= v for n, v in said.items())]
    wish = fits[0] if len(fits) == 1 else replace(offered[0], words=counted.rest)
    return replace(wish, quantity=counted.number or wish.quantity)


def _removed(message: str, shown: Sequence[Product], focus: str | None, basket: Basket) -> CartWish | None:
    """Only what is in the cart can be taken out of it: "drop the price limit" is about something else."""
    if not _REMOVE.search(message):
        return None
    explicit = _IN_CART.search(message) is not None
    if not basket.inside:
        nothing = _TAKES_OUT.search(message) is not None and not _content(message)
        return CartWish("show") if explicit or nothing else None
    counted = count_in(message, basket.inside, one=True)
    ids = {p.id for p in basket.inside}
    meant = None if explicit else _meant(counted.rest, [p for p in shown if p.id in ids], None, certain=True)
    if meant is None and not explicit:
        pointed = resolve(counted.rest, shown, focus)
        meant = _Meant(pointed.ids) if pointed.sure and pointed.ids and set(pointed.ids) <= ids else None
    meant = meant or _meant(counted.rest, basket.inside, focus if focus in ids else basket.last)
    if meant is None:
        return CartWish("which", among=tuple(p.id for p in basket.inside)) if explicit else None
    return CartWish("remove", meant.ids, meant.among, counted.number, message)


def _changed(message: str, basket: Basket) -> CartWish | None:
    """Another count ("make it three"), or another size or colour of what was just put in ("make it the blue one")."""
    if not basket.inside or not (_SET.search(message) or _INSTEAD.search(message)):
        return None
    counted = count_in(message, basket.inside, one=True)
    meant = _meant(counted.rest, basket.inside, basket.last)
    if counted.number is not None and meant and (basket.fresh or counted.number <= _FEW):
        return CartWish("set", meant.ids, meant.among, counted.number, message)
    last = next((p for p in basket.inside if p.id == basket.last), None)
    if basket.fresh and last and spoken(last, counted.rest) and not _content(counted.rest) - option_words(last):
        return CartWish("vary", (last.id,), words=message)
    return None


_FEW = 12  # "make it three" is a count; "make that 80" may be a price


def _added(message: str, shown: Sequence[Product], focus: str | None, basket: Basket) -> CartWish | None:
    explicit = _INTO_CART.search(message) is not None
    pool = _pool(shown, basket)
    named = _THEN_SO_MANY.search(message) is not None and bool(resolve(message, pool, focus).ids)
    if not (explicit or named or _TAKE.search(message) or _SO_MANY.search(message)):
        return None
    counted = count_in(message, pool)
    meant = _meant(counted.rest, shown, focus or _only(basket, shown))
    if meant is None and pool:
        meant = _meant(counted.rest, pool, None, certain=True)
    vague = _UNKNOWN.search(counted.rest) is not None and bool(_content(counted.rest))
    vague = vague or change.wants_cheaper(message) or change.wants_dearer(message) or change.wants_others(message)
    if vague and not resolve(counted.rest, pool, None).sure and not (explicit and meant and meant.ids):
        return None  # "I'll take a tent" looks for one
    if meant and len(meant.ids) > 1 and _TOGETHER.search(message) and len(shown) > len(meant.ids):
        meant = _Meant(among=tuple(p.id for p in shown))
    if meant is None:
        return CartWish("add") if explicit and not _content(counted.rest) else None
    again = basket.fresh and meant.ids == (basket.last,) and not _MORE.search(message)
    if again and not counted.number and not explicit and not _content(counted.rest):
        return CartWish("checkout" if _BUYS.search(message) else "show")  # it is in the cart already
    act: Act = "set" if again and counted.number and _SO_MANY.search(message) else "add"
    return CartWish(act, meant.ids, meant.among, counted.number, message)


def _asked(message: str, shown: Sequence[Product], basket: Basket) -> CartWish | None:
    """A question about what is in the cart, though the shelf may hold other things by now."""
    if not asks_on(_IN_CART.sub(" ", message)) or outranks_cart(message, rules=True):
        return None
    if _IN_CART.search(message):
        if not basket.inside:
            return CartWish("show")
        named = [p for p in basket.inside if _names(message, p)]
        meant = named or basket.inside
        ids = tuple(p.id for p in meant)
        return CartWish("ask", ids) if len(ids) == 1 else CartWish("which", among=ids, words=message)
    named = [p for p in basket.inside if _names(message, p)]
    if len(named) != 1 or any(p.id == named[0].id or _names(message, p) for p in shown):
        return None
    return CartWish("ask", (named[0].id,))


def _meant(message: str, pool: Sequence[Product], focus: str | None, *, certain: bool = False) -> _Meant | None:
    """Which of `pool` a message means; without a word of its own the one last spoken of, or the only one.

    With `certain` only what is named or counted is meant.
    """
    pointed = resolve(message, pool, None)
    if pointed.sure:
        return _Meant(pointed.ids) if pointed.ids else None
    said = _content(message)
    if not said:
        ids = (focus,) if focus else tuple(p.id for p in pool)
        if certain or not ids:
            return None
        return _Meant(ids) if len(ids) == 1 else _Meant(among=ids)
    fits = [p.id for p in pool if all(word in _words(p) for word in said)]
    if focus in fits or len(fits) == 1:
        return _Meant((focus,) if focus in fits and focus else tuple(fits))
    return _Meant(among=tuple(fits)) if fits and not certain else None


def _pool(shown: Sequence[Product], basket: Basket) -> tuple[Product, ...]:
    """What may be spoken of: the shelf, then what is in the cart."""
    return tuple({p.id: p for p in (*basket.inside, *shown)}[id] for id in _ids(shown, basket))


def _ids(shown: Sequence[Product], basket: Basket) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(p.id for p in shown), *(p.id for p in basket.inside)]))


def _only(basket: Basket, shown: Sequence[Product]) -> str | None:
    """What was just put in, which "two more" is said of."""
    return basket.last if basket.fresh or not shown else None


def _content(message: str) -> set[str]:
    """The words of a message that are not about the cart, and so must be the product's."""
    return set(tokens(_FILLER.sub(" ", message)))


def _words(product: Product) -> set[str]:
    options = (value for variant in product.variants for value in variant.options.values())
    text = " ".join((product.title, product.brand, product.category, *product.attributes.values(), *options))
    return set(tokens(text)) | set(option_words(product))


def _names(message: str, product: Product) -> bool:
    """Whether a message calls the product by words of its title: "the kettle", "水壶"."""
    if has_cjk(message) and has_cjk(product.title):
        return any(len(token) > 1 and has_cjk(token) and token in message for token in tokens(product.title))
    spans = (match[1].split() for match in _THE.finditer(message))
    return any(mentions(product.title, " ".join(words[:n])) for words in spans for n in range(1, len(words) + 1))
