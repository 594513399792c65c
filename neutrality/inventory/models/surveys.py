"""A sampled survey: what was asked, of how many people, what they answered, and the digests that fix the answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from neutrality import fields
from neutrality.activities.models import Activity
from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded
from neutrality.constraints import not_negative, one_of, positive
from neutrality.inventory.rules import survey as polling
from neutrality.inventory.rules import travel
from neutrality.wording import pick


class Survey(Coded, InsertOnly):
    """Questions to those who took part, open until a day. Closing fills in the last three columns, once, for ever."""

    may_set = ("closed_at", "answers", "digest")
    coded = "code"
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="surveys")
    code = models.CharField(max_length=9, unique=True)
    venue = models.CharField(max_length=60)  # the city, as the table of places has it
    venue_domestic = models.BooleanField()
    asks_lodging = models.BooleanField()
    asks_meals = models.BooleanField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closes_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    answers = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64, null=True)

    class Meta:
        ordering = ["activity", "-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity"], condition=Q(closed_at__isnull=True), name="inventory_survey_one_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, answers__isnull=True, digest__isnull=True)
                | Q(closed_at__isnull=False, answers__isnull=False, digest__isnull=False),
                name="inventory_survey_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        """How the trail names it."""
        return f"survey:{self.code}"


class SurveyGroup(InsertOnly):
    """A group of participants that is estimated by itself: athletes, spectators."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="groups")
    number = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["survey", "number"]
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="inventory_surveygroup_number_once")]

    def __str__(self) -> str:
        return pick(self.name_zh, self.name_en)


class Headcount(InsertOnly):
    """How many people a group has, as the organizer stated it, and on what ground. The newest one counts."""

    group = models.ForeignKey(SurveyGroup, models.PROTECT, related_name="headcounts")
    people = models.PositiveIntegerField()
    basis = models.CharField(max_length=12)
    stated_at = models.DateTimeField()
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["group", "pk"]
        constraints = [positive("people"), one_of("basis", polling.HeadcountBasis)]

    def __str__(self) -> str:
        return f"{self.group}: {self.people}"


class SurveyAnswer(InsertOnly):
    """What one party said. No name, no address of a machine, no moment, only the day."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="given")
    group = models.ForeignKey(SurveyGroup, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()  # 1, 2, 3 within the survey
    key = models.CharField(max_length=36)
    answered_on = models.DateField()
    people = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=60, blank=True)
    domestic = models.BooleanField()
    km = models.DecimalField(max_digits=7, decimal_places=1)
    stated = models.BooleanField()
    there = models.CharField(max_length=20)
    back = models.CharField(max_length=20)
    sharing = models.PositiveSmallIntegerField(null=True)
    room_nights = fields.QuantityField(null=True)
    meals = fields.QuantityField(null=True)

    class Meta:
        ordering = ["survey", "number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="inventory_surveyanswer_number_once"),
            models.UniqueConstraint(fields=["survey", "key"], name="inventory_surveyanswer_key_once"),
            positive("people"),
            not_negative("km"),
            not_negative("room_nights"),
            not_negative("meals"),
            one_of("there", travel.Mode),
            one_of("back", travel.Mode),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.number}"

    @property
    def facts(self) -> polling.Answer:
        """The answer for the pure rules."""
        return polling.Answer(
            group=self.group.number,
            people=self.people,
            origin=self.origin,
            domestic=self.domestic,
            km=self.km,
            stated=self.stated,
            there=travel.Mode(self.there),
            back=travel.Mode(self.back),
            sharing=self.sharing,
            room_nights=self.room_nights,
            meals=self.meals,
        )


class SurveyBatch(InsertOnly):
    """A run of answers fixed by its digest in the public trail. The salt keeps a small batch from being guessed."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["survey", "number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="inventory_surveybatch_number_once"),
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="inventory_surveybatch_run"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.first} to {self.last}"
