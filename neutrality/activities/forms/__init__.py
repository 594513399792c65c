"""What people type about activities and measures, turned into typed values. Nothing here saves."""

from neutrality.activities.forms.changes import AmendForm, CancelForm, PeopleForm
from neutrality.activities.forms.drafts import BoundaryForm, CopyForm, PlaceForm, PromiseForm, RegisterForm, WhatForm
from neutrality.activities.forms.measures import MeasureForm, NewMeasureForm, ReportForm

__all__ = [
    "AmendForm",
    "BoundaryForm",
    "CancelForm",
    "CopyForm",
    "MeasureForm",
    "NewMeasureForm",
    "PeopleForm",
    "PlaceForm",
    "PromiseForm",
    "RegisterForm",
    "ReportForm",
    "WhatForm",
]
