"""When units that a claim stands on prove false: one case per notice and activity, exactly once (V11)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from neutrality.oversight.models import Case, Step
from neutrality.oversight.operations.cases import advance, start
from neutrality.oversight.rules import Act, Kind


@transaction.atomic
def invalidate(*, activity: Any, notice: str, units: int, at: datetime) -> Case:
    """Tell the organizer that `units` cancelled for the activity were found void by the notice with that number."""
    return start(
        kind=Kind.INVALIDATION,
        key=f"void:{notice}:{activity.code}",
        subject=activity.organization,
        region_code=activity.region_code,
        by=None,
        at=at,
        activity=activity,
        content={"notice": notice, "units": units},
    )


def restore(*, case: Case, at: datetime) -> Step:
    """Enough valid units lie there again: the matter is over by itself."""
    return advance(case=case, act=Act.RESTORE, by=None, at=at, content={"outcome": "replaced"})
