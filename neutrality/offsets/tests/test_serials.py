"""Serial numbers of the registries: published examples, canonical form, and what is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutrality.offsets.rules import LARGEST, NotASerial, Syntax, contradicted, folded, parse, probe, written

# syntax, text, units, first, last, project, country (TV2, TV3, and one row of each published table)
PUBLISHED = [
    (
        "verra",
        "9660-115597313-115618057-VCS-VCU-261-VER-US-14-1060-01012019-31122019-0",
        20745,
        115597313,
        "1060",
        "US",
    ),
    (
        "verra",
        "13557-513004457-513073958-VCS-VCU-1289-VER-TZ-1-2366-16042021-15102021-0",
        69502,
        513004457,
        "2366",
        "TZ",
    ),
    ("verra", "8040-449402275-449402275-VCU-042-MER-PE-14-1360-01072013-30062014-1", 1, 449402275, "1360", "PE"),
    (
        "verra",
        "19380-941382555-941382741-VCS-VCU-1310-VER-CN-13-3005-01012022-31102022-0",
        187,
        941382555,
        "3005",
        "CN",
    ),
    ("gold_standard", "GS1-1-KE-GS7495-16-2025-30645-608-30350", 29743, 608, "7495", "KE"),
    ("gold_standard", "GS1-1-KE-GS11603-16-2025-30256-110-5463", 5354, 110, "11603", "KE"),
    ("acr", "ACR-FR-1129-2025-2917-30932 to 35143", 4212, 30932, "1129", "FR"),
    ("car", "CAR-1-US-1335-31-983-KS-2025-9205-1 to 5000", 5000, 1, "1335", "US"),
    ("car", "CAR-ROC-US-2056-129-2283-WV-2025-8969-1 to 260294", 260294, 1, "2056", "US"),
    ("art", "FCPF-CI-130-2023-20-1 to 46404", 46404, 1, "130", "CI"),
    ("art", "ART-GY-102-2021-11-2759599 to 2760598", 1000, 2759599, "102", "GY"),
    ("cdm", "RW-5-1463953-2-2-0-7014 - RW-5-1467609-2-2-0-7014", 3657, 1463953, "7014", "RW"),
]


@pytest.mark.parametrize(("syntax", "text", "units", "first", "project", "country"), PUBLISHED)
def test_published_serials(syntax, text, units, first, project, country):
    serial = parse(syntax, text, units)
    assert (serial.quantity, serial.first, serial.project, serial.country) == (units, first, project, country)
    assert serial.canonical == text


@pytest.mark.parametrize(("syntax", "text", "units", "first", "project", "country"), PUBLISHED)
def test_count_must_equal_the_run(syntax, text, units, first, project, country):
    for wrong in (units - 1, units + 1):
        with pytest.raises(NotASerial, match="quantity"):
            parse(syntax, text, wrong)


def test_vintage_and_fields_of_vcu():
    new = parse("verra", PUBLISHED[0][1])
    assert (new.vintage_start, new.vintage_end, new.fields) == (date(2019, 1, 1), date(2019, 12, 31), 13)
    assert parse("verra", PUBLISHED[2][1]).fields == 12
    assert parse("gold_standard", PUBLISHED[4][1]).vintage_start == date(2025, 1, 1)


def test_cercarbono_takes_its_run_from_other_columns():
    serial = parse("cercarbono", "CDC_1_1_1_321_14_1_2009 4426 to 4971", 546)
    assert (serial.line, serial.first, serial.last) == ("CDC_1_1_1_321_14_1_2009", 4426, 4971)
    assert parse("cercarbono", "CDC_1_1_1_321_14_1", 62740).canonical == "CDC_1_1_1_321_14_1 1 to 62740"


def test_tickets_and_records_count_their_tonnes_behind_a_stroke():
    ticket = parse("ticket", "0000001", 12723)
    assert (ticket.line, ticket.first, ticket.last, ticket.canonical) == ("0000001", 1, 12723, "0000001/1-12723")
    assert parse("ticket", "0000001/101-200").quantity == 100
    assert parse("record", "ccer-2024-0017", 500).canonical == "CCER-2024-0017/1-500"
    with pytest.raises(NotASerial, match="range_missing"):
        parse("ticket", "0000001")


GS = "GS1-1-KE-GS7495-16-2025-30645-608-30350"


@pytest.mark.parametrize(
    "spelling",
    [
        "gs1-1-ke-gs7495-16-2025-30645-608-30350",
        "  GS1-1-KE-GS7495-16-2025-30645-608-30350\n",
        "GS1–1–KE–GS7495–16–2025–30645–608–30350",
        "GS1—1—KE—GS7495—16—2025—30645—608—30350",
        "GS1 - 1 - KE - GS7495 - 16 - 2025 - 30645 - 608 - 30350",
        "ＧＳ１－１－ＫＥ－ＧＳ７４９５－１６－２０２５－３０６４５－６０８－３０３５０",
        "GS1-1-KE-GS7495-16-2025-30645-000608-0030350",
        "GS1-1-KE-GS7495-16-2025-030645-608-30350",
        "GS1\u20101\u2010KE\u2010GS7495\u201016\u20102025\u201030645\u2010608\u201030350",
    ],
)
def test_another_spelling_is_the_same_unit(spelling):
    assert parse("gold_standard", spelling).canonical == GS


def test_another_prefix_does_not_make_another_unit():
    one, other = parse("gold_standard", GS), parse("gold_standard", GS.replace("GS1-1-KE", "GS2-3-UG"))
    assert (one.line, one.first) == (other.line, other.first)
    mer = parse("verra", "8040-449402275-449402275-VCU-042-MER-PE-14-1360-01072013-30062014-1")
    ver = parse("verra", "8041-449402275-449402275-VCS-VCU-042-VER-PE-14-1360-01072013-30062014-0")
    assert (mer.line, mer.first) == (ver.line, ver.first)


@pytest.mark.parametrize("written_to", ["至", "到", " to ", "~", "～", "…", "..."])
def test_words_for_to(written_to):
    assert parse("acr", f"ACR-FR-1129-2025-2917-30932{written_to}35143").quantity == 4212


def test_tonga_is_a_country_and_no_word_for_to():
    assert parse("verra", "1-5-9-VCS-VCU-261-VER-TO-14-1060-01012019-31122019-0").country == "TO"


BAD = [
    ("verra", "", "blank"),
    ("verra", "hello", "fields"),
    ("verra", "9660-115597313-115618057-VCS-VCU-261-VER-US-14-1060-01012019-31122019", "shape"),
    ("verra", "9660-115618057-115597313-VCS-VCU-261-VER-US-14-1060-01012019-31122019-0", "range"),
    ("verra", "9660-0-10-VCS-VCU-261-VER-US-14-1060-01012019-31122019-0", "range"),
    ("verra", "9660-1-10-VCS-VCU-261-VER-US-14-1060-31022019-31122019-0", "date"),
    ("verra", "9660-1-10-VCS-VCU-261-VER-US-14-1060-01012020-31122019-0", "vintage"),
    ("verra", "9660-1-1_000-VCS-VCU-261-VER-US-14-1060-01012019-31122019-0", "digits"),
    ("verra", "9660-1-٣٤-VCS-VCU-261-VER-US-14-1060-01012019-31122019-0", "characters"),
    ("verra", "9660-1-9999999999999-VCS-VCU-261-VER-US-14-1060-01012019-31122019-0", "too_large"),
    ("gold_standard", "GS1-1-KE-GS7495-16-2025-30645", "range_missing"),
    ("gold_standard", "GS1-1-KE-GS7495-16-1925-30645-1-2", "vintage"),
    ("gold_standard", "GS1-1-KE-7495-16-2025-30645-1-2", "shape"),
    ("gold_standard", "GS1-1-KE-GS7495-16-2025-30645-1-" + "2" * 300, "too_long"),
    ("cdm", "CN-5-1001 - CN-5-2000", "period_missing"),
    ("cdm", "CN-5-1001-2-2-0-70 - CN-5-2000-2-2-0-71", "ends_differ"),
    ("acr", "ACR-FR-1129-2025-2917", "shape"),
    ("acr", "ACR-FR-1129-2025-2917-5 to 4", "range"),
    ("record", "中文", "characters"),
]


@pytest.mark.parametrize(("syntax", "text", "code"), BAD)
def test_what_is_no_serial_says_why(syntax, text, code):
    with pytest.raises(NotASerial) as raised:
        parse(syntax, text)
    assert raised.value.code == code


def test_temporary_cers_are_flagged():
    assert parse("cdm", "CN-6-1-2-2-1-70 - CN-6-9-2-2-1-70").temporary
    assert not parse("cdm", "CN-5-1-2-2-1-70 - CN-5-9-2-2-1-70").temporary


def test_search_tries_every_registry():
    assert [one.syntax for one in probe(GS)] == [Syntax.GOLD_STANDARD]
    assert probe("no serial at all, only words") == []
    assert probe("") == []


runs = st.tuples(st.integers(1, LARGEST), st.integers(1, LARGEST)).map(sorted)


@given(st.sampled_from([text for _, text, *_ in PUBLISHED]), runs)
def test_written_and_read_again_is_the_same(text, run):
    syntax = next(row[0] for row in PUBLISHED if row[1] == text)
    pattern = parse(syntax, text).pattern
    again = parse(syntax, written(pattern, *run))
    assert (again.first, again.last, again.pattern) == (*run, pattern)


@given(st.text(max_size=60), st.sampled_from(list(Syntax)))
def test_any_text_is_read_or_refused(text, syntax):
    try:
        serial = parse(syntax, text)
    except NotASerial:
        return
    assert 1 <= serial.first <= serial.last <= LARGEST


@given(st.integers(1, 9_000_000), runs, st.integers(1, 9_000_000), runs)
def test_folded_runs_meet_only_on_one_line(line, run, other_line, other_run):
    low, high = folded(line, *run)
    other_low, other_high = folded(other_line, *other_run)
    meet = low < other_high and other_low < high
    assert meet == (line == other_line and run[0] <= other_run[1] and other_run[0] <= run[1])
    assert high < 2**63


DENIED = [
    ("1060", (date(2019, 1, 1), date(2019, 12, 31)), ()),
    ("VCS 1060", (date(2019, 1, 1), date(2019, 12, 31)), ()),
    ("", (date(2019, 1, 1), date(2019, 12, 31)), ()),
    ("3005", (date(2019, 1, 1), date(2019, 12, 31)), ("project",)),
    ("1060", (date(2022, 1, 1), date(2022, 12, 31)), ("vintage",)),
    ("3005", (date(2019, 1, 1), date(2020, 12, 31)), ("project", "vintage")),
]


@pytest.mark.parametrize(("project", "period", "denied"), DENIED)
def test_a_number_says_which_project_and_which_vintage(project, period, denied):
    """TV2a beside what somebody writes: the number names project 1060 and the year 2019."""
    read = parse("verra", "9660-115597313-115618057-VCS-VCU-261-VER-US-14-1060-01012019-31122019-0")
    assert contradicted(read, project, *period) == denied


def test_a_year_lies_in_its_monitoring_period_and_what_is_silent_denies_nothing():
    gold = parse("gold_standard", "GS1-1-KE-GS7495-16-2025-30645-608-30350")
    assert contradicted(gold, "GS7495", date(2024, 3, 2), date(2025, 3, 10)) == ()
    assert contradicted(gold, "7495", date(2023, 3, 2), date(2024, 3, 10)) == ("vintage",)
    silent = parse("record", "CCER-2025-0077/1-300")
    assert contradicted(silent, "CCER-0017", date(1999, 1, 1), date(1999, 12, 31)) == ()
