"""Forms of the planting room: input becomes typed values, nothing is saved here."""

from neutrality.planting.forms.land import LandForm
from neutrality.planting.forms.planting import CallOffForm, CommitForm
from neutrality.planting.forms.surveys import SurveyForm, VerifyForm

__all__ = ["CallOffForm", "CommitForm", "LandForm", "SurveyForm", "VerifyForm"]
