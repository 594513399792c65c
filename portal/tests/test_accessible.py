"""Every page of the access table in a real browser: accessibility rules, width, weight, in both languages (F25).

The Chinese run is made 320 px wide, which is a 1280 px window at 400 %; the English one 1280 px wide. Who opens a page
is whoever the access table lets in.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test.signals import template_rendered
from django.urls import reverse

from portal.tests import doors
from portal.tests.test_templates import lineage, pages

HEAVIEST = 150_000  # bytes of a page with its styles and scripts, without pictures and uncompressed
# What may weigh more, and why.
HEAVY = {
    "inventory:edit": (200_000, "one row of fourteen fields for each of sixteen sources, with the factors to choose")
}
SERIOUS = {"serious", "critical"}
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 900}
# Pages the access table cannot open, and why.
SHOWN_ELSEWHERE = {
    "accounts/demo.html": "exists in demonstration mode only",
    "accounts/invitation_anonymous.html": "needs the secret of a letter",
    "accounts/key_made.html": "answers a form: looked at below",
    "portal/too_large.html": "answers a form: looked at below",
}
# The library's pages in our clothes, by who sees them.
LIBRARY = {
    "account_login": "anonymous",
    "account_signup": "anonymous",
    "account_reset_password": "anonymous",
    "account_request_login_code": "anonymous",
    "account_email": "citizen",
    "account_change_password": "citizen",
    "account_logout": "citizen",
    "mfa_index": "citizen",
    "usersessions_list": "citizen",
}


def visitor(row: dict[str, int]) -> str | None:
    """Who sees the page: a signed-in member where one does, for they see more of it."""
    order = ("organizer", "evaluator", "registrar", "regulator", "second_officer", "stranger", "citizen", "anonymous")
    return next((member for member in order if doors_status(row, member) == 200), None)


def doors_status(row: dict[str, int], member: str) -> int:
    return row.get(member, row["rest"])


def addresses(world) -> list[tuple[str, str, str]]:
    """(name, address, member) of every page somebody can open."""
    found = []
    for name, (arguments, row) in sorted(doors.table().items()):
        member = visitor(row)
        if member and doors.is_page(name):
            address = reverse(name, kwargs={key: doors.value(world, path) for key, path in arguments.items()})
            found.append((name, address, member))
    return found + [(name, reverse(name), member) for name, member in LIBRARY.items()]


@pytest.fixture
def opened(cast, live_server, new_page):
    """opened(member, viewport, locale) -> a browser page in which that member is logged in."""

    def make(member, viewport, locale, **options):
        page = new_page(viewport, locale, **options)
        page.said = []
        page.on("console", lambda message: page.said.append(f"{message.type}: {message.text}"))
        session = cast.client(member).cookies.get(settings.SESSION_COOKIE_NAME)
        if session:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.value, "url": live_server.url}
            page.context.add_cookies([cookie])
        return page

    return make


def faults(page, axe: Axe) -> list[str]:
    """Serious and critical findings of the accessibility rules, with the place of the first."""
    found = axe.run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in SERIOUS]


def weight(page, body: bytes) -> int:
    """Bytes of the document, its styles and its scripts."""
    names = page.eval_on_selector_all(
        "link[rel=stylesheet], script[src]", "nodes => nodes.map(node => node.getAttribute('href') || node.src)"
    )
    files = [finders.find(urlsplit(name).path.removeprefix(settings.STATIC_URL)) for name in names]
    return len(body) + sum(Path(str(file)).stat().st_size for file in files)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("locale", "viewport"), [("zh-CN", NARROW), ("en", WIDE)])
def test_every_page_for_everybody(locale, viewport, cast, live_server, opened):
    axe, windows, wrong, seen = Axe(), {}, [], set()

    def note(sender, template, **rest):
        seen.add(template.name)

    template_rendered.connect(note)
    for name, address, member in addresses(doors.world(cast)):
        page = windows.setdefault(member, None) or opened(member, viewport, locale)
        windows[member] = page
        answer = page.goto(live_server.url + address)
        wrong += [f"{name}: {fault}" for fault in faults(page, axe)]
        wrong += [f"{name}: console {said}" for said in page.said if said.startswith(("error", "warning"))]
        page.said.clear()
        inside, outside = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        if inside > outside:
            wrong.append(f"{name}: {inside} px wide in a window of {outside}")
        if (size := weight(page, answer.body())) > HEAVY.get(name, (HEAVIEST, ""))[0]:
            wrong.append(f"{name}: {size} bytes")
    template_rendered.disconnect(note)
    assert not wrong, "\n".join(wrong)
    ours = [name for name in pages() if lineage(name)[-1].name == "base.html"]
    unseen = set(ours) - seen - set(SHOWN_ELSEWHERE)
    assert not {name for name in unseen if not re.match(r"(account|allauth|mfa|usersessions)/|40\d", name)}


def answered_with(body: bytes):
    """For an address that exists in this test alone."""
    return lambda route: route.fulfill(body=body, content_type="text/html")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("locale", "viewport"), [("zh-CN", NARROW), ("en", WIDE)])
def test_pages_that_only_answer_a_form(locale, viewport, cast, live_server, new_page):
    organizer = cast.client("organizer")
    organizer.cookies["language"] = "en" if locale == "en" else "zh-hans"
    key = {"public_id": str(uuid4()), "name": "hotel system", "scopes": ["read"], "days": "90"}
    answers = {
        "accounts/key_made.html": organizer.post(reverse("accounts:make_key", args=[cast.home.code]), key),
        "portal/too_large.html": organizer.post(reverse("account_login"), {"login": "a" * (6 * 1024**2)}),
    }
    page = new_page(viewport, locale)
    for name, answer in answers.items():
        assert name in [template.name for template in answer.templates]
        place = f"{live_server.url}/{name}"
        page.route(place, answered_with(answer.content))
        page.goto(place)
        assert faults(page, Axe()) == []
        inside, outside = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert inside <= outside


def test_the_rules_find_what_is_wrong(new_page):
    """Negative control: a field without a label and words nobody can read are found."""
    page = new_page(WIDE, "en")
    page.set_content("<html lang=en><title>x</title><main><input><p style='color:#ccc;background:#fff'>pale</p></main>")
    assert {fault.split(":")[0] for fault in faults(page, Axe())} == {"label", "color-contrast"}


def test_the_keyboard_alone_reaches_everything(live_server, db, new_page):
    """The first stop skips to the content; on a phone the menu opens, takes the focus and closes by keys."""
    page = new_page(NARROW, "en")
    page.goto(live_server.url + "/methodology/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("href") == "#content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    page.goto(live_server.url + "/methodology/")
    page.locator(".menu-button").focus()
    page.keyboard.press("Enter")
    assert page.locator("#menu").is_visible()
    page.keyboard.press("Tab")
    assert page.locator("#menu :focus").count() == 1
    page.keyboard.press("Escape")
    assert not page.locator("#menu").is_visible()


def test_without_scripts_the_errors_take_the_focus_and_lead_to_their_fields(cast, live_server, opened):
    page = opened("citizen", NARROW, "en", java_script_enabled=False)
    page.goto(live_server.url + reverse("accounts:new"))
    page.locator("main form button[type=submit]").last.click()
    summary = page.locator(".errors:focus")
    summary.wait_for()  # the browser gives the focus after the page has arrived
    assert summary.count() == 1
    target = summary.locator("a").first.get_attribute("href")
    field = page.locator(target)
    assert field.get_attribute("aria-invalid") == "true"
    assert page.locator(f"#{field.get_attribute('aria-describedby').split()[-1]}").inner_text()


def test_without_scripts_the_public_can_search_switch_and_enlarge(live_server, db, new_page):
    page = new_page(NARROW, "zh-CN", java_script_enabled=False)
    page.goto(live_server.url)
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    page.locator("#home-search").fill("成都")
    page.locator("main form[role=search] button").click()
    assert page.locator("#search-text").input_value() == "成都"
    page.locator(".site-foot button[value=en]").click()
    assert (page.locator("html").get_attribute("lang"), page.locator("#search-text").input_value()) == ("en", "成都")
    page.locator(".site-foot button[value=large]").click()
    assert page.locator("html").get_attribute("data-text") == "large"
    page.locator(".site-foot button[value=normal]").click()
    assert page.locator("html").get_attribute("data-text") is None
