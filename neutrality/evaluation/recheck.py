"""A second look at confirmations: each was given for the very digest of its inventory (V19)."""

from collections.abc import Iterator

from django.db.models import F

from neutrality.evaluation.models import Evaluation, SelfCommitment
from neutrality.findings import Finding


def findings() -> Iterator[Finding]:
    """Confirmations about another digest than that of the inventory they name."""
    for model in (SelfCommitment, Evaluation):
        for pk in model.objects.exclude(digest=F("inventory__digest")).values_list("pk", flat=True):
            yield Finding(model._meta.db_table, str(pk), "was given for another digest")
