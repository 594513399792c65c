"""What a registry operator fills in."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from neutrality.inputs import DayField
from neutrality.keys import new_key
from neutrality.offsets import geography, words
from neutrality.offsets.forms.fields import UnitsField, loss_field, verified_organization
from neutrality.offsets.models import Project, UnitKind
from neutrality.offsets.models.cancellations import VoidReason
from neutrality.offsets.models.compensations import CaseKind
from neutrality.offsets.rules.details import joined
from neutrality.rulebook import queries as rulebooks


def refuse_backwards(form: forms.BaseForm, found: dict[str, Any], first: str, last: str) -> None:
    """An error at the last day of a period that ends before it begins."""
    if found.get(first) and found.get(last) and found[last] < found[first]:
        form.add_error(last, _("The last day cannot lie before the first."))


class BlockForm(forms.Form):
    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=new_key)
    kind = forms.ModelChoiceField(
        label=_("Kind of unit"),
        queryset=UnitKind.objects.none(),
        to_field_name="code",
        empty_label=_("Choose one"),
    )
    project = forms.ModelChoiceField(
        label=_("Project"),
        queryset=Project.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("None"),
        help_text=_("Allowances have none."),
    )
    serial = forms.CharField(
        label=_("Serial numbers or record id"),
        max_length=200,
        help_text=_("As the registry prints them. Where it prints none: the id of its record or ticket."),
    )
    quantity = UnitsField(label=_("Units"), help_text=_("Must equal the run of the serial numbers."))
    vintage_start = DayField(label=_("Vintage: first day"))
    vintage_end = DayField(label=_("Vintage: last day"))
    owner = forms.CharField(label=_("Unified social credit code of the owner"), max_length=40)
    issued_on = DayField(label=_("Day of issue"))
    labels = forms.CharField(
        label=_("Labels of the registry"),
        max_length=200,
        required=False,
        help_text=_("Such as corresponding adjustment, CORSIA, CCB; with commas between."),
    )

    def __init__(self, *args: Any, registries: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kinds = UnitKind.objects.filter(registry__in=registries).select_related("registry")
        self.fields["kind"].queryset = kinds
        self.fields["kind"].label_from_instance = lambda kind: f"{kind.name} · {kind.registry.name}"
        self.fields["project"].queryset = Project.objects.filter(registry__in=registries).order_by("code")
        self.fields["project"].label_from_instance = lambda project: f"{project.identifier} · {project.name}"

    def clean_owner(self) -> Organization:
        return verified_organization(self.cleaned_data["owner"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        refuse_backwards(self, found, "vintage_start", "vintage_end")
        kind = found.get("kind")
        if kind and kind.family != "allowance" and "project" in found and not found["project"]:
            self.add_error("project", _("Choose the project these units come from."))
        return found


class ProjectForm(forms.ModelForm):
    class Meta:
        model = Project
        fields = (
            "registry",
            "identifier",
            "name_zh",
            "name_en",
            "country",
            "region_code",
            "place_name",
            "sector",
            "methodology",
            "developer",
            "verifier",
            "crediting_start",
            "crediting_end",
            "labels",
            "forestry",
            "formerly_poor_area",
        )
        labels = {
            "registry": _("Registry"),
            "identifier": _("Project id in the registry"),
            **words.AMENDED,
        }

    def __init__(self, *args: Any, registries: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["registry"].queryset = registries
        self.fields["registry"].empty_label = _("Choose one")
        self.fields["country"].required = True
        self.fields["country"].help_text = _("Two letters, such as CN.")
        self.fields["labels"].help_text = _("Such as corresponding adjustment, CORSIA, CCB; with semicolons between.")
        self.fields["crediting_start"] = DayField(label=_("Crediting period: first day"), required=False)
        self.fields["crediting_end"] = DayField(label=_("Crediting period: last day"), required=False)
        choices = [("", _("Not in China, or not known"))] + [(row.code, row.name) for row in rulebooks.provinces()]
        self.fields["region_code"] = forms.ChoiceField(label=_("Province"), choices=choices, required=False)

    def clean_country(self) -> str:
        country = self.cleaned_data["country"].strip().upper()
        if len(country) != 2 or not (country.isascii() and country.isalpha()):
            raise forms.ValidationError(_("Enter two letters, such as CN."), code="country")
        return country

    def clean_labels(self) -> str:
        return joined(filter(None, (label.strip() for label in re.split("[;；]", self.cleaned_data["labels"]))))

    def _get_validation_exclusions(self) -> set[str]:
        """Whether the id is known is the operation's to say, beside its field and in the house's words."""
        return super()._get_validation_exclusions() | {"identifier"}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        refuse_backwards(self, found, "crediting_start", "crediting_end")
        if not found.get("name_zh") and not found.get("name_en"):
            self.add_error("name_zh", _("Enter the project's name in at least one language."))
        return found


class AmendProjectForm(ProjectForm):
    """A correction of what is written; registry and id tell the project and stay."""

    reason = forms.CharField(
        label=_("Reason for the correction"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Printed on the page of the project, with what stood there before."),
    )
    wording = forms.CharField(max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, registries: Any, **kwargs: Any):
        super().__init__(*args, registries=registries, **kwargs)
        del self.fields["registry"], self.fields["identifier"]
        stands = self.initial.get("region_code", "")
        field = self.fields["region_code"]
        if stands not in dict(field.choices):  # a division below a province stays as it is
            field.choices = [*field.choices, (stands, f"{geography.province(stands)} ({stands})")]


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("The registry's file"),
        help_text=_(
            "CSV or XLSX in the registry's own columns, up to 400 MB: Verra, Gold Standard, ACR, CAR, ART TREES, "
            "Cercarbono, Isometric, CARB, the Berkeley database, or the plain table for registries without an export."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )


class CompensateForm(forms.Form):
    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=new_key)
    owner = forms.CharField(label=_("Unified social credit code of the owner"), max_length=40)
    case_number = forms.CharField(label=_("Case number or number of the agreement"), max_length=80)
    case_kind = forms.ChoiceField(label=_("Kind of case"), choices=CaseKind.choices)
    authority = forms.CharField(label=_("Court or authority"), max_length=160)
    party = forms.CharField(label=_("Party, masked"), max_length=80, help_text=_("Such as 张某."))
    method = forms.CharField(label=_("Method of the loss"), max_length=200)
    lost_t = loss_field(label=_("Loss"), help_text=_("Decimals are allowed; the units are rounded up."))
    decided_on = DayField(label=_("Day of the decision"))

    def clean_owner(self) -> Organization:
        return verified_organization(self.cleaned_data["owner"])


class VoidForm(forms.Form):
    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=new_key)
    serial_first = UnitsField(label=_("First number found false"), unit="")
    serial_last = UnitsField(label=_("Last number found false"), unit="")
    reason = forms.ChoiceField(label=_("What happened"), choices=VoidReason.choices)
    explanation = forms.CharField(
        label=_("Explanation"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Printed on the page of the block and of every claim that used it."),
    )
    found_on = DayField(label=_("Date of the registry's notice"))
    evidence = forms.FileField(
        label=_("The registry's notice"), help_text=_("PDF, JPG, PNG, XLSX or CSV, up to 25 MiB.")
    )
