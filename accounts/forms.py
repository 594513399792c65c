"""What people type about themselves and their organizations, turned into typed values."""

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import rules, words
from accounts.models import Organization, User
from accounts.rules import Kind, NotUscc, Scope
from neutrality.printing.forms import PrintedNames
from neutrality.rulebook import queries as places
from neutrality.rulebook.models import Region


class SignupForm(forms.Form):
    """What allauth's sign-up asks on top: a name."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Colleagues and officers see it; public pages do not."),
    )
    field_order = ["name", "email", "password1", "password2"]

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.language = get_language() or ""
        user.save(update_fields=["name", "language"])


class ProfileForm(forms.ModelForm):
    """Name, and the language letters are written in."""

    language = forms.ChoiceField(label=_("Language of letters to you"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ["name", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True


def explained(names, meanings, choices):
    """Choices whose labels say what each means."""
    return [
        (str(choice), format_html("<span><strong>{}</strong> {}</span>", names[choice], meanings[choice]))
        for choice in choices
    ]


class SeatField(forms.CharField):
    """A division, by code or name in either language; yields the six-digit code."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return ""
        found = places.places(text)
        if not found:
            raise forms.ValidationError(
                _("No city or county of this name is known. Write it in full, such as 成都市, or as a six-digit code."),
                code="unknown_place",
            )
        if len(found) > 1:
            several = "; ".join(f"{region.name} {region.code}" for region in found)
            raise forms.ValidationError(
                _("Several places are called so: %(several)s. Write the code of the one you mean."),
                code="several_places",
                params={"several": several},
            )
        return found[0].code


class DetailsForm(PrintedNames, forms.ModelForm):
    """What may be corrected later."""

    printed = ("name_zh", "name_en")

    seat = SeatField(
        label=_("Seat"),
        max_length=60,
        help_text=_("City or county, by name or six-digit code. The regulator of this area verifies the organization."),
    )
    field_order = ["code", "name_zh", "name_en", "kind", "seat", "about"]

    class Meta:
        model = Organization
        fields = ["name_zh", "name_en", "about"]
        help_texts = {
            "name_zh": _("As on the business licence or the certificate of registration."),
            "name_en": _("Shown to readers of English; the Chinese name where this is empty."),
            "about": _("One or two sentences for the public page."),
        }
        widgets = {"about": forms.Textarea(attrs={"rows": 3})}

    def facts(self):
        """The keywords of `operations.register` and `operations.edit`."""
        given = self.cleaned_data
        return {name: given[name] for name in ("name_zh", "name_en", "about")} | {"region_code": given["seat"]}


class RegisterForm(DetailsForm):
    """A new organization. The seat may be left out: the code names the place of registration."""

    code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=60,
        help_text=_(
            "18 signs, on the business licence; spaces and small letters do no harm. Example: 91510100MA60000320"
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        label=_("What the organization does here"),
        choices=lambda: explained(words.KINDS, words.KIND_MEANINGS, Kind),
        widget=forms.RadioSelect,
        initial=Kind.ORGANIZER,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seat"].required = False
        self.fields["seat"].help_text = _(
            "City or county, by name or six-digit code; leave it empty when it is the place named in the code."
        )

    def clean_code(self):
        try:
            return rules.read_uscc(self.cleaned_data["code"]).code
        except NotUscc as error:
            raise forms.ValidationError([str(problem) for problem in words.uscc_problems(error)]) from error

    def clean(self):
        given = super().clean()
        if given.get("code") and not given.get("seat") and "seat" not in self.errors:
            region = given["code"][2:8]
            if Region.objects.filter(code=region).exists():
                given["seat"] = region
            else:
                self.add_error("seat", _("The place named in the code is not in today's list; enter the seat."))
        return given


class InviteForm(forms.Form):
    """To whom, in which role."""

    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("The invitation opens only for somebody who proves to hold this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = explained(words.ROLES, words.ROLE_MEANINGS, roles)
        self.fields["role"].initial = roles[-1]


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = explained(words.ROLES, words.ROLE_MEANINGS, roles)


class DeclineForm(forms.Form):
    """Why an organization cannot be verified."""

    reason = forms.CharField(
        label=_("What keeps you from verifying it"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Its members read this and can correct the details."),
    )


class KeyForm(forms.Form):
    """What a key is for, how far it reaches, how long it lasts. The hidden id makes a double click one key."""

    public_id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("What the key is for"),
        max_length=60,
        error_messages={"required": _("Write what the key is for, so that keys can be told apart.")},
        help_text=_("Such as “booking system of the hotel”: whoever looks after the keys then knows which is which."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What the key may do"),
        choices=[(scope.value, words.SCOPES[scope]) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing the key may do.")},
    )
    days = forms.TypedChoiceField(
        label=_("How long it lasts"),
        choices=[(str(days), words.KEY_DAYS[days]) for days in rules.KEY_DAYS],
        coerce=int,
        initial="90",
        widget=forms.RadioSelect,
    )
