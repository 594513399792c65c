"""The grid: rows of text with their errors and results, as the page shows them and as the browser sends them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from neutrality.evidence.models import File
from neutrality.inventory import asking, queries, reading, rules, words
from neutrality.inventory.models import FactorVersion, Inventory, Line
from neutrality.inventory.operations import new_line_key
from neutrality.quantities import NotANumber, read_decimal
from neutrality.wording import pick, unreadable

MOST_ROWS = 200  # of the page; larger inventories come as a workbook
MOST_FACTORS = 30
MOST_FILES = 50
PAGE_FIELDS = ("key", *rules.FIELDS)


@dataclass
class Row:
    """One row of the grid: what stands in its cells, what is wrong with them, what it comes to."""

    number: int
    texts: dict[str, str]
    errors: dict[str, list[Any]] = field(default_factory=dict)
    result: rules.Result | None = None
    factor_name: str = ""
    factor_value: Decimal | None = None
    factor_unit: str = ""

    @property
    def opened(self) -> bool:
        """Whether the second part of the row has something to show."""
        below = ("reason", "own_value", "own_source", "evidence", "tier", *rules.PORTION)
        needs = self.texts.get("treatment") in rules.NEEDS_REASON
        return needs or any(self.errors.get(name) or self.texts.get(name) for name in below)


@dataclass
class Section:
    """One source with its rows and what is proposed for them."""

    code: str
    name: str
    method: str
    scope: int
    rows: list[Row] = field(default_factory=list)
    kg: Decimal | None = None
    answered: bool = False
    ask: str = ""
    fallbacks: tuple[Any, ...] = ()

    @property
    def reusable(self) -> bool:
        """Whether what stands here may be divided by its uses."""
        return self.code in rules.portion.REUSED_SOURCES

    @property
    def with_cars(self) -> bool:
        """Whether cars that people share may stand here."""
        return self.code in rules.portion.CAR_SOURCES


def plain(value: Decimal | int | None) -> str:
    """A number as it stands in a cell: no trailing zeros, no exponent."""
    if value is None:
        return ""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def usual_tier(treatment: str) -> str:
    """The tier an answer stands for when nobody says otherwise."""
    return rules.TIER_OF[rules.Treatment(treatment)].value


def texts_of(line: Line) -> dict[str, str]:
    """A stored line as the texts of its cells: reading them again gives the same line."""
    return {
        "key": line.key,
        "source": line.source,
        "stage": line.stage,
        "treatment": line.treatment,
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit": words.unit(line.unit),
        "factor": line.factor_version.code if line.factor_version else "",
        "reason": line.reason,
        "tier": "" if line.treatment not in rules.COUNTED or line.tier == usual_tier(line.treatment) else line.tier,
        "own_value": plain(line.own_value),
        "own_unit": words.unit(line.own_unit),
        "own_source": line.own_source,
        "own_gwp": line.own_gwp,
        "evidence": line.evidence.digest if line.evidence else "",
        "uses": plain(line.uses),
        "reused_percent": plain(line.reused_percent),
        "uses_basis": line.uses_basis,
        "sharing": plain(line.sharing),
    }


def sent(data: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows a browser sent: cells are named r<number>-<field>."""
    count = data.get("rows", "0")
    number = int(count) if count.isascii() and count.isdigit() and len(count) < 5 else 0
    return [{name: data.get(f"r{n}-{name}", "") for name in PAGE_FIELDS} for n in range(1, min(number, MOST_ROWS) + 1)]


class Grid:
    """The page of a draft: sections by source, each row with errors and result."""

    def __init__(self, inventory: Inventory, rows: list[dict[str, str]], *, gwp_set: str = ""):
        self.inventory = inventory
        self.gwp_set = gwp_set or inventory.gwp_set
        self.choice = queries.grid(inventory.activity)
        self.questions = asking.of(inventory.activity)
        self.proposals = self._proposals()
        self.texts = self._with_proposals(rows)
        self.outcome = reading.read_rows(inventory, self.texts, gwp_set=self.gwp_set)
        self.rows = [Row(number, texts) for number, texts in enumerate(self.texts, start=1)]
        self._fill()

    # --- what is proposed

    def _proposals(self) -> dict[str, list[FactorVersion]]:
        lists = {source: question.factors for source, question in self.questions.items()}
        codes = {code for proposed in lists.values() for code in proposed}
        codes |= {self.choice.factor.code} if self.choice.factor else set()
        found = {v.code: v for v in FactorVersion.objects.select_related("factor").filter(code__in=codes)}
        proposals = {source: [found[code] for code in proposed if code in found] for source, proposed in lists.items()}
        if self.choice.factor:
            proposals["electricity"] = [found[self.choice.factor.code]]
        return proposals

    def _with_proposals(self, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        """The rows, and for every source without one a row that proposes unit and factor."""
        have = {row["source"] for row in rows}
        missing = [code for code in self.codes() if code not in have and code != rules.OTHER_SOURCE]
        order = {code: place for place, code in enumerate(self.codes())}
        found = rows + [self.fresh(code, 0) for code in missing]
        return sorted(found, key=lambda row: order.get(row["source"], len(order)))

    def fresh(self, source: str, nth: int) -> dict[str, str]:
        """A new row of a source, proposing its nth factor."""
        proposed = self.proposals.get(source, [])
        version = proposed[nth % len(proposed)] if proposed else None
        return dict.fromkeys(PAGE_FIELDS, "") | {
            "key": new_line_key(),
            "source": source,
            "stage": self._stage(source),
            "unit": words.unit(version.factor.unit) if version else "",
            "factor": version.code if version else "",
        }

    def _stage(self, source: str) -> str:
        """The stage in which a source usually occurs, as far as it lies inside the boundary."""
        stages = self.inventory.activity.stages
        usual = self.questions[source].stage if source in self.questions else ""
        return str(next((stage for stage in (usual, "holding") if stage in stages), stages[0]))

    def codes(self) -> list[str]:
        """Sources in the order in which they are asked."""
        sources = [source.code.value for source in self.inventory.rulebook.rules.sources]
        return [*asking.ordered(sources, self.questions), rules.OTHER_SOURCE]

    # --- what stands in the rows

    def _fill(self) -> None:
        results = {result.line.position: result for result in self.outcome.sheet.results}
        for fault in self.outcome.faults:
            row = self.rows[(fault.position or 1) - 1]
            row.errors.setdefault(fault.field, []).append(words.fault(fault))
        codes = {row.texts["factor"].split()[0] for row in self.rows if row.texts["factor"].strip()}
        versions = {v.code: v for v in FactorVersion.objects.select_related("factor").filter(code__in=codes)}
        for row in self.rows:
            row.result = results.get(row.number) if not row.errors else None
            version = versions.get(row.texts["factor"].strip())
            if version is not None:
                row.factor_name, row.factor_value = str(version), version.value
                row.factor_unit = words.unit(version.factor.unit)

    @property
    def sections(self) -> list[Section]:
        """One for every source of the rulebook, and one for what it does not name."""
        book = self.inventory.rulebook.rules
        found = {
            source.code.value: Section(
                code=source.code.value,
                name=pick(source.name_zh, source.name_en),
                method=pick(source.method_zh, source.method_en),
                scope=source.scope,
            )
            for source in book.sources
        }
        found[rules.OTHER_SOURCE] = Section(rules.OTHER_SOURCE, str(words.OTHER_SOURCE), "", 3)
        for row in self.rows:
            if row.texts["source"] in found:
                found[row.texts["source"]].rows.append(row)
        answered = {line.source for line in self.outcome.lines if line.treatment is not None}
        for section in found.values():
            section.kg = self.outcome.sheet.by_source.get(section.code)
            section.answered = section.code in answered
            section.ask = asking.words(self.questions.get(section.code))
        found["electricity"].fallbacks = tuple(words.FALLBACKS[code] for code in self.choice.fallbacks)
        return [found[code] for code in self.codes()]

    @property
    def problems(self) -> list[tuple[str, Any]]:
        """Every error with the id of its cell, in the order of the page."""
        book = self.inventory.rulebook.rules
        return [
            (f"r{row.number}-{name}", words.labelled(words.source(row.texts["source"], book), message))
            for row in self.rows
            for name, messages in row.errors.items()
            for message in messages
        ]

    @property
    def factors(self) -> list[tuple[str, list[FactorVersion]]]:
        """For every source the factors its list offers: what is proposed, then Chinese ones of its categories."""
        native = queries.native()
        lists = []
        for source in self.inventory.rulebook.rules.sources:
            code = source.code.value
            offered = list(self.proposals.get(code, []))
            if code == "electricity":
                offered += queries.national_grid()
            else:
                offered += [v for v in native if v.factor.category in {c.value for c in source.factor_categories}]
            lists.append((code, list(dict.fromkeys(offered))[:MOST_FACTORS]))
        return lists

    @property
    def files(self) -> list[File]:
        """Files of the organization that can stand as evidence, newest first, and those in use."""
        used = {row.texts["evidence"] for row in self.rows if row.texts["evidence"]}
        found = File.objects.filter(owner_code=self.inventory.activity.organization.code)
        return list(found[:MOST_FILES]) + list(found.filter(digest__in=used)[MOST_FILES:])

    @property
    def stages(self) -> list[tuple[str, object]]:
        return list(reading.stages(self.inventory).items())


TREATMENT_CHOICES = [("", _("Choose an answer")), *((code.value, name) for code, name in words.TREATMENTS.items())]
TIER_CHOICES = [("", _("As the answer says")), *((code.value, name) for code, name in words.TIERS.items())]
OWN_GWP_CHOICES = [(code.value, words.GWP_SETS[code]) for code in reversed(rules.GwpSet)]
GWP_CHOICES = [(code.value, words.GWP_SETS[code]) for code in rules.GWP_CHOICES]


class ReasonForm(forms.Form):
    """Why something is corrected."""

    reason = forms.CharField(
        label=_("What was wrong, or what is known now"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Readers see this beside the new version."),
    )


class CoverForm(forms.Form):
    """What units are bought for."""

    level = forms.ChoiceField(
        label=_("Buy units for"),
        widget=forms.RadioSelect,
        choices=[(code.value, name) for code, name in words.COVER_LEVELS.items()],
        error_messages={"required": _("Choose one of the two."), "invalid_choice": _("Choose one of the two.")},
    )
    reason = forms.CharField(
        label=_("Why less than before"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where the plan is published and the mean is chosen again; readers see it."),
    )


class WorkbookForm(forms.Form):
    """A filled workbook."""

    workbook = forms.FileField(
        label=_("Filled workbook"),
        help_text=_("The .xlsx you downloaded here, or a .csv with the same columns. At most 10 MiB."),
    )

    replace = forms.BooleanField(
        label=_("Replace the draft even if it was changed on the page meanwhile"), required=False
    )

    def clean_workbook(self) -> Any:
        upload = self.cleaned_data["workbook"]
        if upload.size > 10 * 1024 * 1024:
            raise ValidationError(_("The file is larger than 10 MiB. Remove pictures and other sheets."))
        return upload


class DepositForm(forms.Form):
    """One month of one meter."""

    month = forms.ChoiceField(label=_("Month"))
    source = forms.ChoiceField(label=_("Source"))
    label = forms.CharField(
        label=_("Meter or bill"), max_length=80, help_text=_("The same name every month, such as “Main building”.")
    )
    quantity = forms.CharField(
        label=_("Quantity"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    unit = forms.CharField(label=_("Unit"), max_length=20)
    file = forms.FileField(label=_("Bill or reading"), required=False, help_text=_("PDF, JPG, PNG, XLSX or CSV."))

    def __init__(self, *args: Any, months: list[tuple[str, str]], sources: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months
        self.fields["source"].choices = sources

    def clean_quantity(self) -> Decimal:
        try:
            return read_decimal(self.cleaned_data["quantity"])
        except NotANumber as wrong:
            raise ValidationError(unreadable(wrong)) from wrong

    def clean_unit(self) -> str:
        try:
            return rules.read_unit(self.cleaned_data["unit"])
        except rules.UnknownUnit as unknown:
            raise ValidationError(words.FAULTS["unit_unknown"] % {"written": str(unknown)[:40]}) from unknown

    def clean_label(self) -> str:
        return " ".join(self.cleaned_data["label"].split())


class FactorSearch(forms.Form):
    """Filters of the library."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    category = forms.ChoiceField(
        label=_("Category"),
        required=False,
        choices=[("", _("All categories")), *((code.value, name) for code, name in words.CATEGORIES.items())],
    )
    region = forms.ChoiceField(label=_("Region"), required=False)
    publication = forms.ChoiceField(label=_("Published by"), required=False)

    def __init__(self, *args: Any, regions: list[str], publications: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", _("All regions")), *((code, code) for code in regions)]
        self.fields["publication"].choices = [("", _("All publications")), *publications]
