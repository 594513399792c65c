"""Months, files and lists of participants from programs: through the verbs of the page, all or nothing, told to the
trail."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from neutrality.inventory import queries, tasks
from neutrality.inventory.models import Deposit, Roster
from neutrality.opendata import answers
from neutrality.opendata.tests.programs import OWN, place, stored
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db


# --- months


def deposits(*quantities, **over):
    return {
        "deposits": [
            {"month": f"2026-0{month}", "source": "electricity", "label": "Main", "quantity": text, "unit": "kWh"}
            | over
            for month, text in enumerate(quantities, start=1)
        ]
    }


def test_months_are_deposited_by_the_verb_of_the_page(program, period, cast):
    answer = program.send("post", f"{OWN}/{period.code}/months", deposits("100", "1,448.5"))
    answers.Deposited.model_validate(answer.json())
    assert (answer.json()["deposited"], answer.json()["unchanged"]) == (2, 0)
    (meter,) = answer.json()["meters"]
    assert (meter["measured"], meter["missing"]) == ("1548.500000", ["2026-03", "2026-04", "2026-05", "2026-06"])
    assert meter["estimated"] is None  # fewer than half: nothing is made up
    entry = Entry.objects.filter(verb="inventory.deposit").last()
    assert (entry.by, entry.content["through"][:4]) == (cast.organizer.public_id, "key:")
    again = program.send("post", f"{OWN}/{period.code}/months", deposits("100", "1448.5"))
    assert (again.json()["deposited"], again.json()["unchanged"], Deposit.objects.count()) == (0, 2, 2)


def test_one_bad_month_keeps_none_and_all_are_named(program, period):
    bad = deposits("1", "1e400", None, "", "5")
    bad["deposits"] += deposits("7", month="2027-01")["deposits"] + deposits("7", unit="parsec")["deposits"]
    bad["deposits"] += [7, *deposits(5)["deposits"], *deposits("5", month="May")["deposits"]]
    answer = program.send("post", f"{OWN}/{period.code}/months", bad)
    assert {(error["pointer"], error["code"]) for error in answer.json()["errors"]} == {
        ("#/deposits/1/quantity", "number_exponent"),
        ("#/deposits/2/quantity", "missing"),
        ("#/deposits/3/quantity", "missing"),
        ("#/deposits/6/unit", "unit_unknown"),
        ("#/deposits/7", "not_object"),
        ("#/deposits/8/quantity", "number_as_text"),
        ("#/deposits/9/month", "not_a_month_text"),
    }
    mixed = deposits("1", "2")
    mixed["deposits"] += (
        deposits("7", month="2027-01")["deposits"] + deposits("7", unit="m3", month="2026-04")["deposits"]
    )
    answer = program.send("post", f"{OWN}/{period.code}/months", mixed)
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("#/deposits/2/month", "not_a_month"),
        ("#/deposits/3/unit", "unit_changed"),
    ]
    assert not Deposit.objects.exists()
    assert not Entry.objects.filter(verb="inventory.deposit").exists()


def test_an_event_has_no_months(program, draft):
    answer = program.send("post", f"{OWN}/{draft.activity.code}/months", deposits("1"))
    assert (answer.status_code, answer.json()["code"]) == (409, "refused")


def test_a_bill_is_kept_and_named(program, period):
    bill = SimpleUploadedFile("bill.csv", b"month,kWh\n2026-01,100\n")
    kept = program.upload(f"{OWN}/{period.code}/evidence", {"file": bill})
    answers.Kept.model_validate(kept.json())
    digest = kept.json()["evidence"]
    assert program.send("post", f"{OWN}/{period.code}/months", deposits("100", evidence=digest)).status_code == 200
    assert Deposit.objects.get().evidence.digest == digest
    wrong = program.send("post", f"{OWN}/{period.code}/months", deposits("100", evidence="0" * 64))
    assert [error["code"] for error in wrong.json()["errors"]] == ["evidence_unknown"]
    macro = program.upload(f"{OWN}/{period.code}/evidence", {"file": SimpleUploadedFile("run.exe", b"MZ")})
    assert [error["code"] for error in macro.json()["errors"]] == ["unknown_type"]


# --- lists


LIST = "city,mode,people\n重庆,hsr,7\n北京,plane,9\n".encode()


def test_a_list_is_handed_in_and_its_state_asked_for(program, draft, cast):
    sent = {"file": SimpleUploadedFile("list.csv", LIST), "venue": "成都"}
    answer = program.upload(place(draft, "/lists"), sent)
    assert answer.status_code == 202, answer.content
    answers.ListState.model_validate(answer.json())
    assert program.get(answer["Location"]).json()["state"] == "waiting"
    again = program.upload(place(draft, "/lists"), {**sent, "file": SimpleUploadedFile("list.csv", LIST)})
    assert again["Location"] == answer["Location"]
    tasks.settle_lists_due()
    done = program.get(answer["Location"]).json()
    answers.ListState.model_validate(done)
    assert (done["state"], done["percent"], done["people"]) == ("done", 100, 16), done
    assert Entry.objects.get(verb="inventory.hand_in_list").content["through"].startswith("key:")
    draft.refresh_from_db()
    assert queries.sheet(draft).total_kg > 0


def test_a_list_that_asks_says_where_a_person_answers(program, draft, cast):
    data = b"city,mode,people\nAtlantis,hsr,7\n"
    answer = program.upload(place(draft, "/lists"), {"file": SimpleUploadedFile("list.csv", data), "venue": "成都"})
    tasks.settle_lists_due()
    told = program.get(answer["Location"]).json()
    answers.ListState.model_validate(told)
    assert (told["state"], told["findings"][0]["code"], told["findings"][0]["rows"]) == ("asking", "place_unknown", [2])
    assert cast.client("organizer").get(told["page"]).status_code == 200
    assert stored(draft) == []


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"venue": "成都"}, "#/file"),
        ({"file": "text", "venue": "成都"}, "#/file"),
        ({"file": SimpleUploadedFile("list.csv", LIST), "venue": "Atlantis"}, "#/venue"),
        ({"file": SimpleUploadedFile("list.csv", LIST)}, "#/venue"),
        ({"file": SimpleUploadedFile("list.csv", LIST), "venue": "成都", "infer": "maybe"}, "#/infer"),
    ],
)
def test_lists_that_are_none(program, draft, fields, pointer):
    if "file" in fields and hasattr(fields["file"], "seek"):
        fields["file"].seek(0)
    answer = program.upload(place(draft, "/lists"), fields)
    assert answer.status_code == 422, answer.content
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Roster.objects.exists()


def test_a_list_cut_in_half_is_refused_by_the_worker_and_said(program, draft):
    data = io.BytesIO(b"PK\x03\x04" + b"\x00" * 50).getvalue()
    answer = program.upload(place(draft, "/lists"), {"file": SimpleUploadedFile("list.xlsx", data), "venue": "成都"})
    tasks.settle_lists_due()
    told = program.get(answer["Location"]).json()
    answers.ListState.model_validate(told)
    assert (told["state"], bool(told["findings"])) == ("refused", True)
