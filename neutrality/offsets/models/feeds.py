"""What registries publish, file by file: each row traceable to its file and line, changes as new versions."""

from django.contrib.postgres.fields import BigIntegerRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from neutrality.appendonly import InsertOnly
from neutrality.constraints import one_of, positive
from neutrality.offsets.models.registries import Project, Registry, SerialLine

LAYOUT_NAMES = {
    "verra-projects": _("Verra: projects"),
    "verra-transactions": _("Verra: issued and retired units"),
    "gold-standard-projects": _("Gold Standard: projects"),
    "gold-standard-issuances": _("Gold Standard: issued units"),
    "gold-standard-retirements": _("Gold Standard: retired units"),
}


class EventChoice(models.TextChoices):
    ISSUED = "issued", _("issued by the registry")
    RETIRED = "retired", _("retired in the registry")
    CANCELLED = "cancelled", _("cancelled in the registry")


class RegistryFile(InsertOnly):
    """One file a registry published, kept by its digest."""

    registry = models.ForeignKey(Registry, models.PROTECT, related_name="files")
    layout = models.CharField(max_length=40)
    evidence = models.ForeignKey("evidence.File", models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    rows = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    same = models.PositiveIntegerField()
    bad = models.PositiveIntegerField()
    read_at = models.DateTimeField()
    read_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.layout} {self.digest[:12]}"

    @property
    def name(self) -> str:
        """What kind of file it is, in words; it has a name for each layout of the rules."""
        return str(LAYOUT_NAMES[self.layout])


class PublishedRun(InsertOnly):
    """A run of units as a registry's own table shows it. A changed row is a new version; the newest one stands."""

    registry = models.ForeignKey(Registry, models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, related_name="published_runs")
    line = models.ForeignKey(SerialLine, models.PROTECT, related_name="+")
    numbers = BigIntegerRangeField()
    serial = models.CharField(max_length=250)
    quantity = models.BigIntegerField()
    event = models.CharField(max_length=10, choices=EventChoice)
    event_on = models.DateField()
    beneficiary = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)
    content = models.CharField(max_length=64)
    file = models.ForeignKey(RegistryFile, models.PROTECT, related_name="runs")
    row = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("event", EventChoice),
            positive("quantity"),
            models.UniqueConstraint(fields=["numbers", "event", "version"], name="offsets_published_version"),
        ]
        indexes = [GistIndex(fields=["numbers"], name="offsets_published_numbers")]

    def __str__(self) -> str:
        return self.serial


class BadRow(InsertOnly):
    """A row that could not be taken, with the reason; it stopped nothing."""

    file = models.ForeignKey(RegistryFile, models.PROTECT, related_name="bad_rows")
    row = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    column = models.CharField(max_length=80, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    content = models.JSONField()

    class Meta:
        ordering = ["row"]

    def __str__(self) -> str:
        return f"{self.row}: {self.code}"
