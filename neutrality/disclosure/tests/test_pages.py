"""The register, the statement, the plan, and the pages that publish: for everybody, both languages, bad input."""

import hashlib
import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from neutrality.disclosure import operations, queries
from neutrality.disclosure.models import Plan, Statement
from neutrality.disclosure.tests.factories import make_plan, make_ready, make_settled, make_statement, publish
from neutrality.inventory import operations as inventories
from neutrality.offsets.tests.factories import make_retirement, make_void
from neutrality.quantities import obligation
from neutrality.rulebook.models import Region
from neutrality.search import tokens

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 10, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """Pages read the clock at the edge; here the edge is told the time."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def get(client, name, *args, language="en", **query):
    return client.get(reverse(f"disclosure:{name}", args=args), query, headers={"accept-language": language})


def words(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("language", "neutral", "balance"),
    [
        ("en", "Carbon neutrality achieved, self-declared", "settled"),
        ("zh-hans", "实现碳中和（自我承诺）", "已结清"),
    ],
)
def test_a_settled_statement_in_both_languages(client, language, neutral, balance):
    statement = make_statement()
    body = words(get(client, "statement", statement.number, language=language))
    assert neutral in body
    assert balance in body
    for shown in (statement.digest, "103.150", "104", statement.number, "weighbridge of the venue"):
        assert shown in body


def test_a_line_opens_to_its_sum(client):
    body = words(get(client, "statement", make_statement().number))
    assert '<data value="103150">103,150</data> kg × <data value="1">1</data> kg/kg' in body
    assert '<data value="103.15">103,150</data> kg CO₂e' in body


def test_short_then_settled(client):
    statement = make_statement(units=103)
    body = words(get(client, "statement", statement.number))
    assert "short by 1 t" in body
    assert "Partly offset: 103 t of 103.150 t, 99 %" in body
    make_retirement(statement.activity, 1)
    body = words(get(client, "statement", statement.number))
    assert "Balance when published: short by 1 t" in body
    assert "Cancelled after the publication" in body
    assert "Balance today</span> <strong>settled" in body
    assert "Carbon neutrality achieved, self-declared" in body


def test_units_found_false_are_named_where_they_were_printed(client):
    statement = make_statement()
    make_void(statement.activity.retirements.get().block, 4)
    body = words(get(client, "statement", statement.number))
    assert "4 t of it found invalid since" in body
    assert "Balance when published: settled" in body
    assert "Balance today</span> <strong>short by 4 t" in body
    assert "Claim under review since 2026-09-01, short by 4 t: 4 t of the units behind it were found invalid" in body


def test_the_json_is_the_bytes_of_the_digest(client):
    statement = make_statement()
    response = client.get(reverse("disclosure:statement_json", args=[statement.number]))
    assert hashlib.sha256(response.content).hexdigest() == statement.digest
    assert json.loads(response.content)["number"] == statement.number
    plan = Plan.objects.get()
    response = client.get(reverse("disclosure:plan_json", args=[plan.number]))
    assert hashlib.sha256(response.content).hexdigest() == plan.digest


def test_page_and_json_say_the_same_figures(client):
    """V23: every amount of the book on the page is the amount in the snapshot."""
    statement = make_statement()
    content = json.loads(client.get(reverse("disclosure:statement_json", args=[statement.number])).content)
    page = get(client, "statement", statement.number).content.decode()
    shown = set(re.findall(r'<data value="([0-9.]+)">', page))
    kilograms = [content["emissions"]["total_kg"], content["estimate"]["total_kg"]]
    kilograms += [source["kg"] for source in content["emissions"]["by_source"] if source["kg"]]
    tonnes = {f"{Decimal(kg) / 1000:f}".rstrip("0").rstrip(".") for kg in kilograms}
    units = {str(content["offset"]["units"]), *(str(unit["units"]) for unit in content["units"])}
    assert tonnes | units <= shown


def test_replaced_and_withdrawn_statements_stay_readable(client):
    first = make_statement(units=103)
    make_retirement(first.activity, 1)
    second = publish(first.activity, correction="One more tonne.")
    body = words(get(client, "statement", first.number))
    assert second.number in body
    operations.withdraw(statement=second, reason="A bill was counted twice.", by=second.published_by, at=NOW)
    body = words(get(client, "statement", second.number))
    assert "Claim withdrawn on 2026-09-10: A bill was counted twice." in body
    assert "Carbon neutrality achieved" not in body


def test_what_people_typed_is_never_markup(client):
    first = make_statement()
    reason = "<script>alert(1)</script>"
    operations.withdraw(statement=first, reason=reason, by=first.published_by, at=NOW)
    body = get(client, "statement", first.number).content.decode()
    assert reason not in body
    assert "&lt;script&gt;alert(1)" in body


def test_unknown_numbers_are_not_found(client):
    for name in ("statement", "statement_json", "plan", "plan_json"):
        assert get(client, name, "S-NOPE-NOPE").status_code == 404
    for wrong in ("%00", "%F0%9F%92%A9", "a" * 3000, "..", "%27"):
        for where in ("statements", "plans"):
            assert client.get(f"/{where}/{wrong}/").status_code == 404
    statement = make_statement()
    assert get(client, "lines", statement.number, "nowhere").status_code == 404
    assert get(client, "lines", statement.number, "electricity").status_code == 200


def test_a_statement_takes_few_queries_and_one_while_nothing_happens(client, django_assert_num_queries):
    statement = make_statement()
    with django_assert_num_queries(7):
        get(client, "statement", statement.number)
    with django_assert_num_queries(1):
        get(client, "statement", statement.number)


def test_what_is_kept_is_forgotten_when_anything_happens(client):
    """Control of the keeping: the very next reading after a change tells of it, in the list as on the page."""
    statement = make_statement(units=103)
    for _ in range(2):
        assert "short by 1 t" in words(get(client, "statement", statement.number))
        assert "short by 1 t" in words(get(client, "register"))
    make_retirement(statement.activity, 1)
    assert "Balance today</span> <strong>settled" in words(get(client, "statement", statement.number))
    assert "short by 1 t" not in words(get(client, "register"))
    operations.withdraw(statement=statement, reason="A bill was counted twice.", by=statement.published_by, at=NOW)
    assert "Claim withdrawn on 2026-09-10" in words(get(client, "statement", statement.number))
    assert "Claim withdrawn on 2026-09-10" in words(get(client, "register"))


def test_a_plan(client):
    plan = make_plan()
    for language, promise in (("en", "expected by 2026-12-31"), ("zh-hans", "预计于2026-12-31实现")):
        body = words(get(client, "plan", plan.number, language=language))
        assert plan.digest in body
        assert "120.000" in body
        assert promise in body or language == "en" or "正在核算" in body


# The register


def numbers(response):
    return [row.activity.code for row in response.context["page"].rows]


def test_the_register_lists_what_was_published_and_nothing_else(client):
    make_ready()
    plan, statement = make_plan(), make_statement()
    assert set(numbers(get(client, "register"))) == {plan.activity.code, statement.activity.code}


def test_search_and_filters(client):
    names = {"name_zh": "青城山马拉松", "name_en": "Qingcheng Marathon"}
    settled = make_statement(**names, search=tokens(*names.values())).activity
    other = make_plan(kind="exhibition", region_code="440100").activity
    Region.objects.create(code="440000", name_zh="广东省", name_en="Guangdong")
    everything = {settled.code, other.code}

    def found(**query):
        return set(numbers(get(client, "register", **query)))

    assert found(q="马拉松") == {settled.code}
    assert found(q="qingch") == {settled.code}
    assert found(q=settled.code.lower()) == {settled.code}
    assert found(q=Statement.objects.get().number) == {settled.code}
    assert found(q="nothing of the kind") == set()
    assert found(kind="exhibition") == {other.code}
    assert found(region="440000") == {other.code}
    assert found(year="2026") == everything
    assert found(claim="neutral_self_declared") == {settled.code}
    assert found(claim="accounting") == {other.code}
    assert found(kind="<script>", year="1e9", region="x", claim="y", after="!!") == everything
    assert found(q="' OR 1=1 --") == set()
    assert get(client, "register", q="nul\x00").status_code == 404


def test_paging_by_keys_visits_everything_once(client, monkeypatch):
    codes = {make_plan().activity.code for _ in range(5)}
    monkeypatch.setattr("neutrality.disclosure.queries.register.page.__defaults__", (2,))
    seen, after = [], ""
    for _ in range(5):
        response = get(client, "register", after=after)
        seen += numbers(response)
        after = response.context["page"].after
        if not after:
            break
    assert sorted(seen) == sorted(codes)


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_asks_the_same_number_of_questions(client, count, django_assert_num_queries):
    for _ in range(count):
        make_statement()
    with django_assert_num_queries(6):
        get(client, "register")
    with django_assert_num_queries(1):
        get(client, "register")


# The organizer's pages


def mine(cast, maker, **over):
    return maker(organization=cast.home, created_by=cast.organizer, **over)


def test_publishing_a_plan(cast):
    activity, client = mine(cast, make_ready), cast.client("organizer")
    url = reverse("disclosure:publish_plan", args=[activity.code])
    key = client.get(url).context["form"]["key"].value()
    response = client.post(url, {"key": key})
    plan = Plan.objects.get()
    assert response.url == reverse("disclosure:plan", args=[plan.number])
    assert client.post(url, {"key": key}).url == response.url
    assert Plan.objects.count() == 1


def test_an_incomplete_plan_says_everything_and_changes_nothing(cast):
    activity, client = mine(cast, make_ready, summary="", promised_on=None), cast.client("organizer")
    url = reverse("disclosure:publish_plan", args=[activity.code])
    assert len(client.get(url).context["gaps"]) == 2
    response = client.post(url, {"key": "k"})
    assert response.status_code == 422
    assert len(response.context["form"].non_field_errors()) == 2
    assert not Plan.objects.exists()


def test_publishing_and_withdrawing_a_statement(cast):
    activity, client = mine(cast, make_settled), cast.client("organizer")
    url = reverse("disclosure:publish_statement", args=[activity.code])
    page = words(client.get(url, headers={"accept-language": "en"}))
    assert "Fully cancelled and confirmed; the statement is not published yet" in page
    assert "Carbon neutrality achieved, self-declared" in page
    client.post(url, {"key": uuid4().hex, "note": "Two figures are estimated."})
    statement = Statement.objects.get()
    assert statement.content["quality"]["note"] == "Two figures are estimated."
    response = client.post(url, {"key": uuid4().hex, "correction": ""})
    assert (response.status_code, Statement.objects.count()) == (422, 1)
    response = client.post(url, {"key": uuid4().hex, "correction": "again", "note": "Two figures are estimated."})
    assert (response.status_code, Statement.objects.count()) == (422, 1)
    away = reverse("disclosure:withdraw", args=[statement.number])
    assert client.post(away, {"reason": " "}).status_code == 422
    client.post(away, {"reason": "A bill was counted twice."})
    assert Statement.objects.get().withdrawal.reason == "A bill was counted twice."


DOORS = {
    "organizer": 200,
    "colleague": 403,
    "stranger": 404,
    "evaluator": 404,
    "registrar": 404,
    "regulator": 404,
    "citizen": 404,
    "anonymous": 302,
}


@pytest.mark.parametrize("who", DOORS)
def test_who_may_publish(cast, who):
    activity = mine(cast, make_settled)
    for name in ("publish_plan", "publish_statement"):
        assert get(cast.client(who), name, activity.code).status_code == DOORS[who]
    statement = publish(activity)
    assert get(cast.client(who), "withdraw", statement.number).status_code == DOORS[who]
    assert get(cast.client(who), "statement", statement.number).status_code == 200
    assert get(cast.client(who), "register").status_code == 200


def cover(activity, level="p90"):
    at = datetime(2026, 9, 2, tzinfo=UTC)
    return inventories.choose_cover(activity=activity, level=level, by=activity.created_by, at=at)


def test_a_statement_says_what_was_bought_for_and_what_was_only_bought(client):
    """104 t settle 103.15 t for the mean; for the 90th percentile they are short, in page, JSON and claim alike."""
    activity = make_settled()
    cover(activity)
    found = publish(activity)
    page = client.get(reverse("disclosure:statement", args=(found.number,)), headers={"accept-language": "en"}).text
    emissions, offset = found.content["emissions"], found.content["offset"]
    p90 = activity.inventories.get(kind="actual").simulation.p90_kg
    assert emissions["cover"] == {"level": "p90", "p90_kg": p90, "owed_units": {"mean": 104, "p90": obligation(p90)}}
    assert (emissions["owed_units"], offset["owed_units"]) == (obligation(p90), obligation(p90))
    assert (offset["percent"], offset["reached_on"]) == (99, None)
    assert offset["balance"] == {"state": "short", "units": obligation(p90) - 104}
    assert "bought for the 90th percentile of the simulated total; the mean would take 104" in page
    reduction = found.content["reduction"]
    assert (reduction["achieved_kg"], reduction["done"], reduction["bought_units"]) == ("180.0000", 1, 104)
    assert "Only bought" in page
    assert queries.claim(activity, timezone.localdate()).neutral is False


def test_raised_after_publication_the_balance_of_today_follows(client):
    found = make_statement()
    url = reverse("disclosure:statement", args=(found.number,))
    assert "bought for the mean" in client.get(url, headers={"accept-language": "en"}).text
    cover(found.activity)
    page = client.get(url, headers={"accept-language": "en"})
    assert (page.context["book"].balance.state, page.context["book"].now.state) == ("settled", "short")
    assert "What units are bought for was raised since." in page.text
