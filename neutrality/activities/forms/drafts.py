"""The sections of a draft, and the copy of an earlier activity."""

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from neutrality.activities import queries, rules, words
from neutrality.activities.forms.shared import CHOOSE, DATE, MONTH, UNSURE, WRITE, DraftForm, KeyedForm
from neutrality.activities.inputs import CountField, PlaceField, path
from neutrality.activities.models import Activity
from neutrality.inputs import AmountField, DayField, MonthField
from neutrality.printing.forms import PrintedNames
from neutrality.rulebook import queries as rulebooks
from neutrality.rulebook.models import Rulebook
from neutrality.rulebook.rules import FORM_OF, Eligibility, Form, applies
from neutrality.wording import pick


class WhatForm(PrintedNames):
    """Section 1: what it is, when and where. Enough to keep a draft."""

    printed = ("name_zh", "name_en")

    kind = forms.ChoiceField(label=_("What kind is it?"), error_messages=CHOOSE)
    name_zh = forms.CharField(
        label=_("Name in Chinese"), max_length=120, help_text=_("As the public knows it."), error_messages=WRITE
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    starts_on: Any = DayField(label=_("First day"), error_messages=DATE)
    ends_on: Any = DayField(label=_("Last day"), help_text=_("The deadlines count from this day."), error_messages=DATE)
    region_code = PlaceField(
        label=_("In which city or county?"),
        max_length=60,
        error_messages=WRITE,
        help_text=_("Such as 成都市, 北京市朝阳区 or 510100. It decides the rulebook and who looks after it."),
    )
    region_choice = forms.ChoiceField(label=_("Which of these places?"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, form: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.form = form
        kinds = [kind for kind in words.KIND if FORM_OF[kind] == form]
        self.fields["kind"].choices = [UNSURE, *((kind.value, words.KIND[kind]) for kind in kinds)]
        if form == Form.OPERATION:
            self.fields["starts_on"] = MonthField(label=_("First month"), error_messages=MONTH)
            self.fields["ends_on"] = MonthField(
                label=_("Last month"),
                help_text=_("Usually December. The deadlines count from its last day."),
                error_messages=MONTH,
            )
        self._offer_places()

    def _offer_places(self) -> None:
        """Where the name fits several places, they are offered; otherwise the question is not asked."""
        found = rulebooks.places(self.data.get(self.add_prefix("region_code"), "")) if self.is_bound else []
        if len(found) > 1:
            self.fields["region_choice"].choices = [(region.code, path(region.code)) for region in found]
        else:
            del self.fields["region_choice"]

    def clean_ends_on(self) -> date | None:
        day: date | None = self.cleaned_data["ends_on"]
        return rules.last_day(day) if day and self.form == Form.OPERATION else day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = cleaned.pop("region_choice", "")
        if chosen and self.errors.get("region_code"):
            del self.errors["region_code"]
            cleaned["region_code"] = chosen
        if cleaned.get("starts_on") and cleaned.get("ends_on"):
            for fault in rules.day_faults(self.form, cleaned["starts_on"], cleaned["ends_on"]):
                self.add_error(rules.FAULT_FIELD[fault], words.FAULT[fault])
        return cleaned


class RegisterForm(KeyedForm, WhatForm):
    """Section 1 of a new activity: also asks for which organization, where there are several."""

    organization = forms.ModelChoiceField(
        label=_("Which organization is responsible?"),
        queryset=Organization.objects.none(),
        to_field_name="code",
        error_messages=CHOOSE,
        empty_label=_("Choose one"),
    )
    field_order = ("organization", "kind")

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["organization"]
        field.queryset = organizations
        found = list(organizations[:2])
        if len(found) == 1:
            field.initial = found[0].code
            field.widget = forms.HiddenInput()


class PlaceForm(DraftForm):
    """Section 2: the place, the people, what it is about."""

    later = ("place_name", "expected_people", "summary")

    place_name = forms.CharField(
        label=_("Where exactly?"), max_length=120, required=False, help_text=_("The venue or the address.")
    )
    level = forms.ChoiceField(
        label=_("How far does it reach?"), required=False, choices=[UNSURE, *words.choices(words.LEVEL)]
    )
    expected_people = CountField(
        label=_("How many people do you expect on site?"),
        required=False,
        unit=_("people"),
        help_text=_("Participants, staff and audience; a good guess will do. It decides the class of size."),
    )
    online_people = CountField(label=_("And online?"), required=False, unit=_("people"))
    floor_area_m2 = AmountField(
        label=_("Floor area"),
        required=False,
        unit="m²",
        max_digits=12,
        places=2,
        help_text=_("For exhibitions, and for places that operate."),
    )
    summary = forms.CharField(
        label=_("What is it?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Two or three sentences. They are published with the plan."),
    )

    def clean_floor_area_m2(self) -> Any:
        area = self.cleaned_data["floor_area_m2"]
        if area is not None and area <= 0:
            raise forms.ValidationError(_("Enter an area above zero, or leave it blank."))
        return area


class BoundaryForm(forms.Form):
    """Section 3: the rulebook and the stages inside the boundary."""

    rulebook = forms.ModelChoiceField(
        label=_("By which rulebook will the claim be made?"),
        queryset=Rulebook.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        help_text=_("The first is proposed for your place. The rulebook and its version are printed with every claim."),
    )
    stages = forms.MultipleChoiceField(
        label=_("Which stages are inside the boundary?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("All of them is best. The holding stage, or the operating period, must always be inside."),
    )

    def __init__(self, *args: Any, activity: Activity, on: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        proposed = rulebooks.proposed(activity.region_code, activity.form, on)
        offered = {row.pk: row for row in [*proposed, activity.rulebook]}
        self.fields["rulebook"].queryset = Rulebook.objects.filter(pk__in=offered)
        self.fields["rulebook"].choices = [
            (row.pk, _rulebook_words(row, activity.region_code)) for row in offered.values()
        ]
        stages = activity.rulebook.rules.stages_of(activity.form)
        self.fields["stages"].choices = [(entry.code.value, pick(entry.name_zh, entry.name_en)) for entry in stages]


class PromiseForm(DraftForm):
    """Section 4: what is promised."""

    later = ("promised_on", "offset_families", "offset_method")

    promised_on = DayField(label=_("By which day do you expect to reach neutrality?"), required=False)
    offset_families = forms.MultipleChoiceField(
        label=_("Which kinds of units do you mean to use?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In the order of the rulebook. You can still decide otherwise later, with a reason."),
    )
    offset_method = forms.CharField(
        label=_("How will the remaining emissions be offset?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences for the public, such as: buy and cancel credits of Chengdu's scheme."),
    )
    disclose_on = DayField(
        label=_("By which day do you promise the statement?"),
        required=False,
        help_text=_("Only if you want to promise one."),
    )

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any):
        super().__init__(*args, **kwargs)
        latest = activity.forest_deadline
        self.fields["promised_on"].help_text = _("After the last day, and by %(units)s at the latest.") % {
            "units": activity.units_deadline
        }
        if latest:
            self.fields["promised_on"].help_text = _(
                "After the last day, and by %(units)s at the latest; with a new forest by %(forest)s."
            ) % {"units": activity.units_deadline, "forest": latest}
        self.fields["offset_families"].choices = [
            (family.code.value, _family_words(family)) for family in activity.rulebook.rules.unit_families
        ]
        self.activity = activity

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        facts = replace(
            queries.plan_facts(self.activity, None),
            promised_on=cleaned.get("promised_on"),
            disclose_on=cleaned.get("disclose_on"),
            offset_families=tuple(cleaned.get("offset_families", ())),
        )
        for gap in rules.promise_faults(facts):
            self.add_error(rules.PROMISE_FIELD[gap], words.GAP[gap])
        return cleaned


def _rulebook_words(row: Rulebook, region_code: str) -> Any:
    described = f"{row.name} ({pick(row.rules.issuer_zh, row.rules.issuer_en)})"
    if applies(row.jurisdiction, region_code):
        return described
    return _("%(rulebook)s – made for another place") % {"rulebook": described}


def _family_words(family: Any) -> Any:
    name = pick(family.name_zh, family.name_en)
    if family.eligibility == Eligibility.LISTED:
        return name
    if family.eligibility == Eligibility.NEEDS_RECOGNITION:
        return _("%(name)s (needs proof of recognition)") % {"name": name}
    return _("%(name)s (outside the recommended list)") % {"name": name}


class CopyForm(PrintedNames, KeyedForm):
    """A new activity from an earlier one: what comes along is ticked."""

    printed = ("name_zh", "name_en")

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120, error_messages=WRITE)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    starts_on: Any = DayField(label=_("First day"), error_messages=DATE)
    ends_on: Any = DayField(label=_("Last day"), error_messages=DATE)
    parts = forms.MultipleChoiceField(
        label=_("What should come along?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=words.choices(words.COPY_PART),
        help_text=_("Kind, reach, city and description always come along."),
    )

    def __init__(self, *args: Any, form: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.form = form
        if form == Form.OPERATION:
            self.fields["starts_on"] = MonthField(label=_("First month"), error_messages=MONTH)
            self.fields["ends_on"] = MonthField(label=_("Last month"), error_messages=MONTH)
        self.order_fields(["name_zh", "name_en", "starts_on", "ends_on", "parts", "key"])

    clean_ends_on = WhatForm.clean_ends_on
