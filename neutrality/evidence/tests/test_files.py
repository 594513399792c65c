"""Files: what is kept, what is refused, how it survives a cut, who may read it."""

import io
import os
import tracemalloc
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from neutrality.evidence import operations, rules
from neutrality.evidence.models import File
from neutrality.trail.models import Entry

AT = datetime(2026, 5, 18, tzinfo=UTC)
PDF = b"%PDF-1.7\nsome pages\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(30) + b"IEND\xaeB`\x82"
JPG = b"\xff\xd8\xff\xe0" + bytes(40) + b"\xff\xd9"
CSV = "用电量,单位\n10000,kWh\n".encode()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "用电量"
    book.active["A2"].hyperlink = "https://example.org/bill"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(name: str, content: bytes, base: bytes | None = None) -> bytes:
    out = io.BytesIO(base or workbook())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


GOOD = {
    "bill.pdf": PDF,
    "photo.JPG": JPG,
    "photo.jpeg": JPG,
    "scan.png": PNG,
    "list.csv": CSV,
    "sheet.xlsx": workbook(),
}
EXTERNAL = (
    b'<Relationships><Relationship Id="r1" Type="x/oleObject" Target="//host/x" TargetMode="External"/></Relationships>'
)
BAD = {
    "empty": ("bill.pdf", b"", "empty"),
    "too large": ("bill.pdf", PDF[:-6] + bytes(rules.LARGEST) + b"%%EOF\n", "too_large"),
    "web page": ("page.html", b"<html>", "unknown_type"),
    "vector image": ("logo.svg", b"<svg/>", "unknown_type"),
    "program": ("bill.exe", b"MZ", "unknown_type"),
    "macro workbook": ("book.xlsm", workbook(), "unknown_type"),
    "no ending": ("bill", PDF, "bad_name"),
    "only an ending": (".pdf", PDF, "bad_name"),
    "web page as pdf": ("bill.pdf", b"<html>%PDF-%%EOF", "wrong_content"),
    "cut pdf": ("bill.pdf", PDF[:12], "wrong_content"),
    "pdf as picture": ("photo.jpg", PDF, "wrong_content"),
    "picture as pdf": ("scan.pdf", PNG, "wrong_content"),
    "web page as csv": ("list.csv", b"  <script>", "wrong_content"),
    "binary as csv": ("list.csv", b"a,b\x00c", "wrong_content"),
    "text as workbook": ("sheet.xlsx", CSV, "wrong_content"),
    "other archive": ("sheet.xlsx", with_part("x.txt", b"x", b"PK\x05\x06" + bytes(18)), "wrong_content"),
    "cut workbook": ("sheet.xlsx", workbook()[:-200], "wrong_content"),
    "macros": ("sheet.xlsx", with_part("xl/vbaProject.bin", b"x"), "active_content"),
    "outside link": ("sheet.xlsx", with_part("xl/externalLinks/externalLink1.xml", b"<x/>"), "active_content"),
    "embedded program": ("sheet.xlsx", with_part("xl/embeddings/oleObject1.bin", b"x"), "active_content"),
    "outside relation": ("sheet.xlsx", with_part("xl/_rels/other.xml.rels", EXTERNAL), "active_content"),
    "swelling archive": ("sheet.xlsx", with_part("xl/media/a.xml", bytes(30 * rules.MIB)), "wrong_content"),
}


@pytest.mark.parametrize("name", GOOD)
def test_kept(name):
    assert rules.media_type(name, GOOD[name]) in rules.MEDIA_TYPES.values()


@pytest.mark.parametrize("case", BAD)
def test_refused(case, cast):
    name, data, code = BAD[case]
    with pytest.raises(operations.NotKept) as refused:
        deposit(cast, name, data)
    assert refused.value.code == code
    assert not File.objects.exists()


def deposit(cast, name="bill.pdf", data=PDF):
    upload = SimpleUploadedFile(name, data)
    upload.name = name
    return operations.deposit(upload=upload, owner_code=cast.home.code, by=cast.organizer, at=AT)


def read(file):
    return b"".join(operations.pieces(file))


def test_every_reason_has_words():
    assert set(operations.WHY) == set(rules.CODES)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/x.pdf", "x.pdf"),
        ("C:\\a\\b.pdf", "b.pdf"),
        ("a\r\nb\x00.pdf", "ab.pdf"),
        ("长" * 300 + ".pdf", None),
    ],
)
def test_names_are_only_shown(sent, kept):
    name = rules.clean_name(sent)
    assert name == (kept or "长" * 196 + ".pdf")


def test_the_same_bytes_are_one_file(cast):
    first, second = deposit(cast), deposit(cast, "again.pdf")
    assert first == second
    assert Entry.objects.filter(verb="evidence.deposit").count() == 1
    assert read(first) == PDF


def test_changed_bytes_are_noticed(cast):
    file = deposit(cast)
    path = operations.path_of(file.digest)
    path.write_bytes(PDF + b" ")
    with pytest.raises(operations.Damaged, match=file.digest):
        read(file)
    path.unlink()
    with pytest.raises(operations.Damaged, match=file.digest):
        read(file)
    deposit(cast)
    assert read(file) == PDF


CALLS = ["fsync", "replace", "open"]


@pytest.mark.parametrize("call", CALLS)
def test_a_cut_leaves_no_row_and_no_half_file(cast, monkeypatch, call):
    """Each system call fails in turn: nothing is there, or whole bytes without a row; never a row without bytes."""

    def fail(*args, **kwargs):
        raise OSError("cut")

    data = PDF + call.encode() + b"%%EOF"
    with monkeypatch.context() as patch:
        patch.setattr(operations.os, call, fail)
        with pytest.raises(OSError, match="cut"):
            deposit(cast, data=data)
    assert not File.objects.exists()
    path = operations.path_of(rules.digest(data))
    assert not path.exists() or path.read_bytes() == data
    assert [each.name for each in path.parent.iterdir() if each.name.startswith(".new-")] == []
    assert read(deposit(cast, data=data)) == data


def test_the_bytes_are_flushed_before_they_get_their_name(cast, monkeypatch):
    """Control: the order of the calls is what makes the deposit durable."""
    order = []
    for call in ("fsync", "replace"):
        real = getattr(os, call)
        monkeypatch.setattr(
            operations.os, call, lambda *a, _real=real, _call=call, **k: order.append(_call) or _real(*a, **k)
        )
    deposit(cast, data=PDF + b"order%%EOF")
    assert order[order.index("replace") - 1 :] == ["fsync", "replace", "fsync"]


def test_rows_are_only_added(cast):
    deposit(cast)
    with pytest.raises(IntegrityError, match="insert-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_file SET name = 'other.pdf'")


def test_publishing_is_filled_in_once(cast):
    file = deposit(cast)
    operations.publish(file=file, by=cast.organizer, at=AT)
    operations.publish(file=file, by=cast.colleague, at=AT)
    assert File.objects.get(pk=file.pk).published_by == cast.organizer
    with pytest.raises(IntegrityError, match="set once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_file SET published_at = now()")


READERS = {
    "organizer": 200,
    "colleague": 200,
    "stranger": 404,
    "evaluator": 200,
    "registrar": 200,
    "regulator": 200,
    "second_officer": 200,
    "citizen": 404,
    "anonymous": 302,
}


@pytest.mark.parametrize("who", READERS)
def test_who_may_read(cast, who):
    url = reverse("evidence:download", args=[deposit(cast).digest])
    assert cast.client(who).get(url).status_code == READERS[who]
    assert cast.client(who).get(reverse("evidence:download", args=["0" * 64])).status_code in (404, 302)


@pytest.mark.parametrize("who", READERS)
def test_anyone_may_read_what_is_public(cast, who):
    file = operations.publish(file=deposit(cast), by=cast.organizer, at=AT)
    assert cast.client(who).get(reverse("evidence:download", args=[file.digest])).status_code == 200


def test_it_is_a_download_and_nothing_else(cast):
    file = deposit(cast, '电费 "一月";.pdf')
    response = cast.client("organizer").get(reverse("evidence:download", args=[file.digest]))
    assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E7%94%B5%E8%B4%B9%20%22")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert {"sandbox", "default-src 'none'"} <= set(response["Content-Security-Policy"].split("; "))
    assert (response["Content-Length"], response["Content-Type"]) == (str(len(PDF)), "application/pdf")
    assert b"".join(response) == PDF


def test_a_large_file_is_handed_out_in_pieces(cast):
    """As large as a registry's file may be: neither the check nor the answer ever holds the whole."""
    large = SimpleUploadedFile("runs.csv", b"1,2,3,4,5,6,7\n" * (3 * rules.MIB))
    facts = {"media_type": "text/csv", "owner_code": cast.home.code, "by": cast.organizer, "at": AT}
    file = operations.deposit_stream(upload=large, **facts)
    client = cast.client("organizer")
    tracemalloc.start()
    response = client.get(reverse("evidence:download", args=[file.digest]))
    sizes = [len(piece) for piece in response]
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (sum(sizes), response["Content-Length"]) == (file.size, str(file.size))
    assert most < 8 * rules.MIB < file.size


def test_a_damaged_file_is_not_handed_out(cast):
    file = deposit(cast)
    operations.path_of(file.digest).write_bytes(PDF + b" ")
    with pytest.raises(operations.Damaged):
        cast.client("organizer").get(reverse("evidence:download", args=[file.digest]))
    deposit(cast)
