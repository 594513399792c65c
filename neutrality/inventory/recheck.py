"""A second look at submitted inventories: every line multiplied again, every total added again, every seal digested,
and the answers of surveys against the digests in the trail."""

from collections.abc import Iterator
from decimal import Decimal

from neutrality.findings import Finding
from neutrality.inventory import rules
from neutrality.inventory.models import Inventory, Result, Seal, Survey, SurveyBatch
from neutrality.inventory.operations import surveys
from neutrality.quantities import line_kg, total
from neutrality.trail.rules import digest

BATCH = 2000


def findings() -> Iterator[Finding]:
    """Lines, totals and seals that do not come out as recorded."""
    yield from _results()
    yield from _totals()
    yield from _seals()
    yield from _batches()


def _results() -> Iterator[Finding]:
    for row in Result.objects.select_related("line__factor_version").order_by("pk").iterator(chunk_size=BATCH):
        if line_kg(row.quantity, row.factor_value, row.counted) != row.kg:
            yield Finding("inventory_result", str(row.pk), f"{row.kg} kg is not quantity × factor")
        line = row.line.facts
        if line.factor is not None and rules.portion.counted(line, line.factor) != row.counted:
            yield Finding("inventory_result", str(row.pk), "counts another portion than its line says")
        if (row.line.quantity, row.line.unit) != (row.quantity, row.unit):
            yield Finding("inventory_line", str(row.line_id), "is no longer what was submitted")
        factor = row.line.factor_version
        if (factor.value if factor else row.line.own_value) != row.factor_value:
            yield Finding("inventory_result", str(row.pk), "was calculated with another factor than its line names")


def _totals() -> Iterator[Finding]:
    sums: dict[int, Decimal] = {}
    columns = ("line__inventory", "kg")
    for pk, kg in Result.objects.filter(memo=False).values_list(*columns).iterator(chunk_size=BATCH):
        sums[pk] = total((sums.get(pk, Decimal("0.0000")), kg))
    for pk, total_kg in Inventory.objects.exclude(state=rules.State.DRAFT).values_list("pk", "total_kg"):
        if sums.get(pk, Decimal(0)) != total_kg:
            yield Finding("inventory_inventory", str(pk), f"total {total_kg} kg is not the sum of its lines")


def _seals() -> Iterator[Finding]:
    for seal in Seal.objects.select_related("inventory").order_by("pk").iterator(chunk_size=BATCH):
        if digest(seal.text.encode()) != seal.digest:
            yield Finding("inventory_seal", str(seal.pk), "its text does not have its digest")
        if seal.inventory.digest != seal.digest:
            yield Finding("inventory_inventory", str(seal.inventory_id), "has another digest than its seal")


def _batches() -> Iterator[Finding]:
    """Answers of surveys that are no longer what their batch fixed; counts of closed ones."""
    before: dict[int, str] = {}
    for batch in SurveyBatch.objects.select_related("survey").order_by("survey", "number").iterator(chunk_size=BATCH):
        said = surveys.digest_of(batch.survey, batch.first, batch.last, batch.salt, before.get(batch.survey_id, ""))
        before[batch.survey_id] = batch.digest
        if said != batch.digest:
            yield Finding("inventory_surveybatch", str(batch.pk), "its answers do not have its digest")
    for survey in Survey.objects.filter(closed_at__isnull=False).iterator(chunk_size=BATCH):
        if survey.given.count() != survey.answers or before.get(survey.pk, survey.digest) != survey.digest:
            yield Finding("inventory_survey", str(survey.pk), "its answers are not those it was closed with")
