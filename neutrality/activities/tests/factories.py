"""Plain makers of activities and measures for tests of any room."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from accounts.tests.factories import make_organization, make_user
from neutrality.activities import rules
from neutrality.activities.models import Activity, Measure
from neutrality.codes import new_code
from neutrality.rulebook import operations as rulebook_operations
from neutrality.rulebook.models import Rulebook
from neutrality.rulebook.seeding import pack

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def make_rulebook(code: str = "cn-sc-2021") -> Rulebook:
    """The published version of a seeded pack; the same row when it is there."""
    return rulebook_operations.publish(content=pack(code), by=None, at=AT)


def make_activity(**over: Any) -> Activity:
    """A complete draft of an event in Chengdu; `state="committed"` fills in the moment and the person."""
    organization = over.pop("organization", None) or make_organization()
    by = over.pop("created_by", None) or make_user()
    kind = over.get("kind", "meeting")
    form = rules.form_of(kind).value
    values: dict[str, Any] = {
        "code": new_code(),
        "key": uuid4().hex,
        "form": form,
        "kind": kind,
        "level": "provincial",
        "name_zh": "成都绿色低碳大会",
        "name_en": "Chengdu Green Conference",
        "summary": "两天的年度会议，约四百人参加。",
        "starts_on": date(2026, 5, 17),
        "ends_on": date(2026, 5, 18),
        "place_name": "成都世纪城国际会议中心",
        "region_code": "510100",
        "expected_people": 400,
        "stages": list(rules.stages_of(form)),
        "promised_on": date(2026, 12, 31),
        "offset_method": "购买并注销碳惠天府减排量。",
        "offset_families": ["local_credit"],
        "created_at": AT,
    }
    values.update(over)
    values.setdefault("rulebook", None)
    values["rulebook"] = values["rulebook"] or make_rulebook()
    if values.get("state") == rules.State.COMMITTED:
        values.setdefault("committed_at", AT)
        values.setdefault("committed_by", by)
    if values.get("state") == rules.State.CANCELLED:
        values.setdefault("cancelled_at", AT)
        values.setdefault("cancelled_by", by)
    return Activity.objects.create(organization=organization, created_by=by, **values)


def make_measure(activity: Activity, **over: Any) -> Measure:
    """A planned measure of an activity."""
    values: dict[str, Any] = {
        "key": uuid4().hex,
        "number": activity.measures.count() + 1,
        "stage": rules.stages_of(activity.form)[-1] if activity.form == "operation" else "holding",
        "source": "catering",
        "title": "取消瓶装水，设直饮水点",
        "description": "会场设六处直饮水点，不发瓶装水。",
        "planned_kg": Decimal("180.0000"),
        "created_at": AT,
        "created_by": over.pop("created_by", None) or activity.created_by,
    }
    values.update(over)
    return Measure.objects.create(activity=activity, **values)
