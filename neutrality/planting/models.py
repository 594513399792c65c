"""Land, promises, looks at what grew, and decisions about it: every row is insert-only."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded, new_code
from neutrality.constraints import in_order, one_of, paired, positive
from neutrality.fields import ExactField, KgField
from neutrality.planting import rules
from neutrality.planting.rules import Parts


class SystemChoice(models.TextChoices):
    WGS84 = "wgs84", _("WGS-84 (GPS receivers, Google Earth, OpenStreetMap)")
    CGCS2000 = "cgcs2000", _("CGCS2000 (official survey of China, degrees)")
    GCJ02 = "gcj02", _("GCJ-02 (Chinese web maps such as Amap and Tencent Maps)")


class Purpose(models.TextChoices):
    PLANTING = "planting", _("Planting for an activity")
    PROJECT = "project", _("Project of the offset registry")


class AreaUnit(models.TextChoices):
    MU = "mu", _("mu")
    HA = "ha", _("hectares")


class OutcomeChoice(models.TextChoices):
    VERIFIED = rules.Outcome.VERIFIED.value, _("Verified")
    REFUSED = rules.Outcome.REFUSED.value, _("Not verified")


class AreaField(ExactField):
    """Square metres: 16 digits, 2 places."""

    digits = 16
    places = 2


class Plot(Coded, InsertOnly):
    """A piece of land by its corners: as declared, and in WGS-84. Land that shares ground with an older plot of another
    purpose is kept as `contested` where an outside registry drew it; a planting is refused."""

    may_set = ("freed_at", "freed_by_id")

    number = models.CharField(max_length=20, unique=True, default=new_code)
    purpose = models.CharField(max_length=10, choices=Purpose)
    project_code = models.CharField(max_length=60, blank=True)
    system = models.CharField(max_length=10, choices=SystemChoice)
    given = models.JSONField()
    parts = models.JSONField()
    digest = models.CharField(max_length=64)
    source_name = models.CharField(max_length=200, blank=True)
    source_digest = models.CharField(max_length=64)
    area_m2 = AreaField()
    west = models.BigIntegerField()
    south = models.BigIntegerField()
    east = models.BigIntegerField()
    north = models.BigIntegerField()
    contested = models.BooleanField(default=False)
    conflicts = models.JSONField(default=list, blank=True)
    doubts = models.JSONField(default=list, blank=True)
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    freed_at = models.DateTimeField(null=True, blank=True)
    freed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("purpose", Purpose),
            one_of("system", SystemChoice),
            positive("area_m2"),
            in_order("west", "east"),
            in_order("south", "north"),
            paired("freed"),
            models.CheckConstraint(
                condition=Q(purpose="planting", project_code="", contested=False)
                | Q(purpose="project") & ~Q(project_code=""),
                name="planting_plot_of_one_purpose",
            ),
            models.UniqueConstraint(
                fields=["digest"], condition=Q(freed_at__isnull=True, contested=False), name="planting_plot_once"
            ),
        ]
        indexes = [
            models.Index(fields=["west", "east"], name="planting_plot_lon"),
            models.Index(fields=["project_code"], name="planting_plot_project"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def land(self) -> Parts:
        """The corners in WGS-84."""
        return rules.kept(self.parts)

    @property
    def declared(self) -> Parts:
        return rules.kept(self.given)

    @property
    def area_ha(self):
        return rules.hectares(self.area_m2)

    @property
    def area_mu(self):
        return rules.mu(self.area_m2)


class Planting(Coded, InsertOnly):
    """The public commitment: everything an organizer must keep and disclose (R1.25), and the dated declaration that the
    sinks are used for this activity and never credited (R1.24)."""

    may_set = ("called_off_at", "called_off_by_id", "call_off_reason")

    number = models.CharField(max_length=20, unique=True, default=new_code)
    key = models.CharField(max_length=64, unique=True)
    activity = models.ForeignKey("activities.Activity", models.PROTECT, related_name="plantings")
    plot = models.OneToOneField(Plot, models.PROTECT, related_name="planting")
    place_name = models.CharField(max_length=120)
    region_code = models.CharField(max_length=6)
    species = models.JSONField()
    stated_area = ExactField(max_digits=12, decimal_places=4)
    stated_unit = models.CharField(max_length=2, choices=AreaUnit)
    methodology = models.CharField(max_length=160)
    planting_plan = models.TextField(max_length=4000)
    monitoring_plan = models.TextField(max_length=4000)
    land_right = models.CharField(max_length=500)
    planted_on = models.DateField()
    promised_units = models.BigIntegerField()
    horizon = models.DateField()
    declaration = models.TextField(max_length=1000)
    committed_at = models.DateTimeField()
    committed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    called_off_at = models.DateTimeField(null=True, blank=True)
    called_off_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    call_off_reason = models.CharField(max_length=1000, null=True, blank=True)  # set once, so empty is null

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("stated_unit", AreaUnit),
            positive("stated_area"),
            positive("promised_units"),
            in_order("planted_on", "horizon"),
            paired("called_off"),
        ]
        indexes = [models.Index(fields=["region_code", "-id"], name="planting_planting_region")]

    def __str__(self) -> str:
        return self.place_name


class Survey(Coded, InsertOnly):
    """A yearly look at the stand by the organizer: what lives, what it grew by, with evidence. Counts for nothing until
    the body it names has verified it."""

    number = models.CharField(max_length=20, unique=True, default=new_code)
    key = models.CharField(max_length=64, unique=True)
    planting = models.ForeignKey(Planting, models.PROTECT, related_name="surveys")
    year = models.PositiveSmallIntegerField()
    surveyed_on = models.DateField()
    alive_percent = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=500)
    grown_from = models.DateField()
    grown_to = models.DateField()
    claimed_kg = KgField()
    note = models.CharField(max_length=2000, blank=True)
    evidence = models.ForeignKey("evidence.File", models.PROTECT, related_name="+")
    body = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            in_order("grown_from", "grown_to"),
            models.CheckConstraint(
                condition=Q(alive_percent__gte=0, alive_percent__lte=100), name="planting_survey_percent"
            ),
        ]
        indexes = [models.Index(fields=["body", "id"], name="planting_survey_body")]

    def __str__(self) -> str:
        return self.number


class Verification(Coded, InsertOnly):
    """A competent body's decision on one survey, by a person of it; the only thing that makes sinks count (R1.23)."""

    number = models.CharField(max_length=20, unique=True, default=new_code)
    key = models.CharField(max_length=64, unique=True)
    survey = models.OneToOneField(Survey, models.PROTECT, related_name="verification")
    planting = models.ForeignKey(Planting, models.PROTECT, related_name="verifications")
    body = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=OutcomeChoice)
    increment_kg = KgField()
    grown_from = models.DateField()
    grown_to = models.DateField()
    competence = models.CharField(max_length=500)
    report_number = models.CharField(max_length=80)
    report = models.ForeignKey("evidence.File", models.PROTECT, related_name="+")
    note = models.CharField(max_length=2000, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    decided_on = models.DateField()

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("outcome", OutcomeChoice),
            in_order("grown_from", "grown_to"),
            models.CheckConstraint(
                condition=Q(outcome="verified") | Q(increment_kg=0), name="planting_verification_refused_is_nothing"
            ),
            models.UniqueConstraint(fields=["body", "report_number"], name="planting_verification_report_once"),
        ]
        indexes = [models.Index(fields=["planting", "id"], name="planting_verification_of")]

    def __str__(self) -> str:
        return self.number

    @property
    def increment(self) -> rules.Increment:
        return rules.Increment(self.increment_kg, self.grown_to, self.decided_on)
