"""Certificates: the same texts are the same bytes, nothing typed is markup, what the type lacks is said."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import leave_out
from neutrality.printing import characters, qr, typesetting
from neutrality.printing.tests.factories import LONG, make_certificate

ANOTHER_PROCESS = """
import django
django.setup()
from neutrality.printing.tests.factories import make_certificate
import hashlib
print(hashlib.sha256(make_certificate().pdf()).hexdigest())
"""


@pytest.fixture
def read(tmp_path):
    """The words on the paper, through poppler."""
    if shutil.which("pdftotext") is None:
        leave_out("pdftotext")

    def text(pdf, *options):
        path = tmp_path / "it.pdf"
        path.write_bytes(pdf)
        done = subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, check=True, text=True)
        return done.stdout

    return text


def fresh(certificate):
    """Set anew, whatever was kept."""
    typesetting._pdf.cache_clear()
    return certificate.pdf()


def test_the_same_texts_are_the_same_bytes():
    one, other = make_certificate(), make_certificate()
    assert one.version == other.version
    assert fresh(one) == fresh(other)
    assert fresh(replace(one, lead="已结清")) != fresh(one)


def test_another_process_in_another_zone_and_language_makes_the_same_bytes():
    environ = os.environ | {
        "TZ": "America/Lima",
        "LANG": "C",
        "LC_ALL": "C",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", ANOTHER_PROCESS], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(fresh(make_certificate())).hexdigest()


def test_any_other_text_is_another_version():
    told = make_certificate()
    assert len({told.version, *(replace(told, **{name: "x"}).version for name in ("title", "lead", "check_code"))}) == 4
    assert replace(told, on=date(2026, 11, 22)).version != told.version


def test_many_at_once_from_many_threads():
    """A compiler is not shared between threads; each certificate keeps the bytes it has alone."""
    made = [make_certificate(number=f"S-B7K2-M9Q{sign}") for sign in "23456789"]
    alone = [fresh(each) for each in made]
    typesetting._pdf.cache_clear()
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(typesetting.Certificate.pdf, made)) == alone
    assert [pdf for _told, pdf in typesetting.batch(made)] == alone


def test_a_batch_has_a_limit(monkeypatch):
    monkeypatch.setattr(typesetting, "MOST_AT_ONCE", 2)
    with pytest.raises(ValueError, match="more than 2"):
        list(typesetting.batch([make_certificate()] * 3))


def test_everything_is_on_the_paper(read):
    words = "".join(read(make_certificate().pdf()).split())
    for text in (LONG, "尚缺147t", "3DH6F-57RHN", "S-B7K2-M9QX", "ab" * 32, "有效合计", "30,000", "页1/1"):
        assert "".join(text.split()) in words, text


def test_forty_runs_go_over_pages_and_lose_nothing(read):
    words = "".join(read(make_certificate(40, title=LONG * 2, facts=(("名", LONG * 8),)).pdf(), "-layout").split())
    assert words.count("10,000") == 40
    assert "400,000" in words
    assert words.count("编号") >= 2  # the head stands on each page
    assert "页2/" in words


def test_type_is_embedded_and_cut(tmp_path):
    if shutil.which("pdffonts") is None:
        leave_out("pdffonts")
    path = tmp_path / "it.pdf"
    path.write_bytes(make_certificate().pdf())
    listed = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    assert listed
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in listed), listed  # embedded, subset, to Unicode
    assert path.stat().st_size < 100_000


ARCHIVED = {
    "PDF/A-2": rb"<pdfaid:part>2</pdfaid:part>",
    "level A": rb"<pdfaid:conformance>A</pdfaid:conformance>",
    "PDF/UA-1": rb"<pdfuaid:part>1</pdfuaid:part>",
    "colours that mean the same everywhere": rb"/OutputIntent/DestOutputProfile \d+ 0 R/S/GTS_PDFA1",
    "tagged": rb"/MarkInfo<</Marked true",
    "an order of reading": rb"/StructTreeRoot \d+ 0 R",
    "headings": rb"/S/H1\b",
    "a table with heads": rb"/S/TH\b",
    "the square in words": rb"/S/Figure\b.{0,400}/Alt",
    "its title in the window": rb"/DisplayDocTitle true",
    "an author": rb"<dc:creator>",
    "a day": rb"/CreationDate\(D:20261121",
}


@pytest.mark.parametrize(("language", "code"), [("zh", b"/Lang(zh-CN)"), ("en", b"/Lang(en-GB)")])
def test_it_is_a_tagged_file_for_the_archive(language, code):
    pdf = fresh(make_certificate(language=language))
    lacking = [name for name, mark in ARCHIVED.items() if not re.search(mark, pdf, re.DOTALL)]
    assert lacking == []
    assert code in pdf
    assert not re.search(rb"/Encrypt|/JavaScript|/Launch|/EmbeddedFile|/AA\b", pdf)


def test_without_the_standards_the_marks_are_missing(monkeypatch):
    """Control of the test above."""
    before = make_certificate().version
    monkeypatch.setattr(typesetting, "STANDARDS", ["1.7"])
    pdf = fresh(make_certificate())
    typesetting._pdf.cache_clear()
    assert not re.search(ARCHIVED["PDF/A-2"], pdf)
    assert not re.search(ARCHIVED["colours that mean the same everywhere"], pdf)
    assert make_certificate().version != before


HOSTILE = [
    '#panic("x")',
    "$ x^2 $",
    '#read("/etc/passwd")',
    "*bold*",
    "= Title",
    '"; }',
    "\\u{0}",
    "<b>&amp;</b>",
    "@x",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_typed_is_markup(text, read):
    words = "".join(read(make_certificate(title=text).pdf()).split())
    assert "".join(text.split()) in words


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_any_text_can_be_set(text):
    assert make_certificate(0, title=text, facts=((text, text),)).pdf().startswith(b"%PDF")


CODE = "CN-51-000001-2023-CCER-14-001-0001-0000000100001–0000000110000"


def test_a_long_code_breaks_behind_a_mark():
    assert typesetting.pieces(CODE, 34) == ["CN-51-000001-2023-CCER-14-001-", "0001-0000000100001–0000000110000"]
    assert typesetting.pieces("ab" * 32, 60) == ["ab" * 30, "abab"]
    assert typesetting.pieces("REC-00008/1-9", 34) == ["REC-00008/1-9"]


@given(st.text(), st.integers(2, 60))
def test_a_broken_code_loses_nothing(text, room):
    found = typesetting.pieces(text, room)
    assert "".join(found) == text
    assert all(len(piece) <= room for piece in found)


def test_a_code_is_broken_where_its_line_is_full(read):
    words = read(make_certificate(1, address=f"https://portal.example.cn/{'long/' * 12}check/3DH6F-57RHN/").pdf())
    assert "long/\nlong/" in words


NAME = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
BOX = re.compile(r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"')


def edges(read, made):
    """How far left and right words stand on the paper, in points of its 595."""
    found = [tuple(map(float, box)) for box in BOX.findall(read(made.pdf(), "-bbox"))]
    return min(low for low, _high in found), max(high for _low, high in found)


def monstrous():
    words = {
        "title": NAME * 2,
        "subtitle": NAME.upper(),
        "lead": NAME,
        "notes": (NAME * 3,),
        "facts": ((NAME[:9], NAME),),
    }
    made = make_certificate(2, **words)
    rows = tuple((row[0], NAME.upper(), *row[2:]) for row in made.table.rows)
    return replace(made, table=replace(made.table, rows=rows))


def test_a_word_without_an_end_stays_on_the_paper(read):
    low, high = edges(read, monstrous())
    assert 60 < low < high < 595 - 60
    assert NAME * 2 in "".join(read(monstrous().pdf()).split()).replace(typesetting.MAY_BREAK, "")


def test_it_would_run_off_if_it_were_not_broken(read, monkeypatch):
    """The control."""
    monkeypatch.setattr(typesetting, "breakable", lambda text: text)
    typesetting._pdf.cache_clear()
    assert edges(read, monstrous())[1] > 595


def test_what_has_places_to_break_is_left_alone():
    for text in (
        "A name of some common words",
        CODE,
        "2024–2025 运营期（演示）",
        "关于绿色低碳高质量发展与区域协同治理国际交流合作",
    ):
        assert typesetting.breakable(text) == text


@given(st.text())
def test_breaking_loses_nothing(text):
    assert typesetting.breakable(text).replace(typesetting.MAY_BREAK, "") == text.replace(typesetting.MAY_BREAK, "")


def test_another_template_or_type_is_another_version(monkeypatch, tmp_path):
    before = make_certificate().version
    for name, path in (("TEMPLATE", typesetting.TEMPLATE), ("FONTS", characters.FONTS / "NotoSansMono.ttf")):
        other = tmp_path / path.name
        other.write_bytes(path.read_bytes() + b"\n")
        where = characters if name == "FONTS" else typesetting
        monkeypatch.setattr(where, name, tmp_path if name == "FONTS" else other)
        typesetting._look.cache_clear()
        assert make_certificate().version != before
        monkeypatch.undo()
    typesetting._look.cache_clear()
    assert make_certificate().version == before


def test_what_the_type_lacks_is_marked_and_named(read):
    """Control: without the stand-in the paper would show an empty box and say nothing."""
    words = read(make_certificate(title="李\U0002a6d6艺术节").pdf())
    assert "李〓艺术节" in words
    assert "U+2A6D6" in words
    assert "〓" not in read(make_certificate().pdf())


def test_the_type_has_what_names_need():
    common = "一丁成都国际会议中心有限责任公司龘㑇㛃䶮𫟼𬱖éłŠžΩЖ₂—–“”《》（）·、，。％℃㎡€¥№①Ⅳ"
    assert [sign for sign in characters.missing(common) if sign not in "龘㎡"] == []
    assert len(characters.printable()) > 9_000


def test_the_list_is_what_the_files_draw():
    fonts = pytest.importorskip("fontTools.ttLib")
    drawn = set()
    for name in ("NotoSerifCJKsc.ttf", "NotoSerif.ttf"):
        drawn |= set(map(chr, fonts.TTFont(characters.FONTS / name).getBestCmap()))
    assert characters.printable() <= drawn
    assert characters.STAND_IN in characters.printable()


def test_missing_characters_are_told_once_in_their_order():
    assert characters.missing("龘A龘\ue000B\n") == ["龘", "\ue000"]
    assert characters.named("龘") == "龘 U+9F98"
    assert characters.named("\ue000") == "U+E000"
    assert characters.named("\u202e") == "U+202E"
    assert characters.set_in_type("a龘\nb") == "a〓\nb"


def test_the_square_holds_the_address():
    """The picture's modules are the ones the library makes for the text, with four white modules around."""
    told = "https://portal.example.cn/check/3DH6F-57RHN/"
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=qr.MASK)
    code.add_data(told)
    dark = {(x, y) for y, row in enumerate(code.get_matrix()) for x, module in enumerate(row) if module}
    drawn = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h", qr.svg(told)):
        drawn |= {(int(x) - qr.QUIET + step, int(y) - qr.QUIET) for step in range(int(width))}
    assert drawn == dark
    assert "<script" not in qr.svg(told)
