"""How the catalogue is kept: every block and cancellation stands on one shelf (kind, place, vintage), and is counted.

All of it follows from blocks, cancellations and projects, is written by the database (triggers of the same names) and
the counter, and is compared with them by the recheck. Nothing that is owed reads it.
"""

from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from neutrality.constraints import in_order, not_negative, one_of
from neutrality.offsets.models.cancellations import Retirement
from neutrality.offsets.models.registries import Block, Project, Registry, UnitKind


class Row(models.TextChoices):
    """What is counted or looked through up to a mark; blocks and cancellations stand on shelves."""

    BLOCK = "block"
    RETIREMENT = "retirement"
    PROJECT = "project"


class Shelf(models.Model):
    """One kind, one place, one vintage. `province` is the first two digits of the region code."""

    registry = models.ForeignKey(Registry, models.PROTECT, related_name="+")
    kind = models.ForeignKey(UnitKind, models.PROTECT, related_name="+")
    country = models.CharField(max_length=2, blank=True)
    province = models.CharField(max_length=2, blank=True)
    year_first = models.SmallIntegerField()
    year_last = models.SmallIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "country", "province", "year_first", "year_last"], name="offsets_shelf_once"
            ),
            in_order("year_first", "year_last"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.country}{self.province} {self.year_first}-{self.year_last}"


class BlockCard(models.Model):
    """Where a block stands, with what it is looked for by."""

    row = models.OneToOneField(Block, models.PROTECT, primary_key=True, related_name="card")
    shelf = models.ForeignKey(Shelf, models.PROTECT, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+", db_index=False)
    owner = models.ForeignKey("accounts.Organization", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        ordering = ["-row"]
        indexes = [
            # Each holds what narrows its rows, so that a page reads one index and no rows.
            models.Index(fields=["shelf", "row"], include=["project", "owner"], name="offsets_bcard_on_shelf"),
            models.Index(fields=["project", "row"], include=["shelf"], name="offsets_bcard_of_project"),
            models.Index(fields=["owner", "row"], include=["shelf"], name="offsets_bcard_of_owner"),
        ]

    def __str__(self) -> str:
        return str(self.row_id)


class RetirementCard(models.Model):
    """Where a cancellation stands: on its block's shelf; its owner is the organizer it was made for."""

    row = models.OneToOneField(Retirement, models.PROTECT, primary_key=True, related_name="card")
    shelf = models.ForeignKey(Shelf, models.PROTECT, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+", db_index=False)
    owner = models.ForeignKey("accounts.Organization", models.PROTECT, null=True, related_name="+", db_index=False)
    activity = models.ForeignKey("activities.Activity", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["-row"]
        indexes = [
            models.Index(
                fields=["shelf", "row"], include=["project", "owner", "activity"], name="offsets_rcard_on_shelf"
            ),
            models.Index(fields=["project", "row"], include=["shelf"], name="offsets_rcard_of_project"),
            models.Index(fields=["owner", "row"], include=["shelf"], name="offsets_rcard_of_owner"),
            models.Index(fields=["activity", "row"], include=["shelf"], name="offsets_rcard_of_activity"),
        ]

    def __str__(self) -> str:
        return str(self.row_id)


class Tally(models.Model):
    """How many rows and units of one year (of issue, of cancellation) stand on a shelf, up to the counter's mark."""

    shelf = models.ForeignKey(Shelf, models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=Row)
    year = models.SmallIntegerField()
    rows = models.BigIntegerField()
    units = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("what", Row),
            not_negative("rows"),
            not_negative("units"),
            models.UniqueConstraint(fields=["what", "shelf", "year"], name="offsets_tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.shelf_id} {self.year}"


class ProjectCount(models.Model):
    """How many projects a registry has in a place; kept by the statement that writes a project."""

    registry = models.ForeignKey(Registry, models.PROTECT, related_name="+")
    country = models.CharField(max_length=2, blank=True)
    province = models.CharField(max_length=2, blank=True)
    rows = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            not_negative("rows"),
            models.UniqueConstraint(fields=["registry", "country", "province"], name="offsets_projectcount_once"),
        ]

    def __str__(self) -> str:
        return f"{self.registry_id} {self.country}{self.province} {self.rows}"


class Mark(models.Model):
    """Up to which row the tallies count; what lies behind it is counted when asked."""

    what = models.CharField(max_length=10, choices=Row, unique=True)
    last = models.BigIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)
    turn = models.UUIDField(db_default=RandomUUID(), editable=False)
    """Another one whenever a tally of this is written, by whatever hand: so whoever has read them knows of it."""

    class Meta:
        ordering = ["what"]
        constraints = [one_of("what", Row), not_negative("last")]

    def __str__(self) -> str:
        return f"{self.what} {self.last}"


class Beneficiary(models.Model):
    """A name units were cancelled for, as the cancellations print it, counted up to the mark of cancellations."""

    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=300, unique=True)
    cancellations = models.BigIntegerField()
    units = models.BigIntegerField()
    last_on = models.DateField()
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ["-units", "-id"]
        constraints = [not_negative("cancellations"), not_negative("units")]
        indexes = [
            models.Index(fields=["units", "id"], name="offsets_beneficiary_units"),
            GinIndex(fields=["search"], name="offsets_beneficiary_search"),
        ]

    def __str__(self) -> str:
        return self.name
