"""What is in a cart, and what of it still holds."""

from dataclasses import replace

from assistant.cart import CartChange, check, checked, lines_of, put, removal, step
from catalog import Variant
from tests.shop import ARC, BLANKET, MUG, OAK

TWO_LAMPS = CartChange("set", "oak", None, 2, 4_500, "USD")
BLUE = CartChange("set", "blanket", "b2", 1, 6_400, "USD")


def shop(*products):
    return {p.id: p for p in products}.get


def cart(*changes, products=(OAK, ARC, BLANKET, MUG)):
    return check(lines_of(changes), shop(*products))


def test_a_cart_is_what_its_changes_left_in_the_order_of_the_first():
    lines = lines_of([TWO_LAMPS, BLUE, replace(TWO_LAMPS, quantity=3), removal("blanket", "b2"), BLUE])
    assert [(line.product_id, line.variant_id, line.quantity) for line in lines] == [
        ("oak", None, 3),
        ("blanket", "b2", 1),
    ]
    assert lines_of([TWO_LAMPS, CartChange("clear"), BLUE])[0].product_id == "blanket"


def test_variants_of_one_product_are_lines_of_their_own():
    found = cart(BLUE, replace(BLUE, variant_id="b1"))
    assert len({one.line.id for one in found.lines}) == 2
    assert [one.line.variant_id for one in found.of("blanket")] == ["b2", "b1"]


def test_what_is_as_it_was_costs_what_it_did():
    found = cart(TWO_LAMPS, BLUE)
    assert [one.state for one in found.lines] == ["same", "same"]
    assert (found.count, found.total_minor, found.currency, found.differences()) == (3, 15_400, "USD", ())


def test_a_new_price_is_a_difference_until_it_is_accepted():
    dearer = (replace(OAK, price_minor=4_800),)
    found = cart(TWO_LAMPS, products=dearer)
    [difference] = found.differences()
    assert (difference.field, difference.before, difference.now) == ("price", 4_500, 4_800)
    assert found.total_minor == 9_600
    kept = cart(TWO_LAMPS, step(found.lines[0], 3), products=dearer)
    assert kept.differences()[0].before == 4_500
    assert cart(TWO_LAMPS, *found.accepting(), products=dearer).differences() == ()


def test_no_more_than_there_are_can_be_had():
    found = cart(CartChange("set", "arc", None, 5, 9_900, "USD"))
    assert (found.lines[0].state, found.count, found.total_minor) == ("fewer", 2, 19_800)
    assert [(d.field, d.before, d.now) for d in found.differences()] == [("quantity", 5, 2)]
    assert found.accepting() == (CartChange("set", "arc", None, 2, 9_900, "USD"),)


def test_what_is_sold_out_or_gone_costs_nothing_and_leaves_when_that_is_accepted():
    sold_out = replace(OAK, in_stock=False, quantity=0)
    found = cart(TWO_LAMPS, BLUE, products=(sold_out,))
    assert [one.state for one in found.lines] == ["sold_out", "gone"]
    assert found.total_minor == 0
    assert found.accepting() == (removal("oak", None), removal("blanket", "b2"))


def test_a_variant_that_is_no_longer_made_is_gone_though_its_product_is_not():
    grey = replace(BLANKET, variants=(Variant("b1", {"Color": "Grey"}, 6_400, 3),))
    assert cart(BLUE, products=(grey,)).lines[0].state == "gone"
    assert cart(replace(BLUE, variant_id=None)).lines[0].state == "gone"


def test_the_link_holds_ids_and_counts_and_is_given_only_when_nothing_is_to_accept():
    odd = replace(MUG, id="a/b c,ü")
    found = cart(BLUE, CartChange("set", odd.id, None, 3, 1_200, "USD"), products=(BLANKET, odd))
    assert found.url("https://shop.example/cart?items={items}") == (
        "https://shop.example/cart?items=b2:1,a%2Fb%20c%2C%C3%BC:3"
    )
    assert found.url("") is None
    assert cart().url("https://shop.example/{items}") is None
    assert cart(TWO_LAMPS, products=(replace(OAK, price_minor=1),)).url("https://shop.example/{items}") is None


def test_currencies_are_never_added_up():
    found = cart(TWO_LAMPS, replace(BLUE, currency="EUR"))
    assert (found.currency, found.total_minor) == (None, None)


def test_what_is_put_in_carries_the_price_of_now():
    line = checked(BLANKET, BLANKET.variants[1])
    assert (line.state, line.left, put(line, 2).price_minor) == ("same", 2, 6_400)
