"""Plain makers of land, plantings, surveys and verifications, through the real operations."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any
from uuid import uuid4

from accounts.tests.factories import make_organization, make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.planting import operations, rules
from neutrality.planting.models import Planting, Survey, Verification

AT = datetime(2026, 6, 10, 2, tzinfo=UTC)
"""Three weeks after the made activities end; their six years end on 18 May 2032."""
places = count(0)


class Upload(BytesIO):
    """A small real PDF with a name, as a form delivers it."""

    def __init__(self, text: str = "", name: str = "survey.pdf"):
        body = b"%PDF-1.4\n%" + (text or uuid4().hex).encode() + b"\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
        super().__init__(body)
        self.name, self.size = name, len(body)


def square(west: str = "", south: str = "30.60", side: str = "0.01") -> str:
    """Four typed corners; a fresh place far from all others where none is named."""
    lon = Decimal(west) if west else Decimal("101") + next(places) * Decimal("0.1")
    lat, step = Decimal(south), Decimal(side)
    corners = ((lon, lat), (lon + step, lat), (lon + step, lat + step), (lon, lat + step))
    return "\n".join(f"{x}, {y}" for x, y in corners)


def make_forest_activity(**over: Any) -> Any:
    """A committed event whose plan names a new forest."""
    over.setdefault("offset_families", ["local_credit", "new_forest"])
    return make_activity(state="committed", **over)


def promise(text: str = "", system: str = "wgs84", **over: Any) -> dict[str, Any]:
    """What a whole commitment says."""
    land = over.pop("land", None) or operations.examine(text=text or square(), system=system)
    values = {
        "land": land,
        "place_name": "大邑县雾山乡",
        "species": [{"name": "云杉", "trees": 12000}],
        "stated_area": rules.mu(land.area_m2),
        "stated_unit": "mu",
        "methodology": "CCER-14-001-V01",
        "planting_plan": "春季植苗，株行距二米乘三米。",
        "monitoring_plan": "二十个固定样地，每年秋季测胸径与树高。",
        "land_right": "林权证川（2024）大邑县不动产权第0001234号，至2054年",
        "planted_on": date(2026, 6, 1),
        "promised_units": 120,
        "declared": True,
        "key": uuid4().hex,
        "at": AT,
    }
    return values | over


def make_planting(activity: Any = None, **over: Any) -> Planting:
    activity = activity or make_forest_activity()
    by = over.pop("by", None) or activity.created_by
    return operations.commit(activity=activity, by=by, **promise(**over))


def make_survey(planting: Planting, body: Any = None, *, year: int = 1, claimed: str = "40.5", **over: Any) -> Survey:
    """The survey of one year, handed in a year after the last."""
    start = planting.planted_on
    values = {
        "year": year,
        "surveyed_on": date(start.year + year, start.month, start.day),
        "alive_percent": 91,
        "method": "二十个固定样地，胸径尺与测高器",
        "grown_from": date(start.year + year - 1, start.month, start.day),
        "grown_to": date(start.year + year, start.month, start.day),
        "claimed_kg": Decimal(claimed) * 1000,
        "note": "",
        "upload": Upload(),
        "key": uuid4().hex,
        "at": datetime(start.year + year, start.month, start.day, 6, tzinfo=UTC),
    }
    by = over.pop("by", None) or planting.committed_by
    body = body or make_organization("evaluator")
    return operations.report(planting=planting, body=body, by=by, **(values | over))


def verify(survey: Survey, tonnes: str = "40.5", **over: Any) -> Verification:
    """The body's decision, on the day of the survey unless told otherwise."""
    values = {
        "outcome": "verified",
        "increment_kg": Decimal(tonnes) * 1000,
        "competence": "造林与再造林领域审定与核查，批准号 2024-017",
        "report_number": f"HZ-{uuid4().hex[:8]}",
        "note": "",
        "upload": Upload(),
        "key": uuid4().hex,
        "at": survey.reported_at,
    }
    return operations.verify(survey=survey, by=over.pop("by", None) or make_user(), **(values | over))
