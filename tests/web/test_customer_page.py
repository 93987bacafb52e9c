"""A customer who comes from the shop signed in, in a real browser: known at once, signed out, followed by somebody else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from assistant.service import Service
from assistant.types import Claim, Reply, Slate, Turn, Utterance
from tests.service import shop as books
from tests.web.conftest import build
from tests.web.fakes import FakeAssistant, demo_products
from tests.web.visits import PHONE, Served, Visit, overflow, ready, say, serve
from tests.web.vouching import SECRET, token

pytestmark = pytest.mark.real
SIGNED_IN = ".customer span"


@dataclass
class Knowing(FakeAssistant):
    """Says whose conversation it is, where it is anybody's."""

    service: Service | None = None

    def _plan(self, utterance: Utterance, session: str, turn_id: str) -> Turn:
        assert self.service is not None
        turn, customer = super()._plan(utterance, session, turn_id), self.service.customer(session)
        if "who" not in utterance.message:
            return turn
        text = f"You are {customer.name}." if customer else "I do not know you yet."
        object.__setattr__(turn, "slate", Slate())
        object.__setattr__(turn, "reply", Reply("service", text, (Claim(text, "supported"),)))
        return turn


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    store, service = books.opened(f"sqlite:///{tmp_path_factory.mktemp('books') / 'orders.db'}")
    counter = build(demo_products("lighting", "coffee"), customer_secret=SECRET)
    counter.assistant = Knowing(counter.catalog, counter.record, service=service)
    counter.shop.renew(counter.assistant, counter.catalog)
    counter.shop.service = service
    yield from serve(counter)
    store.close()


def come(visit: Visit, customer_id: str, **more: object) -> Page:
    """The chat as the shop's page links it for a customer."""
    page = visit.open(**more)  # type: ignore[arg-type]
    page.goto("about:blank")
    page.goto(f"{visit.url}#customer={token(customer_id)}")
    ready(page)
    return page


def kept(page: Page) -> str:
    """All that this browser keeps."""
    return str(
        page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }, location.href, history.length])")
    )


def test_a_customer_of_the_shop_is_known_from_the_first_word(visit: Visit) -> None:
    page = come(visit, "ann", viewport=PHONE)
    expect(page.locator(SIGNED_IN)).to_have_text("Signed in as Ann")
    assert page.evaluate("location.href") == visit.url
    assert "customer=" not in kept(page) and token("ann").split(".")[0] not in kept(page)
    assert overflow(page) <= 0
    say(page, "who am I?")
    expect(page.locator(".reply p").last).to_have_text("You are Ann Lee.")
    page.locator('[data-act="language"]').click()
    expect(page.locator(SIGNED_IN)).to_have_text("已登录：Ann")

    page.reload()
    ready(page)
    expect(page.locator(SIGNED_IN)).to_have_text("已登录：Ann")
    expect(page.locator(".turn")).to_have_count(1)


def test_words_typed_before_the_sign_in_is_through_are_answered_after_it(visit: Visit) -> None:
    page = visit.open()
    page.route("**/customer", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.goto(f"{visit.url}#customer={token('ann')}")
    say(page, "who am I?")
    expect(page.locator(".reply p").last).to_have_text("You are Ann Lee.")


def test_starting_over_stays_signed_in_and_signing_out_leaves_nothing(visit: Visit) -> None:
    page = come(visit, "ann")
    say(page, "a lamp")
    page.locator(".shelf .add").nth(1).click()
    expect(page.locator(".side .cart-line")).to_have_count(1)
    first = json.loads(page.evaluate("sessionStorage.getItem('aisle.session')"))
    page.get_by_role("button", name="Start over").click()
    say(page, "who am I?")
    expect(page.locator(".reply p")).to_have_text(["You are Ann Lee."])
    expect(page.locator(".side .cart-line")).to_have_count(1)
    assert json.loads(page.evaluate("sessionStorage.getItem('aisle.session')")) != first

    page.get_by_role("button", name="Sign out").click()
    expect(page.locator(".notice")).to_contain_text("You are signed out")
    expect(page.locator(".customer")).to_be_hidden()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".cart-line")).to_have_count(0)
    say(page, "who am I?")
    expect(page.locator(".reply p").last).to_have_text("I do not know you yet.")


def test_another_customer_at_the_same_browser_sees_nothing_of_the_first(visit: Visit) -> None:
    page = come(visit, "ann")
    say(page, "who am I?")
    page.goto(f"{visit.url}#customer={token('ben')}")
    expect(page.locator(SIGNED_IN)).to_have_text("Signed in as 本")
    expect(page.locator(".notice")).to_contain_text("the one before was another customer’s")
    expect(page.locator(".turn")).to_have_count(0)
    say(page, "who am I?")
    expect(page.locator(".reply p")).to_have_text(["You are 本 马."])

    page.goto("about:blank")  # and where the page is opened anew, nothing of it is drawn even for a moment
    page.add_init_script(
        "new MutationObserver(() => document.querySelector('.turn') && (window.seen = true))"
        ".observe(document, { childList: true, subtree: true })"
    )
    page.goto(f"{visit.url}#customer={token('ann')}")
    ready(page)
    expect(page.locator(SIGNED_IN)).to_have_text("Signed in as Ann")
    expect(page.locator(".turn")).to_have_count(0)
    assert page.evaluate("window.seen") is None
    assert [one for one in visit.complaints if "409" not in one] == []
    visit.complaints.clear()


def test_what_is_remembered_is_each_customers_own(visit: Visit, served: Served) -> None:
    page = visit.open()
    page.locator('[data-act="memory"]').click()
    page.locator(".remember-me").click()
    expect(page.locator(".remember-me")).to_have_attribute("aria-checked", "true")
    page.locator(".sheet-head .tool").click()
    page.goto(f"{visit.url}#customer={token('ann')}")
    expect(page.locator(SIGNED_IN)).to_have_text("Signed in as Ann")
    say(page, "a lamp")
    anns = served.counter.assistant.heard[-1].shopper_id
    assert anns is not None
    page.goto(f"{visit.url}#customer={token('ben')}")
    expect(page.locator(SIGNED_IN)).to_have_text("Signed in as 本")
    say(page, "a lamp")
    assert served.counter.assistant.heard[-1].shopper_id is None
    page.goto(f"{visit.url}#customer=")  # the shop's word that nobody is signed in
    expect(page.locator(".customer")).to_be_hidden()
    page.goto(f"{visit.url}#customer={token('ann')}")
    expect(page.locator(SIGNED_IN)).to_have_text("Signed in as Ann")
    say(page, "a lamp")
    assert served.counter.assistant.heard[-1].shopper_id == anns
    assert [one for one in visit.complaints if "409" not in one] == []
    visit.complaints.clear()


def test_a_token_that_is_over_is_told_and_the_chat_goes_on(visit: Visit) -> None:
    page = visit.open(locale="zh-CN")
    page.goto(f"{visit.url}#customer={token('ann', exp=1)}")
    expect(page.locator(".notice")).to_contain_text("没有收到您在店铺的登录信息")
    expect(page.locator(".customer")).to_be_hidden()
    assert page.evaluate("location.hash") == ""
    say(page, "who am I?")
    expect(page.locator(".reply p").last).to_have_text("I do not know you yet.")
    assert [one for one in visit.complaints if "401" not in one] == []
    visit.complaints.clear()


def test_an_empty_token_leaves_a_conversation_of_nobody_alone(visit: Visit) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.goto(f"{visit.url}#customer=")
    say(page, "who am I?")
    expect(page.locator(".turn")).to_have_count(2)
    assert page.evaluate("location.hash") == ""
