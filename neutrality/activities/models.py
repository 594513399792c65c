"""Activity, Measure, Amendment. Rows decide nothing; `rules` and `operations` do."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from neutrality import wording
from neutrality.activities import rules
from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded
from neutrality.constraints import in_order, not_negative, one_of, paired, positive
from neutrality.evidence.models import File
from neutrality.fields import KgField
from neutrality.rulebook.models import Rulebook
from neutrality.rulebook.rules import DeadlineCode, FamilyCode, Form, Kind, Measured, SizeClass, SourceCode, Stage


class ActivityQuerySet(models.QuerySet):
    def public(self) -> "ActivityQuerySet":
        """Those whose plan was ever published."""
        return self.filter(committed_at__isnull=False)

    def of(self, organizations) -> "ActivityQuerySet":
        return self.filter(organization__in=organizations)


class Activity(Coded):
    """An event, or an operating period of a place or an organization (R2.3), on its way to a settled account."""

    coded = "code"
    code = models.CharField(max_length=9, unique=True)
    key = models.CharField(max_length=40, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="activities")
    form = models.CharField(max_length=10)
    kind = models.CharField(_("Kind"), max_length=20)
    level = models.CharField(_("Level"), max_length=15, blank=True)
    name_zh = models.CharField(_("Name in Chinese"), max_length=120)
    name_en = models.CharField(_("Name in English"), max_length=160, blank=True)
    summary = models.TextField(_("What it is"), blank=True, max_length=2000)
    starts_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"))
    place_name = models.CharField(_("Place"), max_length=120, blank=True)
    region_code = models.CharField(_("City or county"), max_length=6)
    expected_people = models.PositiveIntegerField(_("People expected on site"), null=True, blank=True)
    actual_people = models.PositiveIntegerField(_("People who came"), null=True, blank=True)
    online_people = models.PositiveIntegerField(_("People taking part online"), null=True, blank=True)
    floor_area_m2 = models.DecimalField(_("Floor area"), max_digits=12, decimal_places=2, null=True, blank=True)
    stages = models.JSONField(_("Stages inside the boundary"), default=list)
    rulebook = models.ForeignKey(Rulebook, on_delete=models.PROTECT, related_name="activities")
    state = models.CharField(max_length=10, default=rules.State.DRAFT.value)
    promised_on = models.DateField(_("Neutrality expected by"), null=True, blank=True)
    offset_method = models.TextField(_("How the rest will be offset"), blank=True, max_length=2000)
    offset_families = models.JSONField(_("Kinds of units"), default=list, blank=True)
    disclose_on = models.DateField(_("Statement promised by"), null=True, blank=True)
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies")
    source_citation = models.TextField(blank=True)  # only for reconstructions of published cases
    published_total_t = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    committed_at = models.DateTimeField(null=True, blank=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancel_reason = models.TextField(blank=True, max_length=1000)
    search = SearchVectorField(null=True, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ("-starts_on", "code")
        indexes = [
            GinIndex(fields=["search"], name="activities_activity_search"),
            models.Index(fields=["region_code"], name="activities_activity_region"),
            models.Index(fields=["ends_on"], name="activities_activity_ends"),
        ]
        constraints = [
            one_of("form", Form),
            one_of("kind", Kind),
            one_of("level", rules.Level, blank=True),
            one_of("state", rules.State),
            in_order("starts_on", "ends_on"),
            not_negative("published_total_t"),
            positive("floor_area_m2"),
            paired("committed"),
            paired("cancelled"),
            models.CheckConstraint(
                condition=Q(region_code__regex=r"^[0-9]{6}$"), name="activities_activity_region_shape"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", committed_at__isnull=True)
                | Q(state="committed", committed_at__isnull=False)
                | Q(state="cancelled"),
                name="activities_activity_committed",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | ~Q(state="cancelled") & Q(cancelled_at__isnull=True),
                name="activities_activity_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return wording.pick(self.name_zh, self.name_en)

    @property
    def public(self) -> bool:
        """Whether its plan was ever published; a cancelled one stays to be read."""
        return self.committed_at is not None

    @property
    def size_class(self) -> SizeClass | None:
        """The class of its size under its rulebook, by those who came where that is known, else by those expected."""
        people = self.actual_people if self.actual_people is not None else self.expected_people
        measures = {Measured.PEOPLE_ON_SITE.value: people, Measured.FLOOR_AREA_M2.value: self.floor_area_m2}
        return self.rulebook.rules.size_class(self.kind, measures)

    def ended(self, on: date) -> bool:
        """Whether its last day is past on the day `on`."""
        return self.phase(on) is rules.Phase.AFTER

    def phase(self, on: date) -> rules.Phase:
        return rules.phase(self.starts_on, self.ends_on, on)

    @property
    def units_deadline(self) -> date:
        """Last day for units to be cancelled (R1.20; an operating period R2.3)."""
        deadline = self._deadline(DeadlineCode.UNITS)
        if deadline is None:
            raise LookupError(f"{self.rulebook} sets no clock for units of an {self.form}")
        return deadline

    @property
    def forest_deadline(self) -> date | None:
        """Last day for sinks of a new forest to grow (R1.22); None for an operating period."""
        return self._deadline(DeadlineCode.FOREST)

    @property
    def settling_deadline(self) -> date:
        """The clock that runs out last: the forest's where the plan names a new forest, else that of units (R1.20,
        R1.22)."""
        forest = self.forest_deadline
        named = FamilyCode.NEW_FOREST.value in self.offset_families
        return forest if forest is not None and named else self.units_deadline

    @property
    def expires_on(self) -> date | None:
        """Last day a claim about an operating period may be shown (R2.3); None for an event."""
        return self._deadline(DeadlineCode.EXPIRY)

    def _deadline(self, code: DeadlineCode) -> date | None:
        deadline = self.rulebook.rules.deadline(code, self.form)
        return deadline.on(self.ends_on) if deadline else None

    @property
    def months(self) -> tuple[date, ...]:
        """First days of the months an operating period covers; () for an event."""
        return rules.months(self.starts_on, self.ends_on) if self.form == Form.OPERATION else ()

    @property
    def late_plan(self) -> bool:
        """Whether the plan came out only after the activity had begun (R1.9 wants it before)."""
        return self.committed_at is not None and self.starts_on <= localtime(self.committed_at).date()


class Measure(models.Model):
    """A reduction: what is to be done and spared, and afterwards what was (R1.7, R1.13)."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="measures")
    key = models.CharField(max_length=40, unique=True)
    number = models.PositiveSmallIntegerField()  # within the activity, from 1; names it in addresses and in the trail
    stage = models.CharField(_("Stage"), max_length=12)
    source = models.CharField(_("Source it cuts"), max_length=20)
    title = models.CharField(_("Measure"), max_length=120)
    description = models.TextField(_("What will be done"), blank=True, max_length=2000)
    responsible = models.CharField(_("Who sees to it"), max_length=120, blank=True)
    planned_kg = KgField(_("Planned effect"), null=True, blank=True)
    planned_basis = models.TextField(_("How the planned effect was worked out"), blank=True, max_length=1000)
    cost_cny = models.DecimalField(_("Cost"), max_digits=14, decimal_places=2, null=True, blank=True)
    state = models.CharField(max_length=8, default=rules.MeasureState.PLANNED.value)
    achieved_kg = KgField(_("Achieved effect"), null=True, blank=True)
    outcome = models.TextField(_("What came of it"), blank=True, max_length=2000)
    evidence = models.ForeignKey(File, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ("activity", "number")
        constraints = [
            models.UniqueConstraint(fields=("activity", "number"), name="activities_measure_number"),
            one_of("stage", Stage),
            one_of("source", SourceCode),
            one_of("state", rules.MeasureState),
            not_negative("planned_kg"),
            not_negative("achieved_kg"),
            not_negative("cost_cny"),
            paired("reported"),
            models.CheckConstraint(
                condition=Q(state="planned", reported_at__isnull=True) | ~Q(state="planned") & ~Q(outcome=""),
                name="activities_measure_outcome_told",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def planned_cost_per_t(self) -> Decimal | None:
        """Yuan for each tonne it is meant to spare; None while cost or effect are unknown or the effect is nothing."""
        if self.cost_cny is None or not self.planned_kg:
            return None
        return (self.cost_cny * 1000 / self.planned_kg).quantize(Decimal("0.01"))


class Amendment(InsertOnly):
    """One change of a published activity: field, words before and after, and why. Open to the public."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="amendments")
    field = models.CharField(max_length=30)
    before = models.TextField()
    after = models.TextField()
    reason = models.TextField(max_length=1000)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ("made_at", "id")

    def __str__(self) -> str:
        return f"{self.activity_id} {self.field}"
