"""The emission-factor library: a factor is a series, its versions are the published figures."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from neutrality import fields
from neutrality.appendonly import InsertOnly
from neutrality.constraints import not_negative, one_of
from neutrality.inventory import rules
from neutrality.wording import pick


class Publication(models.Model):
    """A source of factors: who published it, under which licence, and the words to credit it with."""

    code = models.CharField(max_length=32, unique=True)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    licence = models.CharField(max_length=200)
    attribution = models.CharField(max_length=300)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return pick(self.title_zh, self.title_en)


class Factor(models.Model):
    """One series: the same quantity in its editions (Sichuan's grid in 2021, 2022, 2023)."""

    code = models.CharField(max_length=100, unique=True)
    category = models.CharField(max_length=32)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    region = models.CharField(max_length=32)
    unit = models.CharField(max_length=20)  # kg CO2e per one of these
    search = SearchVectorField()

    class Meta:
        ordering = ["code"]
        constraints = [one_of("category", rules.Category), one_of("unit", rules.UNITS)]
        indexes = [GinIndex(fields=["search"], name="inventory_factor_search")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self.name_zh, self.name_en)


class FactorVersion(InsertOnly):
    """One published figure of a factor: dated, sourced, never changed. `code` names it for ever."""

    factor = models.ForeignKey(Factor, models.PROTECT, related_name="versions")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="versions")
    code = models.CharField(max_length=100, unique=True)
    year = models.PositiveSmallIntegerField()  # the year the figure describes
    value = fields.FactorField()  # kg CO2e per unit
    gases = models.JSONField(default=dict)  # {"CO2": "2.1", ...} in kg of gas, amounts as text
    gwp_set = models.CharField(max_length=8)
    scope = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=12)
    low_percent = fields.QuantityField(null=True)  # 95 % interval, as published
    high_percent = fields.QuantityField(null=True)
    tier = models.CharField(max_length=1)
    preset = models.CharField(max_length=12, blank=True)
    best_before = models.DateField(null=True)
    source = models.CharField(max_length=300)
    source_year = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-year", "-source_year", "code"]
        constraints = [
            not_negative("value"),
            one_of("gwp_set", rules.GwpSet),
            one_of("scope", (1, 2, 3)),
            one_of("basis", rules.Basis),
            one_of("tier", rules.Grade),
        ]

    def __str__(self) -> str:
        return f"{self.factor.name} · {self.year}"

    @property
    def facts(self) -> rules.Factor:
        """The same figure for the pure rules."""
        return rules.Factor(
            code=self.code,
            series=self.factor.code,
            category=rules.Category(self.factor.category),
            value=self.value,
            unit=self.factor.unit,
            scope=self.scope,
            basis=rules.Basis(self.basis),
            gwp_set=rules.GwpSet(self.gwp_set),
            grade=rules.Grade(self.tier),
            low_percent=self.low_percent,
            high_percent=self.high_percent,
            source=f"{self.source} ({self.source_year})",
            year=self.year,
            region=self.factor.region,
        )


class Gwp(models.Model):
    """How much one kilogram of a gas warms over a hundred years, against carbon dioxide (R1.46)."""

    gas = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=100, blank=True)
    ar4 = fields.QuantityField(null=True)
    ar5 = fields.QuantityField(null=True)
    ar6 = fields.QuantityField(null=True)
    source = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["gas"]

    def __str__(self) -> str:
        return self.gas
