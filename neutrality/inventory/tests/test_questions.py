"""Questions by kind: a village asks little, a fair asks for stands and freight, and nothing is ever out of reach."""

import pytest
from django.urls import reverse

from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import asking, rules
from neutrality.inventory.rules.questions import ANY
from neutrality.inventory.tests.factories import load_library, make_draft
from neutrality.inventory.tests.library import library, sources
from neutrality.inventory.tests.test_views import cells
from neutrality.rulebook.rules import Kind, SourceCode

SOURCES = {source.value for source in SourceCode}


def first(kind, people=None):
    return [question.source for question in rules.asked(asking.rows(), kind, people) if question.first]


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
@pytest.mark.parametrize("people", [None, 20, 50_000])
def test_every_source_has_a_question_whatever_the_kind(kind, people):
    found = rules.asked(asking.rows(), kind, people)
    assert {question.source for question in found} == SOURCES
    assert [question.first for question in found] == sorted((question.first for question in found), reverse=True)
    assert all(question.ask_zh and question.ask_en for question in found)


def test_a_village_asks_little_and_a_fair_asks_for_stands_and_freight():
    assert first("other_event", 100) == ["participant_travel", "catering", "electricity"]
    assert first("exhibition", 20_000)[:3] == ["electricity", "venue_construction", "freight"]
    assert len(first("exhibition", 20_000)) > len(first("exhibition", 100))
    assert len(first("enterprise", 100)) == len(SOURCES)  # nobody said what matters there


def test_the_file_says_what_it_must():
    rows = asking.rows()
    assert {row["kind"] for row in rows} <= {ANY, *(kind.value for kind in Kind)}
    assert {row["source"] for row in rows if row["kind"] == ANY} == SOURCES
    names = [(row["kind"], row["source"]) for row in rows]
    assert len(names) == len(set(names))
    head = asking.FILE.read_text("utf-8").split("\nkind,")[0]
    assert all(word in head for word in ("2026-11-21", "MEE announcement 2019", "proposals of this portal"))


def test_what_is_proposed_exists_and_fits_its_source():
    known = library()
    book = {source.code.value: source for source in sources()}
    wrong = [
        (row["kind"], row["source"], code)
        for row in asking.rows()
        for code in filter(None, row["factors"].split(";"))
        if code not in known
        or known[code].basis is not rules.Basis.PLAIN
        or not rules.fits(book[row["source"]], known[code])
        or known[code].gwp_set not in (rules.GWP_DEFAULT, rules.GwpSet.CO2, rules.GwpSet.UNKNOWN)
    ]
    assert wrong == []


@pytest.mark.django_db
def test_the_page_asks_first_what_matters_and_one_button_answers_the_rest(cast):
    load_library()
    village = make_activity(kind="other_event", expected_people=100, organization=cast.home, created_by=cast.organizer)
    make_draft(village, "estimate")
    client, address = cast.client("organizer"), reverse("inventory:edit", args=[village.code, "estimate"])
    page = client.get(address)
    asked, others = page.content.decode().split('<details class="sheet-others"')
    assert [asked.count('class="sheet-source"'), others.count('class="sheet-source"')] == [3, len(SOURCES) - 2]
    assert others.startswith(" >")  # closed
    assert "大家从哪里来" in asked
    data = cells(page)
    row = next(name[: -len("source")] for name, value in data.items() if value == "waste")
    data[f"{row}quantity"] = "7"
    answered = cells(client.post(address, data | {"nothing_else": "1"}))
    said = {answered[name[:-9] + "source"]: value for name, value in answered.items() if name.endswith("-treatment")}
    assert {source for source, value in said.items() if value == "not_occurring"} == SOURCES - {
        "participant_travel", "catering", "electricity", "waste",
    }  # fmt: skip
    assert (said["waste"], said["participant_travel"]) == ("", "")
