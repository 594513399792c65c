"""One act is done once: a form sent twice, with other words, at the same moment; land that two people want."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from accounts.tests.factories import make_organization
from neutrality.planting import operations
from neutrality.planting.models import Planting, Plot
from neutrality.planting.tests.factories import make_forest_activity, make_survey, promise, square
from neutrality.planting.tests.test_operations import codes
from neutrality.refusals import Refusal

pytestmark = pytest.mark.django_db


def test_sent_twice_is_one_act():
    activity = make_forest_activity()
    facts = promise(key="same")
    first = operations.commit(activity=activity, by=activity.created_by, **facts)
    assert operations.commit(activity=activity, by=activity.created_by, **facts) == first
    assert (Planting.objects.count(), Plot.objects.count()) == (1, 1)


def test_a_form_changed_and_sent_again_is_no_first_act():
    """Going back, changing the promise and sending it again is said, not taken for the first sending."""
    activity = make_forest_activity()
    facts = promise(key="same")
    row = operations.commit(activity=activity, by=activity.created_by, **facts)
    with pytest.raises(Refusal) as caught:
        operations.commit(activity=activity, by=activity.created_by, **facts | {"promised_units": 999})
    assert codes(caught) == {"key_reused"}
    body = make_organization("evaluator")
    look = make_survey(row, body, key="s")
    assert make_survey(row, body, key="s") == look
    with pytest.raises(Refusal) as caught:
        make_survey(row, body, key="s", claimed="60")
    assert codes(caught) == {"key_reused"}


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_is_one_promise():
    activity, facts = make_forest_activity(), promise(key="same")

    def attempt(_place):
        try:
            return operations.commit(activity=activity, by=activity.created_by, **facts).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(attempt, range(4)))) == 1
    assert (Planting.objects.count(), Plot.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_share_the_same_ground():
    """Both saw free land; the second waits for the first and looks again."""
    text = square()
    jobs = [(make_forest_activity(), promise(text)) for _one in range(4)]

    def attempt(job):
        activity, facts = job
        try:
            operations.commit(activity=activity, by=activity.created_by, **facts)
            return "committed"
        except Refusal as refusal:
            return refusal.problems[0].code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, jobs)) == ["committed", "overlap", "overlap", "overlap"]
