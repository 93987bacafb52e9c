"""Postal addresses in a text, in English and Chinese, whole or in part; and whose address a wish means."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from assistant.service.reading.said import Wish
from assistant.service.reading.words import table
from assistant.service.types import Address, Customer, Order
from catalog import has_cjk

_I = re.IGNORECASE
_POSTCODE = re.compile(
    r"(?<![\d$#-])\d{5}(?:-\d{4})?(?![\d-])|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b"
)
_AFTER = re.compile(r"[.;!?](?:\s|$)|\n\n|\b(?:please|instead|thanks|and (?:also|then|i)|because)\b", _I)
_BRACES = re.compile(r"\{[^{}]*\}")
_PAIR = re.compile(r"['\"]?([\w ]+?)['\"]?\s*:\s*['\"]([^'\"]*)['\"]")
_ZH_REGION = r"(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区)|北京市?|上海市?|天津市?|重庆市?|香港|澳门)"
_ZH = re.compile(
    rf"(?P<region>{_ZH_REGION})?(?P<city>[\u4e00-\u9fff]{{2,8}}?(?:市|州|盟))?"
    r"(?P<line1>(?:[\u4e00-\u9fff]{1,8}?(?:区|县|镇|乡))?(?:[\u4e00-\u9fff\d]{1,12}?(?:路|街|道|巷|弄|胡同|大道|村|园|小区)[\u4e00-\u9fff]{0,10}?)+\d*[号弄]?(?:院)?)"
    r"(?P<line2>[A-Za-z\d-]{1,5}(?:号楼|栋|幢|座|单元|楼|层|室|房)[A-Za-z\d号栋幢座单元楼层室房-]*)?"
)
_ZH_LEAD = re.compile(r"^.*?(?:地址(?:改)?[是为成到]?|改[成为到]|寄到|送到|发到|换成|换到|住在|[:：,，])")


@dataclass(frozen=True, slots=True)
class Placed:
    """An address with its place in a text."""

    address: Address
    start: int
    end: int


def address_in(text: str) -> Address | None:
    """The address that a text gives; fields that it does not give are empty."""
    found = placed_in(text)
    return found[-1].address if found else None


def placed_in(text: str) -> list[Placed]:
    """The addresses that a text gives, in order, with their places; in part only where none is whole."""
    named = _named(text)
    if named:
        return named
    found: list[Placed] = []
    start = 0
    while match := (_chinese if has_cjk(text) else _english)(text, start):
        found.append(match)
        start = match.end
    whole = [one for one in found if one.address.line1]
    return whole or found[-1:]


def address_meant(wish: Wish, customer: Customer, orders: Sequence[Order]) -> tuple[Address, ...]:
    """The addresses that a wish may mean: the one it gives, the customer's own, one of another order, or one in a place."""
    if wish.address is not None:
        return (wish.address,)
    if wish.from_default_address and not wish.address_from:
        return (customer.address,)
    if not wish.address_from:
        return ()
    known = next((order.address for order in orders if order.id == wish.address_from), None)
    if known is not None:
        return (known,)
    held = dict.fromkeys([customer.address, *(order.address for order in orders)])
    return tuple(one for one in held if in_place(wish.address_from, one))


def in_place(words: str, address: Address) -> bool:
    """Whether a text names the city, the region or the country of an address."""
    folded = words.casefold()
    names = {
        address.city.casefold(),
        address.postcode.casefold(),
        _states().get(address.region.casefold(), address.region.casefold()),
    }
    if any(len(name) > 2 and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded) for name in names):
        return True
    return len(address.region) == 2 and re.search(rf"(?<!\w){re.escape(address.region)}(?!\w)", words) is not None


def place_named(text: str) -> str:
    """The state that a text names, as it is spelt there."""
    found = re.search(rf"(?<!\w)(?:{'|'.join(map(re.escape, _states().values()))})(?!\w)", text, _I)
    return found[0] if found else ""


def completed(said: Address, before: Address) -> Address:
    """What was said, with everything of the address before that a change of street or flat alone leaves as it is."""
    if said.city or said.postcode:
        return replace(said, region=said.region, country=said.country or before.country)
    return Address(
        line1=said.line1 or before.line1,
        line2=said.line2 or ("" if said.line1 and not _same_house(said.line1, before.line1) else before.line2),
        city=before.city,
        region=said.region or before.region,
        country=said.country or before.country,
        postcode=before.postcode,
    )


def _same_house(first: str, second: str) -> bool:
    """Whether two first lines differ in the number of the house only: a mistake that is put right."""
    return re.sub(r"\d+", "", first).strip().casefold() == re.sub(r"\d+", "", second).strip().casefold()


def _named(text: str) -> list[Placed]:
    """Addresses given field by field, in braces or as a list."""
    found = [(_fields(dict(_PAIR.findall(part[0]))), part.start(), part.end()) for part in _BRACES.finditer(text)]
    if not any(fields for fields, _, _ in found):
        rows = _fields(dict(re.findall(r"(?m)^\W*([A-Za-z][\w ]{2,16}?)\W*[:：]\W*(.+?)\W*$", text)))
        found = [(rows, 0, len(text))] if len(rows) > 2 else []
    whole = [(fields, start, end) for fields, start, end in found if {"line1", "city", "postcode"} & set(fields)]
    return [Placed(Address(**{"line1": "", **fields}), start, end) for fields, start, end in whole]


def _fields(pairs: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name, value in pairs.items():
        field = next(
            (field for field, way in table("places")["fields"].items() if re.fullmatch(way, name.strip(), _I)), None
        )
        if field:
            found[field] = value.strip()
    return found


def _english(text: str, start: int) -> Placed | None:
    street = _street().search(text, start)
    if street is None:
        units = [unit for unit in _unit().finditer(text, start) if re.search(r"\d", unit[0])]
        return Placed(Address("", units[-1][0].strip(" ,.")), units[-1].start(), units[-1].end()) if units else None
    rest = re.split(_AFTER, text[street.end() :], maxsplit=1)[0]
    unit = _unit().search(rest)
    beside = unit is not None and unit.start() < 4
    line2, at = (unit[0].strip(" ,."), unit.end()) if unit and beside else ("", 0)
    code = _POSTCODE.search(rest, at)
    city, region = _city(rest[at : code.start()] if code else rest[at:])
    country = re.compile(rf"(?<!\w)(?:{table('places')['countries']})(?!\w)", _I).search(
        rest, code.end() if code else at
    )
    if street[0].islower() and not (region or code or line2):
        return _english(text, street.end())  # "5 days to drive"
    end = max(
        [at, code.end() if code else 0, country.end() if country else 0, rest.find(city) + len(city) if city else 0]
    )
    nation = country[0].strip(". ") if country else ""
    address = Address(street[0].strip(" ,."), line2, city, region, nation, code[0] if code else "")
    return Placed(address, street.start(), street.end() + end)


def _city(text: str) -> tuple[str, str]:
    """The city and the state of what stands between a street and a postcode."""
    states = _states()
    parts = [part.strip(" .") for part in re.split(r"[,\n]", text) if part.strip(" .")]
    words = " , ".join(parts)
    match = (
        re.search(rf"(?<![\w])({'|'.join(map(re.escape, states.values()))})\W*$", words, _I) if len(parts) > 1 else None
    )
    code = re.search(r"(?<!\w)([A-Z]{2})\W*(?:,\s*[A-Za-z. ]+)?$", words, _I if len(parts) > 1 else 0)
    region = ""
    if code and code[1].casefold() in states:
        region, words = code[1].upper(), words[: code.start()]
    elif match:
        region = next(short.upper() for short, name in states.items() if name == match[1].casefold())
        words = words[: match.start()]
    city = next((part.strip() for part in words.split(",") if re.match(r"\s*(?:in |at )?(?!not\b)[A-Za-z]", part)), "")
    city = re.sub(r"^(?:in|at)\s+", "", city)
    return (city if len(city.split()) <= 4 else ""), region


def _chinese(text: str, start: int) -> Placed | None:
    for part in re.finditer(r"[^。；;！？\n]+", text[start:]):
        cut, at = part[0], start + part.start()
        while lead := _ZH_LEAD.match(cut):
            if not re.search(r"[路街道巷弄村园区号室栋]", cut[lead.end() :]):
                break
            cut, at = cut[lead.end() :], at + lead.end()
        match = _ZH.search(cut)
        if match and re.search(r"\d|[一二三四五六七八九十]", match[0]):
            code = re.search(r"(?<!\d)\d{6}(?!\d)", text)
            region, city = match["region"] or "", match["city"] or ""
            municipal = region if region.rstrip("市") in ("北京", "上海", "天津", "重庆") else ""
            address = Address(
                match["line1"], match["line2"] or "", city or municipal, region, "", code[0] if code else ""
            )
            return Placed(address, at + match.start(), at + match.end())
    return None


@cache
def _states() -> dict[str, str]:
    return {short.casefold(): name for short, name in table("places")["states"].items()}


@cache
def _street() -> re.Pattern[str]:
    kinds = table("places")["streets"]
    return re.compile(
        rf"(?<![\w#$])\d+[A-Za-z]?(?:-\d+)?\s+(?:[A-Za-z0-9][\w'.-]*\s+){{0,4}}?(?:{kinds})\b\.?(?:\s+(?:N|S|E|W|NE|NW|SE|SW)\b)?",
        _I,
    )


@cache
def _unit() -> re.Pattern[str]:
    return re.compile(
        rf"[,\s]*(?<!\w)(?:(?:{table('places')['units']})\b\.?\s*(?:number\s*|no\.?\s*)?#?\s*\w+|#\s?\d+\w*(?!\d))", _I
    )
