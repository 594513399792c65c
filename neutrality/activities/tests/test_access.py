import pytest
from django.core.exceptions import PermissionDenied

from accounts.access import Hidden
from accounts.rules import Permission
from neutrality.activities import access
from neutrality.activities.tests.factories import make_activity

pytestmark = pytest.mark.django_db
EDIT = Permission.EDIT_ACTIVITY


@pytest.mark.parametrize("state", ["draft", "committed", "cancelled"])
@pytest.mark.parametrize("may", [None, EDIT])
def test_an_unknown_code_is_hidden(cast, state, may):
    make_activity(state=state)
    with pytest.raises(Hidden):
        access.activity(cast.organizer, "2222-2222", may)


@pytest.mark.parametrize("who", ["organizer", "colleague"])
def test_members_read_drafts(cast, who):
    activity = make_activity(organization=cast.home)
    assert access.activity(getattr(cast, who), activity.code) == activity


@pytest.mark.parametrize("who", ["stranger", "regulator", "evaluator", "citizen", "anonymous"])
@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_what_was_never_published_is_hidden_from_others(cast, who, state):
    activity = make_activity(organization=cast.home, state=state)
    with pytest.raises(Hidden):
        access.activity(getattr(cast, who), activity.code)


@pytest.mark.parametrize("who", ["organizer", "colleague", "stranger", "regulator", "citizen", "anonymous"])
def test_everybody_reads_what_was_published(cast, who):
    activity = make_activity(organization=cast.home, state="committed")
    assert access.activity(getattr(cast, who), activity.code) == activity


def test_a_published_activity_stays_readable_when_cancelled(cast):
    activity = make_activity(organization=cast.home, state="committed")
    activity.state, activity.cancelled_at, activity.cancelled_by = "cancelled", activity.committed_at, cast.organizer
    activity.save()
    assert access.activity(cast.anonymous, activity.code) == activity


@pytest.mark.parametrize("state", ["draft", "committed"])
def test_acting_needs_the_role(cast, state):
    activity = make_activity(organization=cast.home, state=state)
    assert access.activity(cast.organizer, activity.code, EDIT) == activity
    with pytest.raises(PermissionDenied):
        access.activity(cast.colleague, activity.code, EDIT)
    for who in (cast.stranger, cast.regulator, cast.citizen, cast.anonymous):
        with pytest.raises(Hidden):
            access.activity(who, activity.code, EDIT)
