"""Forms of the offsets room: input becomes typed values, nothing is saved here."""

from neutrality.offsets.forms.browsing import BrowseForm, SerialForm
from neutrality.offsets.forms.holding import AskForm, DonateForm, HandoverForm, OfferForm, RetireForm
from neutrality.offsets.forms.proving import DecideForm, ProofForm
from neutrality.offsets.forms.running import BlockForm, FileForm, ProjectForm, VoidForm

__all__ = [
    "AskForm",
    "BlockForm",
    "BrowseForm",
    "DecideForm",
    "DonateForm",
    "FileForm",
    "HandoverForm",
    "OfferForm",
    "ProjectForm",
    "ProofForm",
    "RetireForm",
    "SerialForm",
    "VoidForm",
]
