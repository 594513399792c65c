"""Who may read a file: anyone when it is public, else its owner's members and those who check filings.

The room stands below organizations, so it asks the user's own memberships instead of importing them.
"""

from typing import Any

from django.db.models import Q
from django.http import Http404

from neutrality.evidence.models import File

CHECKERS = ("evaluator", "registry", "regulator")
CHECKER = Q(organization__kind__in=CHECKERS, organization__verified_at__isnull=False)


def opens(user: Any, row: File) -> bool:
    """Whether a link to this file is of use to `user`: the same answer as `file`, asked about a row at hand."""
    if row.published_at is not None:
        return True
    if not user.is_authenticated or not user.is_active:
        return False
    theirs = user.memberships.filter(ended_at__isnull=True)
    return theirs.filter(CHECKER | Q(organization__code=row.owner_code)).exists()


def file(user: Any, digest: str) -> File:
    """The file under `digest` that `user` may read; Http404 for everyone else: absent and forbidden look alike."""
    files = File.objects.filter(digest=digest).order_by("pk")
    public = files.filter(published_at__isnull=False).first()
    if public is not None:
        return public
    if not user.is_authenticated or not user.is_active:
        raise Http404
    theirs = user.memberships.filter(ended_at__isnull=True)
    if theirs.filter(CHECKER).exists():
        readable = files
    else:
        readable = files.filter(owner_code__in=list(theirs.values_list("organization__code", flat=True)))
    found = readable.first()
    if found is None:
        raise Http404
    return found
