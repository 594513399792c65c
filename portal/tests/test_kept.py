"""Kept pages: the same bytes while nothing happens, never a word longer, never another reader's."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from neutrality.disclosure import operations as disclosure
from neutrality.disclosure.tests.factories import AFTER, make_statement, publish
from neutrality.offsets.tests.factories import make_block, make_retirement, make_void
from neutrality.trail import operations as trail
from portal import kept

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture
def block(cast):
    trail.record(verb="offsets.record_block", subject="block", by=cast.organizer, at=AFTER)
    return make_block(cast.home, 100, serial="LP-1", by=cast.organizer)


@pytest.fixture
def read():
    """A page as somebody reads it who was never here before. One server for all of them: every client of the tests
    loads middleware of its own."""
    site = Client()

    def answer(address, *, cookies=None, **extra):
        site.cookies.clear()
        site.cookies.load(cookies or {})
        found = site.get(address, **extra)
        assert found.status_code == 200
        return found

    return answer


def words(answer) -> str:
    return TOKEN.sub(b"", answer.content).decode()


def test_a_kept_page_costs_one_question(read, block, django_assert_num_queries):
    address = reverse("offsets:blocks")
    first = read(address)
    with django_assert_num_queries(1):
        again = read(address)
    assert words(again) == words(first)
    assert {name: again.headers[name] for name in first.headers} == dict(first.headers)


def test_every_reader_gets_a_token_that_works(read, block):
    address = reverse("offsets:blocks")
    tokens = []
    for _reader in range(3):
        answer = read(address)
        (token, *same) = TOKEN.findall(answer.content)
        assert set(same) <= {token}
        tokens.append(token)
        reader = Client(enforce_csrf_checks=True)
        reader.cookies.load({settings.CSRF_COOKIE_NAME: answer.client.cookies[settings.CSRF_COOKIE_NAME].value})
        sent = {"csrfmiddlewaretoken": token.decode(), "language": "en", "next": address}
        assert reader.post(reverse("set_language"), sent).status_code == 302
        assert Client(enforce_csrf_checks=True).post(reverse("set_language"), sent).status_code == 403
    assert len(set(tokens)) == 3


def voided(statement):
    make_void(statement.activity.retirements.get().block, 4)


def withdrawn(statement):
    disclosure.withdraw(statement=statement, reason="清单有误", by=statement.published_by, at=AFTER)


def corrected(statement):
    make_retirement(statement.activity, 7)
    publish(statement.activity, correction="漏计一项")


def cancelled(statement):
    make_retirement(statement.activity, 7)


CHANGES = {voided: "statement", withdrawn: "statement", corrected: "statement", cancelled: "cancellations"}


def address_of(page, statement):
    return (
        reverse("disclosure:statement", args=[statement.number]) if page == "statement" else reverse(f"offsets:{page}")
    )


@pytest.mark.parametrize("change", CHANGES)
def test_what_happens_is_seen_at_the_next_request(read, change):
    statement = make_statement()
    address = address_of(CHANGES[change], statement)
    before = words(read(address))
    assert words(read(address)) == before
    change(statement)
    after = words(read(address))
    assert after != before
    assert words(read(address)) == after


@pytest.mark.parametrize("change", CHANGES)
def test_control_without_the_version_the_page_would_lie(read, change, monkeypatch):
    statement = make_statement()
    address = address_of(CHANGES[change], statement)
    monkeypatch.setattr(kept.trail, "version", lambda: "always the same")
    before = words(read(address))
    change(statement)
    assert words(read(address)) == before


def test_a_new_day_is_a_new_page(read, monkeypatch):
    """Words depend on deadlines, so a page of yesterday is none of today."""
    statement = make_statement()
    address = reverse("disclosure:statement", args=[statement.number])
    read(address)
    keys = set()
    for day in (date(2026, 9, 3), date(2026, 9, 4)):
        monkeypatch.setattr(kept.timezone, "localdate", lambda day=day: day)
        keys.add(kept.key_of(RequestFactory().get(address)))
    assert len(keys) == 2


def keeper_of(*asked):
    """A keeper that has answered these requests."""
    keeper = kept.KeptPagesMiddleware(lambda request: Client().get(request.get_full_path()))
    for name, given in asked:
        request = RequestFactory().get(reverse(name), given)
        request.resolver_match = resolve(request.path)
        keeper(request)
    return keeper


@pytest.mark.parametrize("name", ["offsets:feeds", "offsets:beneficiaries", "offsets:catalogue", "offsets:serials"])
def test_pages_that_change_without_an_entry_are_not_kept(name, block):
    assert not keeper_of((name, {})).pages
    assert keeper_of(("offsets:blocks", {})).pages


def test_no_more_pages_are_kept_than_it_holds(block, monkeypatch):
    monkeypatch.setattr(kept, "MOST_PAGES", 2)
    keeper = keeper_of(*(("offsets:blocks", {"after": number}) for number in (1, 2, 3)))
    assert [key[3] for key in keeper.pages] == ["after=2", "after=3"]


def test_the_language_the_size_and_the_host_are_told_apart(read, block):
    address = reverse("offsets:blocks")
    pages = {words(read(address, headers={"accept-language": language})) for language in ("zh", "en")}
    pages.add(words(read(address, cookies={"text": "large"})))
    pages.add(words(read(address, headers={"host": "localhost"})))
    assert len(pages) == 4


def test_who_has_a_session_gets_a_page_of_their_own(read, cast, block):
    address = reverse("offsets:block", args=[block.code])
    assert "offsets/blocks" in words(read(address))
    session = cast.client("registrar").cookies[settings.SESSION_COOKIE_NAME].value
    assert reverse("account_logout") in words(read(address, cookies={settings.SESSION_COOKIE_NAME: session}))
    assert reverse("account_logout") not in words(read(address))
