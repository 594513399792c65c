"""Corrections of projects: what can be corrected, and what was."""

import hashlib
import json
from typing import Any

from neutrality.offsets.models import Project, ProjectAmendment
from neutrality.offsets.rules import amending


def amendable(project: Project) -> dict[str, Any]:
    """What a correction may change, as it stands."""
    return {name: getattr(project, name) for name in amending.AMENDABLE}


def wording(project: Project) -> str:
    """A digest of what stands, so that nobody corrects what somebody else corrected meanwhile."""
    said = {name: amending.said(value) for name, value in amendable(project).items()}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def amendments(project: Project) -> list[ProjectAmendment]:
    """Newest first. One query."""
    return list(ProjectAmendment.objects.filter(project=project).select_related("body").order_by("-number"))
