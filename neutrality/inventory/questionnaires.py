"""Forms of a survey: what the organizer sets, and the questions on the phone."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from neutrality.inputs import AmountField, DayField
from neutrality.inventory import trips, words
from neutrality.inventory.models import Survey
from neutrality.inventory.operations import surveys as operations
from neutrality.inventory.rules import survey as polling
from neutrality.inventory.rules import travel
from neutrality.inventory.rules.places import Place, great_circle_km
from neutrality.quantities import NotANumber, read_decimal
from neutrality.wording import pick

MOST_PEOPLE = 5_000_000
ONE_GROUP = ("全体参与者", "All participants")
# Short ways first, then long ones: an order that praises nothing.
MODES = (
    travel.Mode.OWN_LEGS,
    travel.Mode.BUS,
    travel.Mode.METRO,
    travel.Mode.TAXI,
    travel.Mode.CAR,
    travel.Mode.ELECTRIC_CAR,
    travel.Mode.COACH,
    travel.Mode.TRAIN,
    travel.Mode.HIGH_SPEED_RAIL,
    travel.Mode.PLANE,
)
BASIS_CHOICES = [(basis.value, name) for basis, name in words.HEADCOUNT_BASES.items()]


class Amount(AmountField):
    """A number between two bounds, typed on a phone."""

    default_error_messages = {"beyond": _("Write a number from %(least)s to %(most)s.")}

    def __init__(self, *, most: Decimal, places: int = 0, least: int = 0, **kwargs: Any):
        super().__init__(places=places, inputmode="decimal" if places else "numeric", **kwargs)
        self.most, self.least = most, least

    def clean(self, value: Any) -> Decimal | None:
        number = super().clean(value)
        if number is not None and not self.least <= number <= self.most:
            bounds = {"least": self.least, "most": self.most}
            raise ValidationError(self.error_messages["beyond"] % bounds, code="beyond")
        return number


def _groups(text: str) -> list[tuple[str, str, int]]:
    """Lines such as “Athletes 运动员 : 3200”; raises ValidationError naming every line that is none."""
    found, wrong = [], []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, _colon, number = line.replace("：", ":").rpartition(":")
        try:
            people = int(read_decimal(number, places=0))
        except NotANumber:
            people = 0
        zh, _slash, en = (part.strip() for part in name.partition("/"))
        if not zh or not 0 < people <= MOST_PEOPLE or len(zh) > 40 or len(en) > 60:
            wrong.append(line[:40])
        found.append((zh, en, people))
    if wrong:
        said = _("“%(line)s” is no group: write its name, a colon and the number of people, such as 运动员 : 3200.")
        raise ValidationError([ValidationError(said % {"line": line}) for line in wrong])
    if len(found) > operations.MOST_GROUPS:
        raise ValidationError(_("At most %(most)s groups.") % {"most": operations.MOST_GROUPS})
    return found


class OpenForm(forms.Form):
    """What the organizer decides before anybody is asked."""

    venue = forms.CharField(label=_("City of the activity"), max_length=60)
    people = Amount(
        label=_("People who take part, all together"),
        most=Decimal(MOST_PEOPLE),
        least=1,
        help_text=_("The whole that the answers stand for. You can state it anew when it is known better."),
    )
    basis = forms.ChoiceField(label=_("This number is"), choices=BASIS_CHOICES)
    groups = forms.CharField(
        label=_("Groups, if they travel differently"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, with the people of each: 运动员 / Athletes : 3200. Leave blank for one group."),
    )
    lodging = forms.BooleanField(label=_("Ask for nights in hotels"), required=False, initial=True)
    meals = forms.BooleanField(
        label=_("Ask for meals (not where you know them from the caterer)"), required=False, initial=False
    )
    closes_on = DayField(label=_("Last day for answers"))

    def clean_venue(self) -> Place:
        return place(self.cleaned_data["venue"])

    def clean_groups(self) -> list[tuple[str, str, int]]:
        return _groups(self.cleaned_data["groups"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        groups, people = data.get("groups"), data.get("people")
        if groups and people is not None and sum(group[2] for group in groups) != people:
            said = _("The groups add up to %(sum)s people, all together are %(people)s. Make them agree.")
            self.add_error("groups", said % {"sum": sum(group[2] for group in groups), "people": people})
        data["groups"] = groups or [(*ONE_GROUP, int(people or 0))]
        return data


class PeopleForm(forms.Form):
    """How many people each group really has."""

    basis = forms.ChoiceField(label=_("These numbers are"), choices=BASIS_CHOICES)

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any):
        super().__init__(*args, **kwargs)
        stated = operations.populations(survey)
        for group in survey.groups.all():
            field = Amount(label=str(group), most=Decimal(MOST_PEOPLE), least=1, initial=stated[group.number])
            self.fields[f"people{group.number}"] = field
        self.order_fields([name for name in self.fields if name != "basis"])

    @property
    def people(self) -> list[int]:
        return [int(value) for name, value in self.cleaned_data.items() if name != "basis"]


def place(text: str) -> Place:
    """The one place a text means; raises ValidationError that says what to write instead."""
    found = trips.gazetteer().find(text)
    if len(found) == 1:
        return found[0]
    if found:
        names = pick("或", " or ").join(pick(one.name_zh, one.name_en) for one in found[:6])
        raise ValidationError(_("This can be %(names)s. Write which one.") % {"names": names})
    if trips.gazetteer().is_province(text):
        raise ValidationError(_("This is a province. Write the city."))
    raise ValidationError(_("We do not know this place. Write a larger city nearby, or give the kilometres."))


class AnswerForm(forms.Form):
    """The questions, eight at most. Nobody is asked for a name."""

    key = forms.CharField(max_length=36, widget=forms.HiddenInput)
    group = forms.ChoiceField(label=_("You are here as"), widget=forms.RadioSelect)
    people = Amount(
        label=_("How many people travel together, you included?"),
        most=Decimal(polling.MOST_PARTY),
        least=1,
        initial="1",
        help_text=_("Your answers then count for all of them, and only one of you answers."),
    )
    origin = forms.CharField(label=_("Which city do you come from?"), max_length=60, help_text=_("The city is enough."))
    km = Amount(
        label=_("How many kilometres one way, if you know?"),
        places=1,
        most=polling.MOST_KM,
        required=False,
        help_text=_("Needed only if you come from the same city as the activity, or if we do not know the place."),
    )
    there = forms.ChoiceField(label=_("How do you come?"), help_text=_("The longest part of the way counts."))
    back = forms.ChoiceField(label=_("How do you go back?"), required=False)
    sharing = Amount(label=_("If by car: how many people are in it?"), most=Decimal(60), least=1, required=False)
    nights = Amount(
        label=_("How many nights do you sleep in a hotel or guesthouse for this?"),
        most=Decimal(polling.MOST_PARTY),
        help_text=_("0 if none."),
    )
    rooms = Amount(
        label=_("In how many rooms, all of you together?"),
        most=Decimal(polling.MOST_PARTY),
        required=False,
        help_text=_("Needed only if you stay overnight."),
    )
    meals = Amount(
        label=_("How many meals do you eat here, all of you together?"),
        most=polling.MOST_MEALS,
        help_text=_("0 if none."),
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.survey = survey
        groups = [(str(group.number), str(group)) for group in survey.groups.all()]
        self.fields["group"].choices = groups
        if len(groups) == 1:
            del self.fields["group"]
        ways = [(mode.value, words.MODES[mode]) for mode in MODES]
        self.fields["there"].choices = [("", _("Choose")), *ways]
        self.fields["back"].choices = [("", _("The same way")), *ways]
        for name, asked in (
            ("nights", survey.asks_lodging),
            ("rooms", survey.asks_lodging),
            ("meals", survey.asks_meals),
        ):
            if not asked:
                del self.fields[name]

    def clean_origin(self) -> Place | None:
        text = self.cleaned_data["origin"].strip()
        try:
            return place(text)
        except ValidationError:
            if (self.data.get("km") or "").strip():
                return None  # the kilometres say it
            raise

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._distance(data)
        self._over_sea(data)
        if data.get("nights") and not data.get("rooms") and "rooms" not in self.errors:
            self.add_error("rooms", _("Say how many rooms, for rooms are counted, not guests."))
        return data

    def _over_sea(self, data: dict[str, Any]) -> None:
        """Nobody drives over the sea; how they came is asked, not guessed."""
        origin, venue = data.get("origin"), trips.gazetteer().find(self.survey.venue)
        for name in ("there", "back"):
            mode = data.get(name)
            if origin and mode and travel.doubt(origin, venue[0], travel.Mode(mode)) == travel.OVER_SEA:
                self.add_error(name, words.FAULTS[travel.OVER_SEA] % {"mode": words.MODES[travel.Mode(mode)]})

    def _distance(self, data: dict[str, Any]) -> None:
        """A city or kilometres; within the city of the activity, kilometres."""
        origin, km = data.get("origin"), data.get("km")
        if origin is None or km is not None or {"origin", "km"} & set(self.errors):
            return
        if origin.name_zh == self.survey.venue or origin.name_en == self.survey.venue:
            self.add_error("km", _("You come from the same city: about how many kilometres one way?"))

    @property
    def answer(self) -> polling.Answer:
        """What was said, for the operation."""
        data = self.cleaned_data
        origin: Place | None = data["origin"]
        stated = data["km"] is not None
        nights, rooms = data.get("nights"), data.get("rooms") or Decimal(0)
        return polling.Answer(
            group=int(data.get("group") or self.survey.groups.get().number),
            people=int(data["people"]),
            origin=(origin.name_zh or origin.name_en) if origin else "",
            domestic=origin.domestic if origin else self.survey.venue_domestic,
            km=data["km"] if stated else great_circle_km(origin, place(self.survey.venue)),
            stated=stated,
            there=travel.Mode(data["there"]),
            back=travel.Mode(data["back"] or data["there"]),
            sharing=int(data["sharing"]) if data["sharing"] is not None else None,
            room_nights=nights * rooms if nights is not None else None,
            meals=data.get("meals"),
        )
