"""A registry operator corrects what is written about a project: dated, with a reason, the old words kept."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from neutrality.offsets import queries
from neutrality.offsets.models import Project, ProjectAmendment, ProjectVersion
from neutrality.offsets.operations import noting
from neutrality.offsets.rules import amending, sources
from neutrality.refusals import Problem, Refusal
from neutrality.trail import operations as trail


class NothingChanged(Refusal):
    code = "nothing_changed"
    message = _("Nothing was changed. Change what is wrong, then record the correction.")


class NoReason(Refusal):
    code = "no_reason"
    message = _("Say why it is corrected; the reason is printed beside the correction.")


class ChangedMeanwhile(Refusal):
    code = "changed_meanwhile"
    message = _("Somebody changed this project since you opened the page. Open it again and correct what stands now.")


class SourceStands(Refusal):
    code = "source_stands"
    message = _(
        "The registry's own table says otherwise, and it stands first. Have the registry correct it, then hand in the "
        "new table."
    )


TAKES_NOTHING = _("A blank takes nothing away. Enter what is right instead.")


@transaction.atomic
def amend_project(
    *, project: Project, wanted: dict[str, Any], wording: str, reason: str, body: Any, by: Any, at: datetime
) -> ProjectAmendment:
    """Bring a project to what the desk states. `wording` is the digest of what the person saw (`queries.wording`)."""
    locked = Project.objects.select_for_update().get(pk=project.pk)
    if queries.wording(locked) != wording:
        raise ChangedMeanwhile
    changed = amending.changes(queries.amendable(locked), wanted)
    if not changed:
        raise NothingChanged
    if not reason.strip():
        raise NoReason(field="reason")
    _refuse_what_the_table_says(locked, changed)
    _state(locked, changed, wanted, by, at)
    for name in (*amending.PLAIN, *amending.MARKS):
        setattr(locked, name, changed[name][1] if name in changed else getattr(locked, name))
    locked.save()
    number = ProjectAmendment.objects.filter(project=locked).count() + 1
    made = ProjectAmendment.objects.create(
        project=locked, number=number, changes=changed, reason=reason.strip(), body=body, amended_at=at, amended_by=by
    )
    content = {"number": number, "changes": changed, "reason": made.reason, "body": body.code}
    trail.record(verb="project.amend", subject=f"project:{locked.code}", by=by, at=at, content=content, public=True)
    return made


def _refuse_what_the_table_says(project: Project, changed: dict[str, list[Any]]) -> None:
    """The registry's own table is corrected by the registry."""
    told: dict[str, Any] = {}
    for version in ProjectVersion.objects.filter(project=project).order_by("version"):
        if sources.rank(version.layout) is sources.Rank.TABLE:
            told |= version.facts
    if fields := amending.of_the_table(told, changed):
        raise SourceStands.many(Problem(SourceStands.code, SourceStands.message, field) for field in fields)


def _state(project: Project, changed: dict[str, list[Any]], wanted: dict[str, Any], by: Any, at: datetime) -> None:
    """Crediting period, verifier and labels: a new version of what the desk says, and what then stands."""
    asked = [name for name in amending.SOURCED if name in changed]
    if not asked:
        return
    mine = ProjectVersion.objects.filter(project=project, layout=sources.DESK).order_by("version").last()
    before = mine.facts if mine else {}
    facts = amending.at_the_desk(before, project.labels, changed, wanted)
    ProjectVersion.objects.create(
        project=project,
        layout=sources.DESK,
        version=mine.version + 1 if mine else 1,
        facts=facts,
        content=noting.content_of(facts),
        row=0,
        said_by=by,
        said_at=at,
    )
    noting.bring([project])
    missed = [name for name in asked if amending.said(getattr(project, name)) != changed[name][1]]
    if missed:
        words = {name: SourceStands.message if changed[name][1] else TAKES_NOTHING for name in missed}
        raise SourceStands.many(Problem(SourceStands.code, words[name], name) for name in missed)
