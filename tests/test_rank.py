from assistant.evidence import listing, reviews
from assistant.rank import rank, shelf
from assistant.retrieve import Retrieval, retrieve
from assistant.types import Candidate, Need, Slate
from catalog import Catalog, Constraint, Locale, Product, Review, Translation, satisfies
from tests import shop

LAMP = Constraint("type", "contains", ("lamp",), "inferred")


def ranked(need: Need, catalog: Catalog, locale: Locale = "en", size: int = 4) -> Slate:
    return rank(retrieve(need, catalog), need, locale, size)


def of(*products: Product, need: Need | None = None, size: int = 4) -> Slate:
    return rank(Retrieval(tuple(Candidate(p, 0.5) for p in products), len(products)), need or Need(), "en", size)


def test_a_slate_holds_no_more_than_asked_and_counts_all(catalog: Catalog) -> None:
    slate = ranked(Need("lamp", None, (LAMP,)), catalog, size=2)
    assert len(slate.items) == 2 and slate.matching == 4


def test_nothing_on_a_slate_breaks_a_constraint(catalog: Catalog) -> None:
    need = Need("lamp", None, (LAMP, Constraint("price", "lt", 5_000)))
    assert all(satisfies(catalog.get(id), need.constraints) for id in ranked(need, catalog).ids())  # type: ignore[arg-type]


def test_what_says_more_of_the_wish_stands_first(catalog: Catalog) -> None:
    assert ranked(Need("lamp for the workshop with brightness levels", None, (LAMP,)), catalog).ids()[0] == "steel"


def test_a_superlative_keeps_its_order(catalog: Catalog) -> None:
    slate = ranked(Need("the cheapest lamp on a desk, oak", None, (LAMP,)), catalog)
    prices = [item.product.price_minor for item in slate.items]
    assert prices == sorted(prices)


def test_what_the_shopper_likes_decides_only_between_equals() -> None:
    black, white = (
        Product(f"m{color}", f"{color} Mug", 900, attributes={"Color": color}) for color in ("Black", "White")
    )
    likes = (Constraint("attributes.Color", "contains", ("white",)),)

    def first(score: float) -> str:
        found = Retrieval((Candidate(black, score), Candidate(white, 0.5)), 2)
        return rank(found, Need(), "en", 2, likes=likes).ids()[0]

    assert first(0.5) == "mWhite"
    assert first(0.6) == "mBlack"


def test_twins_make_room_unless_the_shelf_stays_empty() -> None:
    twins = [Product(f"t{n}", "Plain White Mug", 900 + n) for n in range(3)]
    other = Product("o", "Fern Bowl", 900)
    assert of(*twins, other, size=2).ids() == ("t0", "o")
    assert len(of(*twins, size=3).items) == 3


def test_every_reason_rests_on_a_line_of_the_listing_that_travels_along(catalog: Catalog) -> None:
    for locale in ("en", "zh"):
        need = Need(
            "lamp 台灯", None, (LAMP, Constraint("price", "lt", 5_000), Constraint("attributes.Weight", "lt", "1 kg"))
        )
        slate = ranked(need, catalog, locale)
        sent = {line.id: line for line in slate.evidence}
        for item in slate.items:
            quotes = {line.id: line.quote for line in (*listing(item.product), *reviews(item.product))}
            for reason in item.reasons:
                assert reason.evidence and all(sent[id].quote == quotes[id] for id in reason.evidence)


def test_a_measure_asked_for_is_a_reason_in_either_language(catalog: Catalog) -> None:
    need = Need("", None, (LAMP, Constraint("attributes.Weight", "lt", "1 kg")))
    assert any("800 g" in reason.text for reason in ranked(need, catalog).items[0].reasons)
    assert any("800 克" in reason.text for reason in ranked(need, catalog, "zh").items[0].reasons)


def test_a_denial_is_no_reason() -> None:
    bag = Product("b", "Tote", 900, description="Contains no leather. The leather handle is stitched by hand.")
    slate = of(bag, need=Need("", None, (Constraint("attributes.Material", "contains", ("leather",)),)))
    assert "handle" in slate.items[0].reasons[0].text


def test_what_the_listing_says_speaks_before_the_price_that_its_limit_is_said_beside() -> None:
    slate = of(shop.OAK, need=Need("", None, (Constraint("price", "lt", 5_000),)))
    assert [reason.text for reason in slate.items[0].reasons[:2]] == [
        "A small lamp with a warm light.",
        "$45 – under $50",
    ]


def test_two_limits_of_the_price_are_one_reason() -> None:
    limits = (Constraint("price", "ge", 4_000), Constraint("price", "le", 5_000))
    texts = [reason.text for reason in of(shop.OAK, need=Need("", None, limits)).items[0].reasons]
    assert "$45 – from $40, up to $50" in texts


def test_every_item_has_a_reason_even_for_no_wish() -> None:
    assert of(Product("p", "Thing", 900)).items[0].reasons[0].text == "Price: $9"


def test_the_least_happy_review_is_the_drawback() -> None:
    drawback = of(shop.OAK).items[0].drawback
    assert drawback and drawback.text == "The cord ends two steps before the wall."


def test_a_review_in_another_language_is_no_drawback() -> None:
    product = Product("p", "Mug", 900, reviews=(Review(1, "杯子太小。"),))
    assert of(product).items[0].drawback is None


def test_few_left_is_a_drawback() -> None:
    drawback = of(shop.ARC).items[0].drawback
    assert drawback and drawback.text == "Only 2 left"


def test_a_slate_speaks_the_shopper_s_language() -> None:
    assert shelf([shop.OAK], "zh").items[0].product.title == "桤木台灯"
    assert shelf([shop.OAK], "en").items[0].product.title == "Alder Desk Lamp"


def test_a_product_without_a_translation_is_shown_as_it_is() -> None:
    product = Product("p", "Mug", 900, translations=(Translation("zh", "杯子"),))
    assert shelf([product, Product("q", "Bowl", 800)], "zh").items[1].product.title == "Bowl"
