"""What registries publish, file by file: each row traceable to its file and line, changes as new versions."""

from django.contrib.postgres.fields import BigIntegerRangeField
from django.contrib.postgres.indexes import BrinIndex, GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded, new_code
from neutrality.constraints import one_of, positive
from neutrality.fields import ExactField
from neutrality.offsets.models.registries import Project, Registry, SerialLine
from neutrality.offsets.rules.details import LONGEST_LABELS
from neutrality.offsets.rules.sources import DESK

LAYOUT_NAMES = {
    "verra-projects": _("Verra: projects"),
    "verra-transactions": _("Verra: issued and retired units"),
    "gold-standard-projects": _("Gold Standard: projects"),
    "gold-standard-issuances": _("Gold Standard: issued units"),
    "gold-standard-retirements": _("Gold Standard: retired units"),
    "acr-projects": _("ACR: projects"),
    "acr-issuances": _("ACR: issuances"),
    "acr-retirements": _("ACR: retired units"),
    "acr-cancellations": _("ACR: cancelled units"),
    "car-projects": _("Climate Action Reserve: projects"),
    "car-issuances": _("Climate Action Reserve: issuances"),
    "car-retirements": _("Climate Action Reserve: retired units"),
    "car-cancellations": _("Climate Action Reserve: cancelled units"),
    "art-projects": _("ART TREES: programmes"),
    "art-issuances": _("ART TREES: issuances"),
    "art-retirements": _("ART TREES: retired units"),
    "art-cancellations": _("ART TREES: cancelled units"),
    "cercarbono-projects": _("Cercarbono: projects"),
    "cercarbono-issuances": _("Cercarbono: issuances"),
    "cercarbono-retirements": _("Cercarbono: retired units"),
    "isometric-projects": _("Isometric: projects"),
    "isometric-issuances": _("Isometric: issuances"),
    "isometric-retirements": _("Isometric: retired credits"),
    "arb-issuances": _("California Air Resources Board: issuances"),
    "berkeley-projects": _("Berkeley database: projects of several registries"),
    "plain-runs": _("Plain table: units"),
    "plain-projects": _("Plain table: projects"),
}


PUBLISHERS = {
    "berkeley-projects": _("Berkeley Carbon Trading Project"),
    "plain-runs": _("the registries its rows name"),
    "plain-projects": _("the registries its rows name"),
}


class EventChoice(models.TextChoices):
    STANDING = "standing", _("not yet used, as the registry shows it")
    ISSUED = "issued", _("issued by the registry")
    RETIRED = "retired", _("retired in the registry")
    CANCELLED = "cancelled", _("cancelled in the registry")


class AmountChoice(models.TextChoices):
    ISSUED = "issued", _("issued")
    BUFFERED = "buffered", _("kept in the buffer pool")
    RETIRED = "retired", _("retired")
    CANCELLED = "cancelled", _("cancelled")
    REVERSED = "reversed", _("reversed")
    ISSUED_SO_FAR = "issued_so_far", _("issued so far, in all")
    RETIRED_SO_FAR = "retired_so_far", _("retired so far, in all")


class RegistryFile(InsertOnly):
    """One file a registry published, kept by its digest. `registry` is null where each row names its own."""

    registry = models.ForeignKey(Registry, models.PROTECT, null=True, related_name="files")
    layout = models.CharField(max_length=40)
    evidence = models.ForeignKey("evidence.File", models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    rows = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    same = models.PositiveIntegerField()
    bad = models.PositiveIntegerField()
    newest_on = models.DateField(null=True)
    read_at = models.DateTimeField()
    read_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["layout", "registry", "-id"], name="offsets_file_feed")]

    def __str__(self) -> str:
        return f"{self.layout} {self.digest[:12]}"

    @property
    def is_text(self) -> bool:
        """Whether it has lines; a workbook has rows alone."""
        return self.evidence.media_type == "text/csv"

    @property
    def publisher(self) -> str:
        """Who published it, in words: a registry, or who gathered the tables of several."""
        return self.registry.name if self.registry else str(PUBLISHERS[self.layout])

    @property
    def name(self) -> str:
        """What kind of file it is, in words; it has a name for each layout of the rules."""
        return str(LAYOUT_NAMES[self.layout])


class ReadingState(models.TextChoices):
    WAITING = "waiting", _("waiting or being read")
    READ = "read", _("read")
    REFUSED = "refused", _("not read")
    WITHDRAWN = "withdrawn", _("stopped")


class Reading(Coded):
    """One file handed in to be read: work to do, how far it is, what came of it. The facts lie in what it read; this
    row only says that somebody looked at the feed on that day, though nothing new stood in it."""

    number = models.CharField(max_length=20, unique=True, default=new_code)
    evidence = models.ForeignKey("evidence.File", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ReadingState, default=ReadingState.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    heard_at = models.DateTimeField(null=True)
    rows_done = models.PositiveIntegerField(default=0)
    percent = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=40, blank=True)
    file = models.ForeignKey(RegistryFile, models.PROTECT, null=True, related_name="readings")

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("state", ReadingState),
            models.CheckConstraint(condition=Q(state="read") ^ Q(file__isnull=True), name="offsets_reading_has_file"),
            models.CheckConstraint(
                condition=Q(state="waiting") ^ Q(ended_at__isnull=False), name="offsets_reading_waits_or_ended"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="waiting"), name="offsets_reading_queue")]

    def __str__(self) -> str:
        return self.number


class Published(InsertOnly):
    """What every published row keeps: which version of it this is, its digest, and where it stands in which file.
    `row` counts records with the heading as 1, as spreadsheets do; `at_line` is the line of the text file."""

    version = models.PositiveIntegerField(default=1)
    content = models.CharField(max_length=64)
    file = models.ForeignKey(RegistryFile, models.PROTECT, related_name="%(class)ss")
    row = models.PositiveIntegerField()
    at_line = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def text_line(self) -> int | None:
        """The line of the text file; None in a workbook."""
        return self.at_line if self.file.is_text else None


FIRST = Q(version=1)


class PublishedRun(Published):
    """A run of units as a registry's own table shows it. A changed row is a new version; the newest one stands.

    `side` is 0 for what stands, 1 for what was issued, 2 for what was used up. On one side the numbers of a line lie
    in one row only; the first version of a row holds them for all its versions. What stands is split anew when part
    of it is used, so there only a single file is held to it.
    """

    registry = models.ForeignKey(Registry, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="published_runs")
    # Lines and files are insert-only, so these two can never dangle; `verify` looks all the same.
    line = models.ForeignKey(SerialLine, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    file = models.ForeignKey(
        RegistryFile, models.PROTECT, related_name="publishedruns", db_index=False, db_constraint=False
    )
    numbers = BigIntegerRangeField()
    serial = models.CharField(max_length=250)
    quantity = models.BigIntegerField()
    side = models.PositiveSmallIntegerField()
    event = models.CharField(max_length=10, choices=EventChoice)
    event_on = models.DateField(null=True)
    vintage_start = models.DateField(null=True)
    vintage_end = models.DateField(null=True)
    beneficiary = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    labels = models.CharField(max_length=LONGEST_LABELS, blank=True, default="", db_default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("event", EventChoice),
            positive("quantity"),
            models.CheckConstraint(
                condition=Q(side=0, event="standing")
                | Q(side=1, event="issued")
                | Q(side=2, event__in=["retired", "cancelled"]),
                name="offsets_published_side",
            ),
            models.CheckConstraint(
                condition=Q(event_on__isnull=False) | Q(event="cancelled"), name="offsets_published_day"
            ),
            # That runs of one side lie apart is a trigger's to keep (migration "apart"): an exclusion constraint asks
            # the index once for every row, and cost most of the time of an import (seen with 200,000 rows).
            models.UniqueConstraint(
                "side", "numbers__startswith", "numbers__endswith", "version", name="offsets_published_version"
            ),
        ]
        indexes = [
            GistIndex(fields=["numbers"], condition=FIRST & Q(side=0), name="offsets_published_standing"),
            BrinIndex(fields=["file"], name="offsets_published_file"),
        ]

    def __str__(self) -> str:
        return self.serial


class PublishedCount(Published):
    """Tonnes a registry states without serial numbers. `mark` tells the row from the others of its registry."""

    registry = models.ForeignKey(Registry, models.PROTECT, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="published_counts")
    mark = models.CharField(max_length=200)
    amount = models.CharField(max_length=20, choices=AmountChoice)
    tonnes = ExactField(max_digits=18, decimal_places=3)
    counted_on = models.DateField(null=True)
    vintage = models.CharField(max_length=40, blank=True)
    beneficiary = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("amount", AmountChoice),
            models.CheckConstraint(condition=Q(tonnes__gte=0), name="offsets_count_not_negative"),
            models.UniqueConstraint(
                fields=["registry", "mark", "amount", "version"], name="offsets_published_count_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mark} {self.amount}"


class ProjectVersion(Published):
    """A project as one source described it: a table, by its layout and file, or a person at the registry desk. The
    registry's own table writes the project; others fill what it leaves; of crediting period, verifier and labels
    stands what `rules.sources` says."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="versions")
    layout = models.CharField(max_length=40)
    facts = models.JSONField()
    file = models.ForeignKey(RegistryFile, models.PROTECT, null=True, related_name="projectversions")
    said_at = models.DateTimeField(null=True)
    said_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "layout", "version"], name="offsets_project_version"),
            models.CheckConstraint(
                condition=Q(layout=DESK, file__isnull=True, said_at__isnull=False)
                | (~Q(layout=DESK) & Q(file__isnull=False, said_at__isnull=True, said_by__isnull=True)),
                name="offsets_project_said_by_file_or_desk",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.version}"


class BadRow(InsertOnly):
    """A row that could not be taken, with the reason; it stopped nothing. Not `whole`: one cell of it, and the rest of
    the row was taken."""

    file = models.ForeignKey(RegistryFile, models.PROTECT, related_name="bad_rows")
    row = models.PositiveIntegerField()
    at_line = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=40)
    column = models.CharField(max_length=80, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    content = models.JSONField()
    whole = models.BooleanField(default=True, db_default=True)

    class Meta:
        ordering = ["row"]

    def __str__(self) -> str:
        return f"{self.row}: {self.code}"
