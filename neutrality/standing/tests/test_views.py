"""Public lists, organization pages, the method; recommending and repairing through the pages."""

from datetime import date

import pytest
from django.urls import reverse

from neutrality.disclosure.tests.factories import make_statement
from neutrality.oversight import operations as cases
from neutrality.oversight.models import Case
from neutrality.oversight.rules import Kind
from neutrality.oversight.tests import factories as make
from neutrality.oversight.tests.factories import at
from neutrality.standing import operations, views
from neutrality.standing.models import EndingReason
from neutrality.standing.tests.factories import (
    make_decided,
    make_listing,
    make_officers,
    make_policy,
    make_repaired,
    settle,
)

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"standing:{name}", args=args)


@pytest.fixture
def today(monkeypatch):
    """The pages believe it is this day."""

    def be(day):
        monkeypatch.setattr(views.timezone, "localdate", lambda *_: day)

    return be


def read(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_entry_vanishes_from_every_surface_on_its_day(cast, today):
    listing = make_listing(subject=cast.home)
    name, client = cast.home.name_zh, cast.client("anonymous")
    today(listing.last_on)
    assert listing.number in read(client, page("index"))
    assert listing.number in read(client, page("organization", cast.home.code))
    assert listing.fact_zh in read(client, page("listing", listing.number))
    today(date(2027, 5, 21))
    for address in (page("index"), page("index") + "?on=2026-06-01"):
        assert name not in read(client, address)
    assert listing.number not in read(client, page("organization", cast.home.code))
    assert client.get(page("listing", listing.number)).status_code == 404
    assert cast.client("stranger").get(page("listing", listing.number)).status_code == 404
    for insider in ("organizer", "regulator"):
        assert listing.fact_zh in read(cast.client(insider), page("listing", listing.number))


def test_repaired_entry_vanishes_the_same_day(cast, today):
    listing = make_listing(subject=cast.home)
    case = make_repaired(listing, *make_officers())
    operations.end(listing=listing, reason=EndingReason.REPAIRED, case=case, at=at(25, month=8))
    client = cast.client("anonymous")
    today(date(2026, 8, 24))
    assert listing.number in read(client, page("index"))
    today(date(2026, 8, 25))
    assert listing.number not in read(client, page("index"))
    assert client.get(page("listing", listing.number)).status_code == 404


def test_entry_shows_everything_it_must(cast, today):
    listing = make_listing(subject=cast.home)
    today(date(2026, 6, 1))
    shown = read(cast.client("anonymous"), page("listing", listing.number))
    facts = [cast.home.code, listing.fact_zh, listing.basis_zh, listing.document, listing.authority_zh]
    for wanted in [*facts, "2026-05-20", "2026-08-21", "2027-05-20"]:
        assert wanted in shown


def test_pending_objection_is_shown_on_every_surface(cast, today):
    listing = make_listing(subject=cast.home)
    cases.appeal(case=listing.case, text="不服", by=cast.organizer, at=at(21))
    today(date(2026, 5, 22))
    for address in (page("index"), page("organization", cast.home.code)):
        assert "异议待处理" in read(cast.client("anonymous"), address)
    assert "提出异议，正在处理" in read(cast.client("anonymous"), page("listing", listing.number))


def test_lists_of_the_future_are_refused_in_words(cast, today):
    today(date(2026, 5, 22))
    answer = cast.client("anonymous").get(page("index") + "?on=2030-01-01")
    assert answer.status_code == 422
    assert "将来的名单" in answer.content.decode()
    assert cast.client("anonymous").get(page("index") + "?on=nonsense").status_code == 422


def test_search_finds_by_name_and_code(cast, today):
    listing = make_listing(subject=cast.home)
    today(date(2026, 6, 1))
    client = cast.client("anonymous")
    for asked in (cast.home.name_zh[:2], cast.home.code.lower(), "qingchuan"):
        assert listing.number in read(client, page("index") + f"?q={asked}")
    assert listing.number not in read(client, page("index") + "?q=别处")


def test_method_page_renders_the_policy_that_counts(cast):
    policy = make_policy()
    shown = read(cast.client("anonymous"), page("policy"))
    for weight in policy.rules.weights:
        assert weight.name_zh in shown
    for offence in policy.rules.offences:
        assert offence.name_zh in shown
    assert cast.client("anonymous").get(page("policy_version", 9)).status_code == 404


def test_without_a_policy_the_page_says_so(cast):
    assert "没有生效的规则" in read(cast.client("anonymous"), page("policy"))


def test_organization_page_shows_the_score_with_its_reasons(cast):
    make_policy()
    statement = make_statement(organization=cast.home)
    operations.score(organization=cast.home, on=date(2026, 9, 10), at=at(10, month=9))
    shown = read(cast.client("anonymous"), page("organization", cast.home.code))
    for wanted in ("80.00", "自我承诺，未经他人核查", statement.number, "R1.28"):
        assert wanted in shown


def test_unknown_organization_is_404(cast):
    assert cast.client("anonymous").get(page("organization", "91510100MA60000320")).status_code == 404


RECOMMENDED = {**make.FINDINGS, "text": "建议列入"}


def test_officer_recommends_through_the_page(cast, today):
    make.make_calendar()
    make_policy()
    case = make.prepare(make.make_case(subject=cast.home), cast.regulator)
    client = cast.client("regulator")
    assert client.get(page("recommend", case.number)).status_code == 200
    for change, field in (({"grade": ""}, "grade"), ({"violation": "V9"}, "violation"), ({"basis_zh": ""}, "basis_zh")):
        answer = client.post(page("recommend", case.number), {**RECOMMENDED, **change})
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
    serious = client.post(page("recommend", case.number), {**RECOMMENDED, "grade": "serious"})
    assert serious.status_code == 422
    assert RECOMMENDED["fact_zh"] in serious.content.decode()
    assert client.post(page("recommend", case.number), RECOMMENDED).status_code == 302
    assert case.steps.last().content["fact_zh"] == RECOMMENDED["fact_zh"]


def test_subject_applies_for_repair_through_the_page(cast, today, monkeypatch):
    listing = make_listing(subject=cast.home)
    client = cast.client("organizer")
    monkeypatch.setattr(views.timezone, "now", lambda: at(20, month=8))
    sent = {"text": "已补足 44 吨", "commitment": "on"}
    early = client.post(page("repair", listing.number), sent)
    assert early.status_code == 422
    assert "2026-08-21" in early.content.decode()
    monkeypatch.setattr(views.timezone, "now", lambda: at(21, month=8))
    assert client.post(page("repair", listing.number), {"text": "x"}).status_code == 422
    assert client.post(page("repair", listing.number), sent).status_code == 302
    assert Case.objects.get(kind=Kind.REPAIR).content["listing"] == listing.number


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_a_fixed_number_of_questions(cast, today, django_assert_num_queries, number):
    for _ in range(number):
        settle(make_decided(cast.regulator, cast.second_officer))
    today(date(2026, 6, 1))
    with django_assert_num_queries(4):
        cast.client("anonymous").get(page("index"))
