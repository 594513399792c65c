"""The public list of registries' files: newest first, by registry, page after page, as CSV and JSON."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.tests.factories import make_user
from neutrality.offsets import operations, queries
from neutrality.offsets.models import RegistryFile
from neutrality.offsets.rules.browsing import Cursor
from neutrality.offsets.tests.factories import AT, VERRA_HEAD, VERRA_ROW, VERRA_SERIAL, Table, make_kind
from neutrality.opendata.writing import BOM

pytestmark = pytest.mark.django_db
PLAIN_HEAD = "Registry,Project ID,Serial number,Quantity,Event,Date"
EVERYTHING = {"rows": 2, "new": 1, "set_aside": 1, "registry": "verra", "layout": "verra-transactions"}


def handed_in(text, day=0):
    facts = {"owner_code": "0" * 18, "by": make_user(), "at": AT + timedelta(days=day)}
    return operations.read_file(upload=Table(text), **facts)


@pytest.fixture
def files():
    """Three files of Verra, one with a bad row, and one whose rows name their registry."""
    make_kind("vcu")
    rows = [VERRA_ROW.format(1, VERRA_SERIAL.format(at, at), "2026-04-09", "") for at in (1, 3, 5)]
    bad = VERRA_ROW.format(9, VERRA_SERIAL.format(9, 9), "2026-04-09", "")
    texts = [f"{VERRA_HEAD}\n{row}\n" for row in rows[:2]] + [f"{VERRA_HEAD}\n{rows[2]}\n{bad}\n"]
    texts.append(f"{PLAIN_HEAD}\ncdcer,1,REC-1,10,issued,2026-06-01\n")
    return [handed_in(text, day) for day, text in enumerate(texts)]


def shown(client, **asked):
    page = client.get(reverse("offsets:published_files"), asked)
    return [row["file"] for row in page.context["rows"]]


def test_newest_first_by_registry(client, files):
    assert shown(client) == files[::-1]
    assert shown(client, registry="verra") == files[2::-1]
    assert shown(client, registry="acr") == []
    page = client.get(reverse("offsets:published_files"), {"registry": "nobody"}, headers={"accept-language": "en"})
    assert page.context["wrong"] is True
    assert b"no such registry" in page.content


def test_pages_there_and_back_show_every_file_once(files):
    first = queries.published_files(rows=2)
    second = queries.published_files(cursor=Cursor(int(first.after)), rows=2)
    assert (first.rows + second.rows, first.before, second.after) == (files[::-1], "", "")
    back = queries.published_files(cursor=Cursor(int(second.before), back=True), rows=2)
    assert (back.rows, back.before, bool(back.after)) == (first.rows, "", True)


def test_the_list_says_who_published_and_how_old_the_feed_is(client, files):
    page = client.get(reverse("offsets:published_files"), headers={"accept-language": "en"}).content.decode()
    assert "the registries its rows name" in page
    assert files[0].digest[:16] in page
    assert reverse("offsets:published_files") in client.get(reverse("offsets:feeds")).content.decode()


def test_downloads_say_the_same_and_take_the_filter(client, files):
    text = b"".join(client.get(reverse("opendata:csv", args=["files"]), {"registry": "verra"}).streaming_content)
    table = list(csv.DictReader(io.StringIO(text.decode().removeprefix(BOM))))
    lines = b"".join(client.get(reverse("opendata:jsonl", args=["files"]), {"registry": "verra"}).streaming_content)
    rows = [json.loads(line) for line in lines.decode().splitlines()]
    assert [row["digest"] for row in table] == [row["digest"] for row in rows] == [file.digest for file in files[:3]]
    assert {name: rows[2][name] for name in EVERYTHING} == EVERYTHING
    assert client.get(reverse("opendata:csv", args=["files"]), {"vintage": "2020"}).status_code == 400


def test_a_page_asks_the_same_few_questions_however_many_files(client, files, django_assert_max_num_queries):
    assert RegistryFile.objects.count() == 4
    with django_assert_max_num_queries(6):
        client.get(reverse("offsets:published_files"))
