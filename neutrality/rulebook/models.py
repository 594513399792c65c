"""Rulebook (a version, insert-only), Holiday (a day of the official calendar), Region (an administrative division)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from neutrality import wording
from neutrality.appendonly import InsertOnly
from neutrality.constraints import one_of
from neutrality.rulebook import reading, rules

READ: dict[int, rules.Rulebook] = {}


class Rulebook(InsertOnly):
    """One version of one rulebook; `content` is the whole pack, `rules` the same as frozen objects."""

    code = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    effective_on = models.DateField()
    jurisdiction = models.CharField(max_length=6)
    content = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ("code", "effective_on", "version")
        verbose_name = _("rulebook")
        constraints = [
            models.UniqueConstraint(fields=("code", "version"), name="rulebook_rulebook_code_version"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    @property
    def rules(self) -> rules.Rulebook:
        """The pack as frozen objects; read once in a process, because a row never changes."""
        if self.pk not in READ:
            READ[self.pk] = reading.read(self.content)
        return READ[self.pk]

    @property
    def name(self) -> str:
        return wording.pick(self.content["name_zh"], self.content["name_en"])


class Holiday(InsertOnly):
    """A day that departs from the week: a weekday off, or a weekend day worked (R8.2)."""

    day = models.DateField(unique=True)
    kind = models.CharField(max_length=4)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("day",)
        verbose_name = _("holiday")
        constraints = [one_of("kind", rules.HolidayKind)]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class Region(models.Model):
    """An administrative division with its six-digit code (GB/T 2260), and one house code for places abroad."""

    code = models.CharField(max_length=6, primary_key=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")

    class Meta:
        ordering = ("code",)
        verbose_name = _("region")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return wording.pick(self.name_zh, self.name_en)
