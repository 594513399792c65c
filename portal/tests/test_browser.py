"""Every page in a real browser: quiet console, kept policy, no stranger asked, nothing wider than the window.

The pages are those of the access table, each opened as the first member of the cast who may see it.
"""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse

from conftest import DESKTOP, PHONE
from portal.tests import doors

MEMBERS = ("anonymous", "citizen", "organizer", "evaluator", "registrar", "regulator")
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
LANGUAGES = {"zh": ("zh-CN", "zh-Hans"), "en": ("en-GB", "en")}


def pages_of(member: str, world) -> list[str]:
    """Addresses of pages, not of files, that this member is the first to see."""
    found = []
    for name, (arguments, row) in doors.table().items():
        first = next((one for one in MEMBERS if row.get(one, row["rest"]) == 200), None)
        if first == member and doors.is_page(name):
            found.append(reverse(name, kwargs={key: doors.value(world, path) for key, path in arguments.items()}))
    return sorted(found)


def enter(page, client, server):
    """The browser goes on in the session of a test client."""
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    if cookie:
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": server.url}])


class Watch:
    """Everything a page complains about while it is open."""

    def __init__(self, page, host):
        self.complaints: list[str] = []
        self.host = host
        page.on("console", lambda message: self.note(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.note(str(error)))
        page.on("request", self.request)

    def note(self, words):
        self.complaints.append(words)

    def request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.netloc != self.host:
            self.note(f"asks a stranger: {request.url}")

    def taken(self):
        found, self.complaints = self.complaints, []
        return found


def look(page, server, address, watch, language):
    """What is wrong with one page, at the width of a phone and of a desk."""
    page.set_viewport_size(PHONE)
    answer = page.goto(server.url + address, wait_until="load")
    found = [] if answer.status == 200 else [f"answers {answer.status}"]
    spoken = page.locator("html").get_attribute("lang")
    if spoken.lower() != LANGUAGES[language][1].lower():
        found.append(f"is marked as {spoken}")
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        wider = page.evaluate(OVERFLOW)
        if wider > 0:
            found.append(f"is {wider} px wider than {size['width']}")
    return [f"{language} {address} {words}" for words in [*found, *watch.taken()]]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_sound(language, live_server, cast, new_page):
    """Each member of the cast in a window of their own."""
    world, wrong = doors.world(cast), []
    for member in MEMBERS:
        page = new_page(PHONE, LANGUAGES[language][0])
        enter(page, cast.client(member), live_server)
        watch, addresses = Watch(page, urlsplit(live_server.url).netloc), pages_of(member, world)
        assert addresses != []
        for address in addresses:
            wrong += [f"{member}: {words}" for words in look(page, live_server, address, watch, language)]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.django_db(transaction=True)
def test_browser_would_report_a_broken_policy(live_server, new_page):
    """The negative control: an inline script, a stranger and a wide element are all seen."""
    page = new_page(PHONE)
    watch = Watch(page, urlsplit(live_server.url).netloc)
    page.goto(live_server.url + reverse("portal:methodology"))
    assert watch.taken() == []
    page.evaluate("""() => {
        const add = (kind, change) => {
            const element = document.createElement(kind);
            change(element);
            document.body.append(element);
        };
        add("script", (script) => { script.textContent = "1"; });
        add("img", (image) => { image.src = "http://stranger.invalid/x.png"; });
        add("div", (wide) => { wide.style.width = "3000px"; wide.textContent = "x"; });
    }""")
    page.wait_for_timeout(300)
    assert any("Content Security Policy" in words for words in watch.taken())
    assert page.evaluate(OVERFLOW) > 0
