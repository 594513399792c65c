"""The shell's own pages: what each person sees, hidden drafts, literal query counts."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from neutrality.activities.tests.factories import make_activity, make_measure
from neutrality.disclosure.tests.factories import make_statement
from neutrality.inventory.tests.factories import make_submitted_inventory
from neutrality.offsets.operations import holdings
from neutrality.offsets.tests.factories import AT, make_block, make_proof, make_retirement
from neutrality.search import tokens

pytestmark = pytest.mark.django_db

HOME = 18
DESK = 14
ACTIVITY = 24


def settle(cast, units: int = 60, **over):
    """A public activity of the organizer with actual figures of 103.15 t and some units."""
    activity = make_activity(organization=cast.home, created_by=cast.organizer, state="committed", **over)
    make_measure(activity)
    make_submitted_inventory(activity, "estimate", kg="120000")
    make_submitted_inventory(activity, "actual", kg="103150")
    if units:
        make_retirement(activity, units)
    return activity


def text(answer) -> str:
    """What a reader sees, in one line."""
    body = answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_home_shows_the_book_of_what_is_short(cast, client):
    activity = settle(cast)
    page = text(client.get("/", headers={"accept-language": "en"}))
    assert activity.name_en in page
    assert "short by 44 t" in page


def test_home_before_anything_happened(client):
    page = text(client.get("/", headers={"accept-language": "en"}))
    assert "No account is settled yet" in page


@pytest.mark.parametrize("count", [1, 3])
def test_home_asks_a_fixed_number_of_questions(cast, client, django_assert_num_queries, count):
    for _ in range(count):
        settle(cast)
    client.get("/")
    with django_assert_num_queries(HOME):
        client.get("/")


@pytest.mark.parametrize("count", [1, 3])
def test_desk_asks_a_fixed_number_of_questions(cast, django_assert_num_queries, count):
    for _ in range(count):
        settle(cast)
    client = cast.client("organizer")
    client.get("/desk/")
    with django_assert_num_queries(DESK):
        client.get("/desk/")


@pytest.mark.parametrize("count", [1, 3])
def test_activity_asks_a_fixed_number_of_questions(cast, client, django_assert_num_queries, count):
    activity = settle(cast, units=10)
    for _ in range(count - 1):
        make_retirement(activity, 10)
        make_measure(activity)
    address = reverse("portal:activity", args=(activity.code,))
    client.get(address)
    with django_assert_num_queries(ACTIVITY):
        client.get(address)


def test_desk_tells_each_next_step_with_its_door(cast):
    short, covered = settle(cast, 60), settle(cast, 104)
    draft = make_activity(organization=cast.home, created_by=cast.organizer)
    page = cast.client("organizer").get("/desk/").content.decode()
    assert reverse("portal:units", args=(short.code,)) in page
    assert reverse("evaluation:confirmation", args=(covered.code,)) in page
    assert reverse("portal:plan", args=(draft.code,)) in page


def test_desk_tells_whoever_was_asked_for_units_and_nobody_else(cast):
    block = make_block(cast.elsewhere, 100)
    order = holdings.ask(
        block=block, giver=cast.elsewhere, taker=cast.home, side="taker", quantity=5, key="k", by=cast.organizer, at=AT
    )
    door = reverse("offsets:handover", args=[order.number])
    assert door in cast.client("stranger").get("/desk/").content.decode()
    for other in ("colleague", "citizen"):
        assert door not in cast.client(other).get("/desk/").content.decode()
    assert cast.client("organizer").get("/desk/").context["handovers"] == []


def test_an_order_stays_on_both_desks_until_a_fortnight_after_its_end(cast):
    """The buyer sees that it waits; both see how it ended; then it leaves the desks."""
    block, now = make_block(cast.elsewhere, 100), timezone.now()
    facts = {"giver": cast.elsewhere, "taker": cast.home, "side": "taker", "quantity": 5, "by": cast.organizer}
    old, order = (holdings.ask(block=block, key=key, at=now - timedelta(days=30), **facts) for key in ("old", "new"))
    door = reverse("offsets:handover", args=[order.number])

    def desk(who):
        return cast.client(who).get("/desk/").context

    assert [row.pk for row in desk("organizer")["moving"]] == [order.pk, old.pk]
    assert desk("stranger")["moving"] == []
    holdings.close(handover=old, state="declined", by=cast.stranger, at=now - timedelta(days=15))
    holdings.close(handover=order, state="declined", by=cast.stranger, at=now)
    for who in ("organizer", "stranger"):
        assert [row.pk for row in desk(who)["moving"]] == [order.pk]
        assert door in cast.client(who).get("/desk/").content.decode()
    assert door not in cast.client("colleague").get("/desk/").content.decode()


def test_desk_of_others_does_not_show_it(cast):
    activity = settle(cast)
    for member in ("stranger", "evaluator", "registrar", "regulator", "citizen"):
        assert activity.code not in cast.client(member).get("/desk/").content.decode(), member


def test_registry_operator_sees_the_proofs_that_wait(cast):
    activity = settle(cast, units=0)
    proof = make_proof(activity)
    assert reverse("offsets:check", args=(proof.number,)) in cast.client("registrar").get("/desk/").content.decode()


def test_draft_is_hidden_from_strangers_and_open_to_members(cast, client):
    draft = make_activity(organization=cast.home, created_by=cast.organizer)
    address = reverse("portal:activity", args=(draft.code,))
    assert client.get(address).status_code == 404
    assert cast.client("stranger").get(address).status_code == 404
    assert cast.client("colleague").get(address).status_code == 200


def test_activity_page_says_the_claim_and_the_same_balance(cast, client):
    activity = settle(cast, 60)
    page = text(client.get(reverse("portal:activity", args=(activity.code,)), headers={"accept-language": "en"}))
    assert "Partly offset: 60 t of 103.150 t, 58 %" in page
    assert "short by 44 t" in page


def test_late_units_are_shown_but_not_counted(cast, client):
    activity = settle(cast, 60)
    make_retirement(activity, 44, at=datetime(2027, 6, 1, 8, tzinfo=UTC))
    page = text(client.get(reverse("portal:activity", args=(activity.code,)), headers={"accept-language": "en"}))
    assert "44 t were cancelled after the deadline and do not count" in page
    assert "short by 44 t" in page


def test_structured_data_makes_no_claim(cast, client):
    activity = settle(cast, 104)
    page = client.get(reverse("portal:activity", args=(activity.code,))).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert json.loads(block)["name"] == activity.name_zh
    assert "中和" not in block.replace(activity.name_zh, "")


def test_search_finds_each_kind_and_hides_drafts(cast, client):
    activity = settle(cast, 60, name_zh="青城山半程马拉松", search=tokens("青城山半程马拉松"))
    make_activity(organization=cast.home, created_by=cast.organizer, name_zh="青城山草稿", search=tokens("青城山草稿"))
    page = client.get("/search/", {"q": "青城山"}).content.decode()
    assert activity.code in page
    assert "草稿" not in page
    assert cast.home.code in client.get("/search/", {"q": "青川会展"}).content.decode()
    serial = activity.retirements.get().block.serial
    assert serial in client.get("/search/", {"q": serial}).content.decode()


@pytest.mark.parametrize("asked", ["", " ", "不存在的东西", "%", "'; --", "ａ" * 300])
def test_search_survives_anything(client, asked):
    assert client.get("/search/", {"q": asked}).status_code == 200


def test_methodology_prints_what_the_functions_say(client):
    page = text(client.get("/methodology/", headers={"accept-language": "en"}))
    assert "10,000 kWh × 0.1564 kg/kWh = 1,564 kg" in page  # TV7
    assert "103.150 t CO₂e → 104 t" in page  # TV5
    assert "2028-02-29 → 2029-02-28" in page  # TV6b


def test_sitemap_lists_public_activities_only(cast, client):
    public, draft = settle(cast), make_activity(organization=cast.home, created_by=cast.organizer)
    body = client.get("/sitemap-activities.xml").content.decode()
    assert public.code in body
    assert draft.code not in body


def test_text_size_never_leads_elsewhere(client):
    answer = client.post("/text-size/", {"size": "large", "next": "https://evil.example/"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.cookies["text"].value == "large"


def test_errors_speak_both_languages(client):
    assert "没有页面" in client.get("/nowhere/", headers={"accept-language": "zh"}).content.decode()
    assert "no page" in client.get("/nowhere/", headers={"accept-language": "en"}).content.decode()


def test_statement_is_linked_from_its_activity(cast, client):
    statement = make_statement()
    page = client.get(reverse("portal:activity", args=(statement.activity.code,))).content.decode()
    assert reverse("disclosure:statement", args=(statement.number,)) in page
