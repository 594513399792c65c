"""The doors of certificates and the page their check codes lead to; names the type lacks are found in the form."""

import io
import zipfile

import pytest

from neutrality.activities.forms import WhatForm
from neutrality.disclosure.tests.factories import make_settled, make_statement, publish
from neutrality.offsets.models import Block, Retirement
from neutrality.offsets.tests.factories import make_void
from neutrality.printing.checkcodes import Kind, code

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def test_documents_answer_with_their_version(client):
    found = make_statement()
    for address in (
        f"/statements/{found.number}/certificate.zh.pdf",
        f"/activities/{found.activity.code}/cancellations.en.pdf",
        f"/offsets/cancellations/{Retirement.objects.get().number}/certificate.en.pdf",
    ):
        first = client.get(address)
        assert (first.status_code, first["Content-Type"], first["Cache-Control"]) == (
            200,
            "application/pdf",
            "no-cache",
        )
        assert first.content.startswith(b"%PDF")
        assert client.get(address).content == first.content
        assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get("/statements/S-2222-2222/certificate.zh.pdf").status_code == 404
    assert client.get(f"/statements/{found.number}/certificate.fr.pdf").status_code == 404


def test_nothing_is_asked_twice_for_a_document(client, django_assert_num_queries):
    found = make_statement()
    statement = f"/statements/{found.number}/certificate.en.pdf"
    cancellation = f"/offsets/cancellations/{Retirement.objects.get().number}/certificate.en.pdf"
    with django_assert_num_queries(
        6
    ):  # the end of the trail; the statement, its claim, two kinds of units, the receipt
        first = client.get(statement)
    with django_assert_num_queries(1):  # the end of the trail alone
        assert client.get(statement).content == first.content
    with django_assert_num_queries(4):  # the end of the trail; the cancellation, what still lies there, the receipt
        client.get(cancellation)


def test_the_language_is_the_addresss_own_and_not_the_readers(client):
    address = f"/statements/{make_statement().number}/certificate.zh.pdf"
    english = client.get(address, headers=ENGLISH)
    assert (english.content, english["Content-Language"]) == (client.get(address).content, "zh-hans")


def test_a_code_leads_from_paper_to_the_state_now(client):
    found = make_statement()
    printed = code(Kind.STATEMENT, found.number)
    assert client.get("/check/", {"code": printed.lower().replace("-", " ")})["Location"] == f"/check/{printed}/"
    assert "Carbon neutrality achieved" in client.get(f"/check/{printed}/", headers=ENGLISH).text
    make_void(Block.objects.get(retirements__activity=found.activity), 4)
    after = client.get(f"/check/{printed}/", headers=ENGLISH).text
    assert "Claim under review" in after
    assert "Carbon neutrality achieved" not in after
    for kind, number in (
        (Kind.CANCELLATION, Retirement.objects.get().number),
        (Kind.CANCELLATIONS, found.activity.code),
    ):
        page = client.get(f"/check/{code(kind, number)}/", headers=ENGLISH)
        assert (page.status_code, "4 t of 104 t cancelled were found void" in page.text) == (200, True)


@pytest.mark.parametrize(("typed", "status"), [("", 200), ("3DH6F-57RHM", 422), ("x" * 500, 422)])
def test_a_slip_is_said_beside_the_field(typed, status, client):
    answer = client.get("/check/", {"code": typed} if typed else {}, headers=ENGLISH)
    assert answer.status_code == status
    assert ("sign by sign" in answer.text or "at most" in answer.text) is (status == 422)


@pytest.mark.parametrize("typed", ["3DH6F-57RHN", "3DH6F-57RHM", "☃", "..", "a/b"])
def test_a_code_nothing_bears_is_not_found(typed, client):
    assert client.get(f"/check/{typed}/").status_code == 404


def test_all_certificates_of_an_activity_in_one_archive(cast):
    activity = make_settled(organization=cast.home, created_by=cast.organizer)
    number = publish(activity).number
    client = cast.client("organizer")
    address = f"/activities/{activity.code}/certificates.zip"
    packed = client.get(address).content
    assert client.get(address).content == packed
    names = zipfile.ZipFile(io.BytesIO(packed)).namelist()
    retired = Retirement.objects.get().number
    assert sorted(names) == sorted(
        f"{name}-{language}.pdf" for name in (number, retired, activity.code) for language in ("zh", "en")
    )


WHAT = {
    "kind": "meeting",
    "name_zh": "某某会议",
    "starts_on": "2026-05-16",
    "ends_on": "2026-05-17",
    "region_code": "510100",
}


def test_a_character_the_type_lacks_is_asked_for_once_and_never_refused():
    rare = WHAT | {"name_zh": "𪛖氏宗亲会议\ue123"}
    asked = WhatForm(rare, form="event")
    assert not asked.is_valid()
    assert "𪛖 U+2A6D6, U+E123" in str(asked.errors["name_zh"])
    assert list(asked.fields).index("as_written") == list(asked.fields).index("name_zh") + 1
    confirmed = WhatForm(rare | {"as_written": "on"}, form="event")
    assert "name_zh" not in confirmed.errors
    assert "as_written" not in confirmed.cleaned_data
    assert confirmed.cleaned_data["name_zh"] == rare["name_zh"]


def test_a_name_of_the_type_is_not_asked_for():
    """Control."""
    form = WhatForm(WHAT, form="event")
    assert "name_zh" not in form.errors
    assert "as_written" not in form.fields
