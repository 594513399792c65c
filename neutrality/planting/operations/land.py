"""Land: read, measured, compared with all other land on record, and kept. One piece of land has one purpose (R1.24)."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from neutrality.planting import queries, rules, words
from neutrality.planting.models import Plot, Purpose
from neutrality.planting.rules import Meeting, Parts, System
from neutrality.refusals import Problem, Refusal
from neutrality.trail import operations as trail

LOCK = 6962_51  # the advisory lock of land; any constant nobody else uses


class LandRefused(Refusal):
    code = "land"
    message = _("This land cannot be recorded.")


@dataclass(frozen=True)
class Land:
    """Corners as declared and in WGS-84, what they measure, and what they meet."""

    system: System
    given: Parts
    parts: Parts
    area_m2: Decimal
    source_name: str
    source_digest: str
    meetings: tuple[Meeting, ...] = ()
    mistaken: str = ""
    doubts: tuple[Meeting, ...] = ()


def examine(*, text: str, system: str, source_name: str = "") -> Land:
    """The land in `text`, compared with what is on record; LandRefused with everything wrong about the corners."""
    try:
        given = rules.read(text)
    except rules.Unreadable as bad:
        raise LandRefused.many(words.problem(fault) for fault in bad.faults) from bad
    parts = rules.converted(given, System(system))
    if found := rules.faults(parts):
        raise LandRefused.many(words.problem(fault) for fault in found)
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    land = Land(System(system), given, parts, rules.measured_m2(parts), source_name, digest)
    return compared(land)


def compared(land: Land) -> Land:
    """The same land with what it meets now. Land given in GCJ-02 needs no look at a second reading."""
    others = {number: plot.land for number, plot in queries.near(land.parts).items()}
    plain = land.system is not System.GCJ02
    return replace(
        land,
        meetings=rules.meetings(land.parts, others),
        mistaken=rules.mistaken(land.parts, others),
        doubts=rules.doubtful(land.parts, others) if plain else (),
    )


def overlaps(land: Land) -> list[Problem]:
    """Why the land is taken, in words; empty when it is free."""
    found = []
    for meeting in land.meetings[:5]:
        said = {"ha": rules.hectares(meeting.area_m2), "mu": rules.mu(meeting.area_m2), "plot": meeting.number}
        text = _("%(ha)s ha (%(mu)s mu) lie on plot %(plot)s, which is recorded already. Land is used once (R1.24).")
        found.append(Problem("overlap", text % said, "corners"))
    if not found and land.mistaken:
        text = _(
            "These corners are plot %(plot)s read in another coordinate system. Choose the system the corners were "
            "taken in; land is used once (R1.24)."
        )
        found.append(Problem("mistaken", text % {"plot": land.mistaken}, "system"))
    return found


def hold() -> None:
    """From here to the end of the transaction nobody else records land, so that no two see the same free ground."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def held(land: Land) -> Land:
    """The same land with what it meets, and nobody else records land from here to the end of the transaction."""
    hold()
    return compared(land)


def keep(land: Land, *, purpose: Purpose, by: Any, at: datetime, **facts: Any) -> Plot:
    """The row of a piece of land."""
    edges = rules.box(land.parts)
    return Plot.objects.create(
        purpose=purpose,
        system=land.system.value,
        given=land.given,
        parts=land.parts,
        digest=rules.digest(land.parts),
        source_name=land.source_name,
        source_digest=land.source_digest,
        area_m2=land.area_m2,
        west=edges.west,
        south=edges.south,
        east=edges.east,
        north=edges.north,
        doubts=[_data(one) for one in land.doubts],
        drawn_at=at,
        drawn_by=by,
        **facts,
    )


def _data(meeting: Meeting) -> dict[str, str]:
    return {"plot": meeting.number, "area_m2": str(meeting.area_m2)}


class ProjectDrawn(Refusal):
    code = "project_drawn"
    message = _("The land of this project is recorded already.")


@transaction.atomic
def draw_project(*, project_code: str, land: Land, by: Any, at: datetime) -> Plot:
    """Record the land of a project of the offset registry. What an outside registry drew is a fact and is kept; where
    it meets other land it is contested, and later blocks of the project support no claim (R1.24)."""
    land = held(land)
    if Plot.objects.filter(project_code=project_code, freed_at__isnull=True).exists():
        raise ProjectDrawn(field="corners")
    met = [_data(one) for one in land.meetings]
    if not met and land.mistaken:
        met = [{"plot": land.mistaken, "area_m2": ""}]
    row = keep(
        land,
        purpose=Purpose.PROJECT,
        project_code=project_code,
        contested=bool(met),
        conflicts=met,
        by=by,
        at=at,
    )
    content = {"plot": row.number, "digest": row.digest, "area_m2": str(row.area_m2), "conflicts": met}
    trail.record(verb="plot.draw", subject=f"project:{project_code}", by=by, at=at, content=content, public=True)
    return row
