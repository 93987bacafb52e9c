"""A shopper who comes back: what was agreed to, learnt, used, said of it and forgotten, over whole turns without a model."""

from datetime import UTC, datetime

import pytest

from assistant.memory import bought
from assistant.pipeline import Assistant
from assistant.record import Record
from assistant.settings import Settings
from assistant.types import Need, Utterance
from assistant.writer import Writer
from catalog import CatalogIndex, CatalogTables, Constraint, Product, Translation, Variant, open_catalog, store
from tests.fakes import WordEmbedder, broken, scripted
from tests.shop import PRODUCTS

ANN, BOB = "a" * 32, "b" * 32
SIZE = "attributes.Size"


def _worn(id, title, chinese, material, price, *sizes, color="Blue", category="Clothing", number="EU "):
    terms = {
        "Size": "尺码",
        "Color": "颜色",
        "Material": "材质",
        "Blue": "蓝色",
        "Red": "红色",
        "Wool": "羊毛",
        "Cotton": "棉",
    }
    variants = tuple(Variant(f"{id}{size}", {"Size": size}, price, 3) for size in sizes)
    return Product(
        id, title, price, description=f"A plain {title.split()[-1].lower()}.", category=category, brand="Nodd",
        attributes={"Material": material, "Color": color}, variants=variants,
        translations=(Translation("zh", chinese, "素色。", "服装" if category == "Clothing" else "鞋类", terms),),
    )  # fmt: skip


WORN = (
    _worn("tee", "Plain Shirt", "素色衬衫", "Cotton", 2_000, "S", "M", "L"),
    _worn("knit", "Warm Shirt", "保暖衬衫", "Wool", 4_000, "M", "L"),
    _worn("big", "Wide Shirt", "宽松衬衫", "Cotton", 3_000, "L", "XL", color="Red"),
    _worn("coat", "Rain Jacket", "雨衣夹克", "Cotton", 9_000, "S", "M"),
    _worn("run", "Run Shoes", "跑鞋", "Cotton", 7_000, "EU 41", "EU 42", category="Shoes"),
    Product(
        "dogbed", "Soft Dog Bed", 5_000, description="A bed for dogs.", category="Pets", attributes={"Size": "Medium"}
    ),
)


@pytest.fixture(scope="module")
def clothes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clothes")
    tables = CatalogTables(f"sqlite:///{folder / 'catalog.db'}")
    store(tables, iter((*PRODUCTS, *WORN)), replace=True)
    return open_catalog(tables, CatalogIndex(WordEmbedder(), folder))


class Counter:
    """An assistant whose model fails: only what code knows is said."""

    def __init__(self, catalog, folder):
        self.record = Record(f"sqlite:///{folder / 'record.db'}", clock=lambda: datetime(2026, 11, 12, tzinfo=UTC))
        self.memory = self.record.memory
        writer = Writer(scripted(broken), stall_timeout_s=5)
        self.assistant = Assistant(
            catalog, self.record, writer, Settings(home=folder), model="none", quantisation="none"
        )

    def talk(self, *messages, shopper=ANN, session=None, need=None):
        """Messages of one conversation; the last turn."""
        for message in messages:
            *_, done = self.assistant.reply(Utterance(message, session, shopper, need=need))
            session = done.turn.session_id
        return done.turn

    def agree(self, *messages, shopper=ANN):
        self.memory.decide(shopper, True)
        return self.talk(*messages, shopper=shopper) if messages else None


@pytest.fixture
def shop(clothes, tmp_path):
    counter = Counter(clothes, tmp_path)
    yield counter
    counter.record.close()


def wishes(turn, field=SIZE):
    return [(c.value[0], c.origin, c.remembered is not None) for c in turn.need.constraints if c.field == field]


def facts(shop, shopper=ANN):
    return [(f.kind, f.constraint.value, f.certain) for f in shop.memory.facts(shopper)]


M = ("M", "Medium")


def test_to_remember_something_consent_is_asked_for_and_nothing_is_kept_until_it_is_given(shop):
    turn = shop.talk("Remember that I wear size M")
    assert turn.reply.kind == "chat"
    assert turn.reply.quick_replies == ("Yes, remember it", "No, don't remember")
    assert shop.memory.consent(ANN) is None
    shop.talk("Yes, remember it", session=turn.session_id)
    assert facts(shop) == [("size", M, True)]


def test_a_no_keeps_nothing(shop):
    turn = shop.talk("记住我穿M码", "不用记")
    assert turn.reply.kind == "chat"
    assert shop.memory.consent(ANN) is None


@pytest.mark.parametrize("shopper", [None, "ann"])
def test_who_has_no_id_that_cannot_be_guessed_is_told_so_and_not_remembered(shop, shopper):
    turn = shop.talk("Remember that I wear size M", "yes", shopper=shopper)
    assert "cannot remember you" in turn.reply.text
    assert facts(shop, "ann") == []


def test_a_remembered_size_is_a_visible_wish_and_its_source_is_said_once(shop):
    shop.agree("I always wear M")
    turn = shop.talk("a shirt")
    assert wishes(turn) == [("M", "inferred", True)]
    assert set(turn.slate.ids()) == {"tee", "knit"}
    assert "In size M, because you told me on 12 Nov 2026." in turn.reply.text
    again = shop.talk("under $30", session=turn.session_id)
    assert wishes(again) == [("M", "inferred", True)]
    assert "because" not in again.reply.text
    assert [f.used_at is not None for f in shop.memory.facts(ANN) if f.kind == "size"] == [True]


def test_the_source_is_said_in_chinese(shop):
    shop.agree("我平时穿M")
    assert "因为您在2026年11月12日说过" in shop.talk("我想买衬衫").reply.text


def test_a_remembered_size_joins_only_what_comes_in_it(shop):
    shop.agree("I always wear M")
    for message in ("a lamp", "shoes", "a dog bed"):
        assert wishes(shop.talk(message)) == []


def test_what_is_said_now_wins_over_what_is_remembered(shop):
    shop.agree("I always wear M")
    turn = shop.talk("a shirt in size L")
    assert wishes(turn) == [("L", "said", False)]
    assert wishes(shop.talk("a jacket", session=turn.session_id)) == []


@pytest.mark.parametrize("words", ["any size", "size doesn't matter"])
def test_a_remembered_wish_that_is_taken_away_in_words_does_not_come_back(shop, words):
    shop.agree("I always wear M")
    turn = shop.talk("a shirt", words, "in blue")
    assert wishes(turn) == []


def test_a_remembered_wish_that_is_taken_away_as_a_chip_does_not_come_back(shop):
    shop.agree("I always wear M")
    turn = shop.talk("a shirt")
    left = Need(turn.need.query, turn.need.category, tuple(c for c in turn.need.constraints if c.field != SIZE))
    edited = shop.talk("(removed: M)", session=turn.session_id, need=left)
    assert wishes(edited) == []
    assert wishes(shop.talk("in blue", session=turn.session_id)) == []
    assert wishes(shop.talk("a shirt")) == [("M", "inferred", True)]


def test_for_another_person_nothing_of_the_shoppers_own_is_used_or_learnt(shop):
    shop.agree("I always wear M")
    turn = shop.talk("a shirt", "no, for my dad")
    assert wishes(turn) == []
    shop.talk("a blue shirt in L for my brother")
    shop.talk("a blue shirt in L for my brother")
    assert facts(shop) == [("size", M, True)]


def test_a_dislike_leaves_out_and_says_why(shop):
    shop.agree("I'm allergic to wool")
    turn = shop.talk("a shirt")
    assert "knit" not in turn.slate.ids()
    assert "not wool, because you told me" in turn.reply.text
    assert [c.remembered is not None for c in turn.need.constraints if c.field == "text"] == [True]
    assert not any(c.remembered for c in shop.talk("a kettle").need.constraints)
    assert "blanket" in shop.talk("a wool blanket").slate.ids()


def test_a_choice_counts_once_it_was_made_in_two_conversations(shop):
    shop.agree("a shirt in size L")
    assert wishes(shop.talk("a shirt")) == []
    shop.talk("a shirt in size L")
    turn = shop.talk("a shirt")
    assert wishes(turn) == [("L", "inferred", True)]
    assert "because you chose it" in turn.reply.text


def test_the_usual_limit_is_offered_and_never_set(shop):
    shop.agree("a shirt under $35")
    turn = shop.talk("a jacket")
    assert "Up to $35, as last time" in turn.reply.quick_replies
    assert not any(c.field == "price" for c in turn.need.constraints)
    assert turn.slate.ids() == ("coat",)
    taken = shop.talk("a shirt", "Up to $35, as last time")
    assert [c.value for c in taken.need.constraints if c.field == "price"] == [3500]
    assert "last time" not in taken.need.query


def test_a_like_is_no_wish(shop):
    shop.agree("I love red")
    turn = shop.talk("a shirt")
    assert facts(shop)[0][0] == "like"
    assert len(turn.slate.ids()) == 3
    assert wishes(turn, "attributes.Color") == []


def test_a_purchase_is_remembered_with_what_it_cost_and_named_when_it_is_shown_again(shop, clothes):
    turn = shop.talk("a jacket", shopper=None)
    bought(shop.memory, ANN, turn.id, clothes.get("coat"))
    assert facts(shop) == []
    shop.agree()
    bought(shop.memory, ANN, turn.id, clothes.get("coat"))
    assert sorted(facts(shop)) == [("bought", "coat", True), ("budget", 9000, True)]
    again = shop.talk("a jacket")
    assert "You bought Rain Jacket on 12 Nov 2026." in again.reply.text


def test_one_shopper_is_served_by_nothing_of_another(shop):
    shop.agree("I always wear M")
    shop.agree(shopper=BOB)
    assert wishes(shop.talk("a shirt", shopper=BOB)) == []
    assert wishes(shop.talk("a shirt", shopper=None)) == []
    assert "M" not in shop.talk("what do you know about me?", shopper=BOB).reply.text.split("“")[0]


def test_what_is_remembered_is_told_with_its_source(shop):
    shop.agree("I always wear M")
    told = shop.talk("what do you know about me?").reply.text
    assert "size M (you told me on 12 Nov 2026)" in told
    assert "M 码（您在2026年11月12日说过）" in shop.talk("你知道我什么").reply.text


def test_a_size_is_forgotten_and_leaves_the_search_it_had_joined(shop):
    shop.agree("I always wear M", "I hate wool")
    turn = shop.talk("a shirt", "forget my size")
    assert turn.reply.kind == "chat"
    assert wishes(turn) == []
    assert [kind for kind, *_ in facts(shop)] == ["dislike"]
    shop.talk("forget that I hate wool")
    assert facts(shop) == []


@pytest.mark.parametrize("words", ["forget everything about me", "忘了我的一切", "stop remembering me"])
def test_everything_is_forgotten_and_nothing_more_is_learnt(shop, words):
    shop.agree("I always wear M")
    shop.talk(words, "I always wear L")
    assert facts(shop) == []


def test_without_a_size_to_forget_the_words_are_about_the_search(shop):
    turn = shop.talk("a shirt in size M", "forget the size")
    assert wishes(turn) == []
    assert turn.reply.kind == "recommend"


def test_a_wish_beside_what_is_to_be_remembered_is_searched_for(shop):
    turn = shop.agree("remember that I wear size M and show me a jacket")
    assert turn.slate.ids() == ("coat",)
    assert "I will remember: size M." in turn.reply.text


def test_a_turn_goes_on_without_a_memory_that_fails(shop, monkeypatch):
    def fails(*_):
        raise OSError("disk full")

    shop.agree()
    monkeypatch.setattr(shop.memory, "facts", fails)
    turn = shop.talk("a shirt")
    assert turn.reply.kind == "recommend"
    assert len(turn.slate.ids()) == 3


def test_the_day_of_a_remembered_wish_is_in_the_record(shop):
    shop.agree("I always wear M")
    turn = shop.talk("a shirt")
    (kept,) = shop.assistant.turns(turn.session_id)
    (wish,) = (c for c in kept.need.constraints if c.field == SIZE)
    assert wish == Constraint(SIZE, "contains", M, "inferred")
    assert str(wish.remembered) == "2026-11-12"
