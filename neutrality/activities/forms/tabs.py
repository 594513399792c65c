"""Two tabs, two people: a section sends back what it showed, so that only what was really changed is written.

Each field carries its value as shown in a hidden twin. `changes` compares the two; the operation refuses where somebody
else changed the same field meanwhile, and `refresh` lets the person decide with the new value known.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from neutrality.activities import rules
from neutrality.rulebook.rules import Form


def watch(form: forms.Form) -> forms.Form:
    """Let every question of `form` carry what it showed."""
    for field in form.fields.values():
        field.show_hidden_initial = True
    return form


def changes(form: forms.Form) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the person changed, and what they had seen of it; a field without its twin counts as changed."""
    changed: dict[str, Any] = {}
    seen: dict[str, Any] = {}
    for name, value in form.cleaned_data.items():
        if form[name].html_initial_name not in form.data:
            changed[name] = value
        elif name in form.changed_data:
            changed[name] = value
            seen |= _seen(form, name)
    return changed, seen


def _seen(form: forms.Form, name: str) -> dict[str, Any]:
    field, bound = form.fields[name], form[name]
    shown = field.hidden_widget().value_from_datadict(form.data, form.files, bound.html_initial_name)
    try:
        value = field.clean(shown)
    except ValidationError:
        return {}
    if name == "ends_on" and value and getattr(form, "form", "") == Form.OPERATION:
        value = rules.last_day(value)
    return {name: value}


def refresh(form: forms.Form, fresh: forms.Form) -> None:
    """Put the values of `fresh` into the twins of `form`: sent again, it replaces them knowingly."""
    data = form.data.copy()
    for name, field in form.fields.items():
        if name not in fresh.fields:
            continue
        value = fresh[name].value()
        if isinstance(value, list):
            data.setlist(form[name].html_initial_name, [str(part) for part in value])
        else:
            data[form[name].html_initial_name] = field.hidden_widget().format_value(value) or ""
    form.data = data
