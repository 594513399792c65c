"""Publish a version of a rulebook, a day of the official calendar, a list of divisions. All are safe to repeat."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from neutrality.refusals import Problem, Refusal
from neutrality.rulebook import reading
from neutrality.rulebook.models import Holiday, Region, Rulebook
from neutrality.trail import operations as trail


class Malformed(Refusal):
    code = "malformed_rulebook"
    message = _("This rulebook is incomplete or uses words the portal does not know.")


class Published(Refusal):
    code = "rulebook_published"
    message = _("This version is published and never changes. Publish the new text under a new version.")


@transaction.atomic
def publish(*, content: dict[str, Any], by: Any, at: datetime) -> Rulebook:
    """Insert a version; the same content again returns what is there, another content under its name is refused.

    Raises Malformed with every problem of the pack, Published when the version exists with other content.
    """
    try:
        pack = reading.read(content)
    except reading.Malformed as malformed:
        raise Malformed.many(Problem(Malformed.code, problem) for problem in malformed.problems)
    found = Rulebook.objects.filter(code=pack.code, version=pack.version).first()
    if found is not None:
        if found.content != content:
            raise Published
        return found
    rulebook = Rulebook.objects.create(
        code=pack.code,
        version=pack.version,
        effective_on=pack.effective_on,
        jurisdiction=pack.jurisdiction,
        content=content,
        published_at=at,
    )
    trail.record(
        verb="rulebook.publish",
        subject=f"rulebook:{pack.code}/{pack.version}",
        by=by,
        at=at,
        content=content,
        public=True,
    )
    return rulebook


@transaction.atomic
def announce_holidays(*, rows: Iterable[dict[str, str]], by: Any, at: datetime) -> int:
    """Add the days not known yet (keys day, kind, name_zh, name_en, source); returns how many were new."""
    known = {day.isoformat() for day in Holiday.objects.values_list("day", flat=True)}
    new = [Holiday(**row) for row in rows if row["day"] not in known]
    Holiday.objects.bulk_create(new)
    if new:
        trail.record(
            verb="rulebook.announce_holidays",
            subject="calendar",
            by=by,
            at=at,
            content={"days": [day.day for day in new]},
            public=True,
        )
    return len(new)


@transaction.atomic
def name_regions(*, rows: Iterable[dict[str, str]], by: Any, at: datetime) -> int:
    """Add divisions not known yet, parents first (keys code, name_zh, name_en, parent); returns how many were new."""
    known = set(Region.objects.values_list("code", flat=True))
    new = [
        Region(code=row["code"], name_zh=row["name_zh"], name_en=row["name_en"], parent_id=row["parent"] or None)
        for row in rows
        if row["code"] not in known
    ]
    Region.objects.bulk_create(new)
    if new:
        trail.record(
            verb="rulebook.name_regions", subject="regions", by=by, at=at, content={"added": len(new)}, public=True
        )
    return len(new)
