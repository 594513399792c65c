"""The main journey through real pages: from nothing to a settled, public statement of account, by five people.

The activity is the worked conference of the factor library (Chengdu, two days, 500 people on site, 300 online):
63,114.3031 kg, so 64 units are owed.
"""

import hashlib
import io
import json
from datetime import datetime, timedelta

import openpyxl
import pytest
from django.core.management import call_command
from django.utils import timezone

from neutrality.offsets.models import Registry
from portal.tests.journey import arrive

CHENGDU = {
    "stationary_fuel": [("guideline.cn.fuel.natural_gas.m3", "300", "m³"), ("guideline.cn.fuel.diesel.l", "200", "L")],
    "refrigerant": [("defra2025.fugitive.r410a.kg", "0.5", "kg")],
    "electricity": [("mee.grid.cn_51.2023.kwh", "12000", "kWh")],
    "participant_travel": [
        ("cpcd.travel.hsr.pkm", "108000", "passenger-km"),
        ("cpcd.travel.air_domestic.pkm", "360000", "passenger-km"),
    ],
    "local_transport": [
        ("cpcd.metro.actual.pkm", "20000", "passenger-km"),
        ("cpcd.taxi.average.pkm", "4000", "passenger-km"),
    ],
    "lodging": [("defra2025.hotel.china.room_night", "300", "room-night")],
    "catering": [
        ("cpcd.catering.takeaway_pork_rib_set.meal", "1500", "meal"),
        ("cpcd.catering.bottled_water.unit", "2000", "unit"),
    ],
    "venue_construction": [("cpcd.board.plywood.m3", "12", "m³")],
    "freight": [("gbt51366.freight.truck_diesel_18t.tkm", "13500", "tonne-km")],
    "goods": [("cpcd.paper.offset.kg", "250", "kg")],
    "water": [("gbt51366.water.tap.m3", "150", "m³"), ("cpcd.wastewater.average.m3", "120", "m³")],
    "waste": [("cpcd.waste.msw_average.kg", "900", "kg")],
    "online": [("derived.cn.digital.video_streaming.person_hour", "1800", "person-hour")],
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CERTIFICATE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ABSENT = ("mobile_fuel", "heat", "staff_travel")


@pytest.fixture
def seeded(transactional_db):
    call_command("seed", verbosity=0)


@pytest.fixture
def later(monkeypatch):
    """later(days): the portal's clock goes on by that many days; it is read at the edge, so this is all it takes."""
    real, shift = timezone.now, timedelta()

    def now() -> datetime:
        return real() + shift

    monkeypatch.setattr(timezone, "now", now)

    def move(days: int) -> None:
        nonlocal shift
        shift += timedelta(days=days)

    return move


def register(organizer, first, last) -> str:
    """Register the conference and make its plan; returns the activity's code."""
    organizer.go("/desk/").go("/activities/new/event/")
    organizer.fill(kind="meeting", name_zh="蓉城双日会议", name_en="Chengdu Two-Day Conference")
    organizer.fill(starts_on=first, ends_on=last, region_code="成都市").send()
    organizer.fill(place_name="锦江会议中心", expected_people="500", online_people="300").fill(
        summary="两天的会议，线上线下同时进行。"
    ).send()
    code = organizer.path.split("/")[2]
    organizer.send()
    promised = (datetime.fromisoformat(last) + timedelta(days=200)).date().isoformat()
    organizer.fill(
        promised_on=promised, offset_families="local_credit", offset_method="购买并注销碳惠天府减排量。"
    ).send()
    organizer.press("Plan a measure").fill(title="不用瓶装水", source="catering", planned_kg="120").send()
    return code


def estimate(organizer, code) -> None:
    """The estimate through the grid: one line measured, everything else answered."""
    organizer.go(f"/activities/{code}/inventory/estimate/").press("Begin")
    page = organizer.page
    page.locator("details.sheet-others > summary").click()  # what matters less for the kind of activity is folded away
    for row in range(1, 1 + page.locator("select[name$='-treatment']").count()):
        source = page.locator(f"[name='r{row}-source']").input_value()
        if source == "participant_travel":
            organizer.fill(**{f"r{row}-treatment": "estimated", f"r{row}-quantity": "４80,000"})
            page.fill(f"[name='r{row}-factor']", "cpcd.travel.air_domestic.pkm")
        else:
            page.select_option(f"[name='r{row}-treatment']", "not_occurring")
    organizer.press("Save and go to submission")


def filled_in(data: bytes) -> bytes:
    """The downloaded workbook, filled in with the worked example as a person would: rows changed, rows added below."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    rows = {sheet.cell(at, 1).value: at for at in range(4, sheet.max_row + 1) if sheet.cell(at, 1).value}
    free = sheet.max_row + 1
    for source, lines in CHENGDU.items():
        for number, (factor, quantity, unit) in enumerate(lines):
            at = rows[source] if number == 0 else free
            free += number > 0
            values = {1: source, 2: "holding", 3: "measured", 5: quantity, 6: unit, 7: factor, 9: "measured"}
            for column, value in values.items():
                sheet.cell(at, column).value = value
    for source in ABSENT:
        sheet.cell(rows[source], 3).value = "not_occurring"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def account(organizer, code) -> None:
    """The actual figures: the workbook down, filled in, up again, submitted."""
    organizer.go(f"/activities/{code}/measures/1/report/").fill(state="done", outcome="全场没有瓶装水。").send()
    place = f"/activities/{code}/inventory/actual/"
    organizer.go(place).press("Begin")
    sheet = organizer.page.request.get(organizer.base + place + "sheet.xlsx").body()
    organizer.go(place + "upload/")
    upload = {"name": "actual.xlsx", "mimeType": XLSX, "buffer": filled_in(sheet)}
    organizer.page.set_input_files("[name=workbook]", upload)
    organizer.send()
    organizer.go(place + "submit/").reads("63.114 t CO₂e")
    organizer.press("Submit and freeze")


def issue(registrar, owner_code, today) -> None:
    """The registry operator registers a project and records 60 units of it for the organizer."""
    registrar.go("/offsets/desk/projects/new/")
    registrar.fill(registry="Tianfu", identifier="CDHT-0001", name_zh="川西林盘保护", country="CN").fill(
        region_code="510000"
    ).send()
    registrar.go("/offsets/desk/blocks/new/")
    registrar.fill(kind="cdcer", project="CDHT-0001", serial="CD-2025-000001", quantity="60", owner=owner_code)
    registrar.fill(vintage_start="2025-01-01", vintage_end="2025-12-31", issued_on=today.isoformat()).send()
    registrar.reads("60", "CD-2025-000001/1-60")


def cancel(organizer, code, units) -> str:
    """Cancel units the organizer holds, having read what will happen; returns where the cancellation is public."""
    organizer.go(f"/activities/{code}/offsets/").press("Cancel units of this block")
    organizer.fill(quantity=units).send().reads("This cannot be undone.")
    organizer.send().reads("The units are used for ever")
    return organizer.path


def evaluate(organizer, evaluator, code) -> None:
    """The organizer invites a body; its evaluator declares independence, reads every line, signs."""
    organizer.go(f"/activities/{code}/confirmation/invite/").fill(organization="Mingheng").send()
    evaluator.go("/assignments/").press("Chengdu Two-Day Conference")
    assignment = evaluator.path
    evaluator.press("Accept").tick_all().send()
    lines = evaluator.go(assignment).page.locator("main a[href*='/lines/']").all()
    for line in sorted({link.get_attribute("href") for link in lines}):
        evaluator.go(line).fill(verdict="agreed").send()
    evaluator.go(assignment + "sign/").tick_all()
    evaluator.fill(opinion="unmodified", conclusion_zh="清单在所有重大方面公允。").send()
    evaluator.reads("Unmodified opinion")


def record_elsewhere(organizer, code, today) -> None:
    """Four more units, cancelled in an outside registry and recorded with their certificate."""
    organizer.go(f"/activities/{code}/offsets/proof/")
    organizer.fill(kind="ccer", quantity="4", cancelled_on=today.isoformat(), certificate_number="ZX-2026-0042")
    organizer.fill(project_id_text="CCER-14-001-0007", project_name="造林项目", country="CN")
    organizer.fill(vintage_start="2024-01-01", vintage_end="2024-12-31", account_holder="青川会展有限公司")
    organizer.fill(beneficiary="青川会展有限公司（蓉城双日会议）").page.check("[name=final]")
    certificate = {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": CERTIFICATE}
    organizer.page.set_input_files("[name=evidence]", certificate)
    organizer.send()


def check(registrar) -> None:
    """The registry operator compares the proof with its document."""
    registrar.go("/offsets/desk/").press("4 t").press("All agrees: the units count")


def doubt(citizen, regulator, statement) -> None:
    """Anybody may doubt a figure, without an account; the authority finds it in its queue beside what was filed."""
    citizen.go(statement + "challenge/")
    figure = citizen.page.locator("[name=figure] option").nth(1).get_attribute("value")
    citizen.fill(figure=figure, text="大会当晚的夜间照明没有计入。").send()
    regulator.go("/queue/?part=filed").reads("Chengdu Two-Day Conference")
    regulator.go("/queue/?part=challenged").reads("Chengdu Two-Day Conference")


def windows(new_page, base, cast):
    """Four people in front of the portal."""
    return (arrive(new_page, base, cast, name) for name in ("organizer", "registrar", "evaluator", "anonymous"))


def shape(citizen, statement) -> dict:
    """The statement as machines read it, its digest checked against the bytes."""
    answer = citizen.page.request.get(citizen.base + statement.rstrip("/") + ".json")
    digest = hashlib.sha256(answer.body()).hexdigest()
    citizen.go(statement).reads(digest)
    return json.loads(answer.body())


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_from_nothing_to_a_settled_account(seeded, cast, live_server, new_page, later):
    today = timezone.localdate()
    Registry.objects.filter(code__in=("cdcer", "ccer")).update(operator=cast.registry)
    organizer = arrive(new_page, live_server.url, cast, "organizer")
    code = register(organizer, (today + timedelta(days=3)).isoformat(), (today + timedelta(days=4)).isoformat())
    estimate(organizer, code)
    organizer.press("Submit and freeze")
    organizer.go(f"/activities/{code}/publish-plan/").send()
    organizer.reads("Committed to carbon neutrality")

    later(10)
    today += timedelta(days=10)
    organizer, registrar, evaluator, citizen = windows(new_page, live_server.url, cast)
    account(organizer, code)
    citizen.go(f"/activities/{code}/").reads("short by 64 t")
    issue(registrar, cast.home.code, today)
    cancellation = cancel(organizer, code, "60")
    citizen.go(cancellation).reads("CD-2025-000001/1-60", "蓉城双日会议")
    evaluate(organizer, evaluator, code)
    organizer.go(f"/activities/{code}/publish-statement/").send()
    first = organizer.path
    citizen.go(first).reads("short by 4 t", "Partly offset: 60 t of 63.114 t, 95 %")
    citizen.never_reads("achieved", "settled")
    assert "63114.3031" in json.dumps(shape(citizen, first))

    record_elsewhere(organizer, code, today)
    citizen.go(first).reads("Partly offset: 60 t of 63.114 t, 95 %")  # a proof counts once it is checked
    check(registrar)
    citizen.go(first).reads("Today 64 t count")
    organizer.go(f"/activities/{code}/publish-statement/").fill(correction="再注销 4 吨，补足差额。").send()
    newest = organizer.path
    citizen.go(newest).reads("settled", "Carbon neutrality achieved, evaluated by Mingheng Evaluation Centre")
    citizen.go(first).reads("Replaced on", "short by 4 t")
    doubt(citizen, arrive(new_page, live_server.url, cast, "regulator"), newest)
    call_command("verify", verbosity=0)
