"""Registries, unit kinds, projects, and the blocks of numbered units they issued."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded, new_code
from neutrality.constraints import in_order, one_of, positive
from neutrality.offsets import geography, rules
from neutrality.offsets.rules.details import LONGEST_LABELS, searched
from neutrality.search import named
from neutrality.wording import pick


class Family(models.TextChoices):
    ALLOWANCE = "allowance", _("Allowances")
    CCER = "ccer", _("CCER")
    LOCAL_CREDIT = "local_credit", _("Carbon-inclusion credits")
    FORESTRY_TICKET = "forestry_ticket", _("Forestry carbon tickets")
    FOREIGN_DOMESTIC = "foreign_domestic", _("Credits of other mechanisms, project in China")
    FOREIGN = "foreign", _("Credits of other mechanisms, project abroad")


class RecognitionChoice(models.TextChoices):
    YES = "yes", _("Recognised by a provincial ecology department")
    NO = "no", _("Not recognised by a provincial ecology department")
    UNKNOWN = "unknown", _("Provincial recognition not known")


class Permanence(models.TextChoices):
    """Whether what a cancelled unit stands for can be lost again (R3.29c, R3.30)."""

    ALLOWANCE = "allowance", _("An allowance: once cancelled, it permits no emission any more")
    LASTING = "lasting", _("Never expires; forests have units of their own here, and those expire (R3.30)")
    RESERVE = "reserve", _("Stored carbon can be lost again; the registry keeps a common reserve of units against it")
    EXPIRES = "expires", _("Expires and must then be replaced (R3.30)")
    UNKNOWN = "unknown", _("No term, reserve or rule on losses was found (R3.29c)")


class Origin(models.TextChoices):
    ISSUED = "issued", _("Recorded by the registry operator")
    PROVED = "proved", _("Entered with a checked proof of cancellation")


class Registry(models.Model):
    """Whoever issues units and keeps their record, which stays the final basis (R3.2)."""

    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    keeper_zh = models.CharField(max_length=160, blank=True)
    keeper_en = models.CharField(max_length=160, blank=True)
    country = models.CharField(max_length=2, blank=True)
    operator = models.ForeignKey("accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self.name_zh, self.name_en)

    @property
    def keeper(self) -> str:
        return pick(self.keeper_zh, self.keeper_en)


class UnitKind(models.Model):
    """A kind of unit: always whole tonnes (R1.29), with what the rules must know of it (R3.2 table)."""

    code = models.SlugField(max_length=40, unique=True)
    registry = models.ForeignKey(Registry, models.PROTECT, related_name="kinds")
    family = models.CharField(max_length=20, choices=Family)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    recognition = models.CharField(max_length=10, choices=RecognitionChoice, default=RecognitionChoice.UNKNOWN)
    syntax = models.CharField(max_length=20)
    legacy = models.BooleanField(default=False)
    temporary = models.BooleanField(default=False)
    named_by = models.JSONField(default=dict, blank=True)
    vintage_zh = models.CharField(max_length=120, blank=True)
    vintage_en = models.CharField(max_length=120, blank=True)
    document_zh = models.CharField(max_length=200, blank=True)
    document_en = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    source_en = models.CharField(max_length=200, blank=True, db_default="")
    issuer_zh = models.CharField(max_length=160, blank=True, db_default="")
    issuer_en = models.CharField(max_length=160, blank=True, db_default="")
    permanence = models.CharField(
        max_length=10, choices=Permanence, default=Permanence.UNKNOWN, db_default=Permanence.UNKNOWN.value
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("family", Family),
            one_of("recognition", RecognitionChoice),
            one_of("permanence", Permanence),
            one_of("syntax", rules.Syntax),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self.name_zh, self.name_en)

    @property
    def vintage(self) -> str:
        return pick(self.vintage_zh, self.vintage_en)

    @property
    def family_name(self) -> str:
        """For other mechanisms the project's country decides, so the kind alone does not say it (R1.17(4), R1.19)."""
        return str(_("Credits of other mechanisms") if self.family == Family.FOREIGN else self.get_family_display())

    @property
    def issuer(self) -> str:
        return pick(self.issuer_zh, self.issuer_en)

    @property
    def said_by(self) -> str:
        """The rules it follows; some have a title in one language only."""
        return pick(self.source, self.source_en)

    @property
    def asks_recognition(self) -> bool:
        """Whether the rules ask for recognition by a provincial ecology department (R1.17(3))."""
        return self.family in (Family.LOCAL_CREDIT, Family.FORESTRY_TICKET)

    @property
    def document(self) -> str:
        return pick(self.document_zh, self.document_en)


class Project(Coded):
    """What made the reductions (R3.36). The registry's own id is authoritative, not a number inside the name.

    Verifier, crediting period and labels are what stands of all that its sources say (`rules.sources`)."""

    coded = "code"
    code = models.CharField(max_length=60, unique=True)
    registry = models.ForeignKey(Registry, models.PROTECT, related_name="projects")
    identifier = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=250, blank=True)
    name_en = models.CharField(max_length=250, blank=True)
    country = models.CharField(max_length=2, blank=True)
    region_code = models.CharField(max_length=6, blank=True)
    place_name = models.CharField(max_length=120, blank=True)
    sector = models.CharField(max_length=200, blank=True)
    methodology = models.CharField(max_length=200, blank=True)
    developer = models.CharField(max_length=200, blank=True)
    verifier = models.CharField(max_length=200, blank=True)
    crediting_start = models.DateField(null=True, blank=True)
    crediting_end = models.DateField(null=True, blank=True)
    labels = models.CharField(max_length=LONGEST_LABELS, blank=True, default="", db_default="")
    registry_status = models.CharField(max_length=80, blank=True)
    forestry = models.BooleanField(default=False)
    formerly_poor_area = models.BooleanField(default=False)
    source = models.CharField(max_length=250, blank=True)
    search = SearchVectorField(editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["registry", "identifier"], name="offsets_project_once"),
            models.CheckConstraint(condition=~Q(name_zh="", name_en=""), name="offsets_project_named"),
            in_order("crediting_start", "crediting_end"),
        ]
        indexes = [
            GinIndex(fields=["search"], name="offsets_project_search"),
            GinIndex(SearchVector("labels", config="simple"), name="offsets_project_labelled"),
            models.Index("registry", "country", Left("region_code", 2), "id", name="offsets_project_placed"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self.name_zh, self.name_en)

    @property
    def country_name(self) -> str:
        return geography.country(self.country) if self.country else ""

    @property
    def names(self) -> str:
        """What it is found by: name and id (A), place and labels (B), method and sector (C), developer (D)."""
        names = (self.name_zh, self.name_en, self.identifier)
        places = (self.place_name, *geography.spoken(self.country, self.region_code), *searched(self.labels))
        return named(names, places, (self.methodology, self.sector), (self.developer,))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = self.names
        super().save(*args, **kwargs)


class SerialLine(InsertOnly):
    """One sequence in which a registry numbers its units; its row number folds its runs into the house's one range."""

    registry = models.ForeignKey(Registry, models.PROTECT, related_name="+")
    text = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["registry", "text"], name="offsets_line_once")]
        indexes = [models.Index(fields=["text"], name="offsets_line_text")]

    def __str__(self) -> str:
        return self.text


class Block(Coded, InsertOnly):
    """A run of units of one kind, project and vintage. Never changed after it is issued; where its units lie is the
    ledger's to say. `numbers` is the folded run of the registry's numbers, `house` the run of the house's own."""

    coded = "code"
    code = models.CharField(max_length=20, unique=True, default=new_code)
    kind = models.ForeignKey(UnitKind, models.PROTECT, related_name="blocks")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="blocks")
    line = models.ForeignKey(SerialLine, models.PROTECT, related_name="blocks")
    numbers = BigIntegerRangeField()
    serial_first = models.BigIntegerField()
    serial_last = models.BigIntegerField()
    pattern = models.CharField(max_length=200)
    quantity = models.BigIntegerField()
    house = BigIntegerRangeField()
    vintage_start = models.DateField()
    vintage_end = models.DateField()
    labels = models.CharField(max_length=200, blank=True, db_default="")
    owner = models.ForeignKey("accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+")
    origin = models.CharField(max_length=10, choices=Origin)
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    key = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            # One registry serial, one block, whatever the file or form it came from (TV13, V3).
            ExclusionConstraint(name="offsets_block_numbers_once", expressions=[("numbers", RangeOperators.OVERLAPS)]),
            ExclusionConstraint(name="offsets_block_house_once", expressions=[("house", RangeOperators.OVERLAPS)]),
            one_of("origin", Origin),
            positive("quantity"),
            positive("serial_first"),
            in_order("vintage_start", "vintage_end"),
            models.CheckConstraint(
                condition=Q(quantity=F("serial_last") - F("serial_first") + 1), name="offsets_block_counts"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-id"], name="offsets_block_kind"),
            models.Index(fields=["project", "-id"], name="offsets_block_project"),
            models.Index(fields=["vintage_end", "-id"], name="offsets_block_vintage"),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def first(self) -> int:
        """The house's number of the first unit."""
        return int(self.house.lower)

    @property
    def last(self) -> int:
        return int(self.house.upper) - 1

    @property
    def within(self) -> tuple[int, int]:
        return self.first, self.last

    @property
    def serial(self) -> str:
        return rules.written(self.pattern, self.serial_first, self.serial_last)

    def serial_of(self, first: int, last: int) -> str:
        """A run of house numbers in the registry's spelling."""
        shift = self.serial_first - self.first
        return rules.written(self.pattern, first + shift, last + shift)

    @property
    def vintage(self) -> str:
        return rules.vintage(self.vintage_start, self.vintage_end)
