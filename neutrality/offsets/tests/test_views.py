"""The pages through the client: what works, what is refused with the form kept, and how many queries a list costs."""

import re

import pytest
from django.urls import reverse

from accounts.models import Organization
from neutrality.activities.models import Activity
from neutrality.activities.tests.factories import make_activity
from neutrality.disclosure.tests.factories import make_statement
from neutrality.offsets import operations, queries
from neutrality.offsets.models import Block
from neutrality.offsets.tests.factories import (
    AT,
    make_block,
    make_project,
    make_proof,
    make_retirement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity(cast):
    return make_activity(organization=cast.home, state="committed", created_by=cast.organizer)


@pytest.fixture
def block(cast):
    return make_block(cast.home, 100, serial="LP-1", by=cast.organizer)


# ---- public lists: the same number of queries for two rows and for four ---------------------------------------------

LISTS = {
    "offsets:projects": 5,
    "offsets:blocks": 5,
    "offsets:issuances": 5,
    "offsets:cancellations": 5,
    "offsets:catalogue": 6,  # what is left of each
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_cost_the_same_for_two_and_four(name, client, activity, cast, django_assert_num_queries):
    for rows in (1, 2, 4):
        while Block.objects.count() < rows:
            block = make_block(cast.home, 10, by=cast.organizer)
            facts = {"block": block, "organization": cast.home, "by": cast.organizer, "at": AT}
            operations.offer(quantity=5, price_cny=30, **facts)
            make_retirement(activity, 5, block=block, by=cast.organizer)
        if rows == 1:
            operations.count(at=AT)
            client.get(reverse(name))  # the first reader's process reads the shelves and what was counted on them
            continue
        with django_assert_num_queries(LISTS[name]):
            assert len(client.get(reverse(name)).context["page"].rows) == rows


def test_filters_show_what_fits_and_nothing_else(client, cast):
    here = make_block(cast.home, 10, kind="cdcer", serial="HERE-1")
    kenya = make_project("vcu", country="KE", name_zh="肯尼亚炉灶", name_en="Kenyan stoves")
    vcu = "1-1-10-VCS-VCU-261-VER-KE-3-1060-01012022-31122022-0"
    there = make_block(cast.home, 10, kind="vcu", serial=vcu, project=kenya)
    address = reverse("offsets:blocks")
    asked = {
        "registry=cdcer": here,
        "kind=vcu": there,
        "place=abroad": there,
        "place=CN": here,
        "q=炉灶": there,
        "q=stov": there,
        "q=林盘": here,
    }
    for query, found in asked.items():
        rows = client.get(f"{address}?{query}").context["page"].rows
        assert [row.pk for row in rows] == [found.pk], query
    assert client.get(f"{address}?vintage=2024").context["page"].rows[0].vintage == "2024"
    assert client.get(f"{address}?vintage=2019").context["page"].rows == []


def test_the_next_page_asks_for_its_rows_only(client, cast, django_assert_num_queries):
    """Version and rows: the filters, their counts and the charts are those of the page before."""
    blocks = [make_block(cast.home, 10, by=cast.organizer) for _number in range(3)]
    client.get(reverse("offsets:blocks"))
    with django_assert_num_queries(2):
        page = client.get(reverse("offsets:blocks"), {"after": blocks[2].pk})
    shown = re.findall(r'<th scope="row"><a class="code" href="([^"]+)"', page.content.decode())
    assert shown == [reverse("offsets:block", args=[block.code]) for block in (blocks[1], blocks[0])]


NASTY = """<b>&'"{0}%s</b>"""


def test_rows_print_every_name_as_text(client, activity, cast):
    """The rows are put together by hand, so what a name holds must stay text: in all four lists."""
    project = make_project("cdcer", name_zh=NASTY, name_en=NASTY, methodology=NASTY, developer=NASTY, place_name=NASTY)
    block = make_block(cast.home, 10, project=project, by=cast.organizer)
    make_retirement(activity, 5, block=block, by=cast.organizer)
    Activity.objects.update(name_zh=NASTY)
    Organization.objects.update(name_zh=NASTY)
    shown = "&lt;b&gt;&amp;&#x27;&quot;{0}%s&lt;/b&gt;"
    for name, times in (("projects", 4), ("blocks", 1), ("issuances", 2), ("cancellations", 2)):
        text = client.get(reverse(f"offsets:{name}")).content.decode()
        assert NASTY not in text
        assert text.count(shown) == times, name


@pytest.mark.parametrize("query", ["vintage=last", "vintage=1", "registry=nope", "kind=%01", "place=x"])
def test_wrong_filters_are_said_and_nothing_is_shown(client, block, query):
    answer = client.get(f"{reverse('offsets:blocks')}?{query}")
    assert answer.status_code == 200
    assert answer.context["page"].rows == []
    assert answer.context["form"].errors


def test_keyset_pages_show_every_row_once(cast):
    for number in range(7):
        make_block(cast.home, 1, serial=f"K-{number}00")
    seen, after = [], None
    while True:
        page = queries.blocks(queries.Filters(), after, rows=3)
        seen += [row.pk for row in page.rows]
        if not page.after:
            break
        after = queries.Cursor(int(page.after))
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 7


def test_catalogue_pages_by_price(cast):
    for price in (30, 10, 20, 20, 20):
        block = make_block(cast.home, 5)
        facts = {"organization": cast.home, "by": cast.organizer, "at": AT}
        operations.offer(block=block, quantity=5, price_cny=price, **facts)
    first = queries.offers(queries.Filters(), rows=2)
    price, pk = first.after.split("_")
    rest = queries.offers(queries.Filters(), (price, int(pk)), rows=10)
    assert [int(row.price_cny) for row in first.rows + rest.rows] == [10, 20, 20, 20, 30]


@pytest.mark.parametrize("after", ["x", "-1", "٣", "9" * 40, "1_2_3", "_", "1e9_4"])
def test_any_cursor_is_read_or_ignored(client, block, after):
    for name in LISTS:
        assert client.get(reverse(name), {"after": after}).status_code == 200


# ---- the life of one number -----------------------------------------------------------------------------------------


def test_one_number_shows_its_whole_life(client, activity, block, cast):
    make_retirement(activity, 30, block=block, by=cast.organizer)
    address = reverse("offsets:serials")
    (found,) = client.get(address, {"q": "lp-1/17"}).context["found"]
    assert [row["words"] for row in found["lying"]] == ["已注销，用于"]
    assert len(found["story"]) == 2
    (found,) = client.get(address, {"q": "LP-1/31"}).context["found"]
    assert len(found["story"]) == 1
    assert client.get(address, {"q": "LP-1/101"}).context["found"] == []


def test_a_used_number_leads_to_the_papers(client, activity, block, cast, django_assert_num_queries):
    """The activity, its statement once there is one, the certificate; one question for the uses of a block, one for
    their statements, one for notices about them."""
    row = make_retirement(activity, 30, block=block, by=cast.organizer)
    address = reverse("offsets:serials")
    text = client.get(address, {"q": "LP-1/17"}).content.decode()
    assert reverse("portal:cancellation_certificate", args=[row.number, "zh"]) in text
    assert "尚未发布声明" in text
    statement = make_statement()
    used = statement.activity.retirements.get()
    with django_assert_num_queries(15):
        text = client.get(address, {"q": used.number}).content.decode()
    assert reverse("disclosure:statement", args=[statement.number]) in text
    assert reverse("portal:cancellation_certificate", args=[used.number, "en"]) in text
    unused = client.get(address, {"q": "LP-1/31"}).content.decode()
    assert "certificate." not in unused


def test_search_by_block_cancellation_certificate_and_bare_vcu_number(client, activity, block, cast):
    row = make_retirement(activity, 30, block=block, by=cast.organizer)
    proof = make_proof(activity, certificate_number="ZX-77")
    operations.check_proof(proof=proof, by=cast.registrar, at=AT)
    vcu = make_block(kind="vcu", serial="1-500-509-VCS-VCU-261-VER-CN-14-1060-01012022-31122022-0", quantity=10)
    for text, units in ((block.code, 100), (row.number, 30), ("zx-77", 40), ("505", 1), (vcu.serial, 10)):
        (hit,) = queries.found_by(text)
        assert hit.units == units, text
    assert queries.found_by("nothing like it") == []
