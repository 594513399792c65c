"""Measures and the engine: changes stated, planned effects worked out and kept, a published promise left alone."""

from datetime import datetime
from decimal import Decimal as D

import pytest
from django.urls import reverse

from neutrality.activities.tests.factories import make_activity, make_measure
from neutrality.disclosure import operations as disclosure
from neutrality.inventory import operations, queries, rules
from neutrality.inventory.models import Change
from neutrality.inventory.rules import whatif
from neutrality.inventory.rules.whatif import Way
from neutrality.inventory.tests.factories import AT, load_library, make_draft, make_evidence, make_lines
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db
PLANE, RAIL = "cpcd.travel.air_domestic.pkm", "cpcd.travel.hsr.pkm"
EARLY = datetime(2026, 3, 2, 8, tzinfo=AT.tzinfo)


@pytest.fixture(scope="module", autouse=True)
def library(lasting):
    """Loaded once: its rows are only ever added."""
    load_library()


@pytest.fixture
def activity(cast):
    """A draft with an estimate in work: 100,000 kg at the weighbridge and 360,000 passenger-km by plane."""
    made = make_activity(organization=cast.home, created_by=cast.organizer)
    lines = make_lines(made, kg="100000", evidence_digest=make_evidence(made, cast.organizer))
    plane = queries.factors([PLANE])[PLANE]
    lines = [
        rules.Line(
            key="plane",
            position=line.position,
            source=line.source,
            stage=line.stage,
            treatment=rules.Treatment.ESTIMATED,
            quantity=D(360_000),
            unit="passenger_km",
            factor=plane,
        )
        if line.source == "participant_travel"
        else line
        for line in lines
    ]
    make_draft(made, "estimate", lines=lines)
    return made


def share(measure, percent="50", line="plane"):
    return whatif.Change(measure.number, line, Way.SHARE, percent=D(percent))


def move(measure, percent="50"):
    rail = queries.factors([RAIL])[RAIL]
    return whatif.Change(measure.number, "plane", Way.MOVE, percent=D(percent), factor=rail)


def state(measure, *changes, at=EARLY):
    return operations.state_changes(measure=measure, changes=changes, by=measure.created_by, at=at)


def planned(activity):
    return list(activity.measures.order_by("number").values_list("planned_kg", flat=True))


def test_the_engine_says_what_is_planned_and_an_overlap_counts_once(activity):
    one, two = make_measure(activity), make_measure(activity, title="改乘高铁")
    state(one, share(one))
    assert planned(activity) == [D(14_922), D(180)]
    found = state(two, move(two))
    assert planned(activity) == [D("12109.5"), D("8437.5")]
    assert found.spared_kg == D(20_547)
    entries = Entry.objects.filter(verb="inventory.state_changes").order_by("number")
    assert [entry.content["measure"] for entry in entries] == [1, 2]
    assert Entry.objects.filter(verb="activity.work_out_measure").count() == 3


def test_changes_of_a_measure_are_replaced_and_go_with_it(activity):
    measure = make_measure(activity)
    state(measure, share(measure), move(measure))
    state(measure, share(measure, "10"))
    assert Change.objects.get().percent == 10
    measure.delete()
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: share(m, "0"), "change_percent"),
        (lambda m: share(m, line="gone"), "change_no_line"),
        (lambda m: whatif.Change(m.number, "plane", Way.AMOUNT, amount=D(360_001)), "change_amount"),
        (lambda m: whatif.Change(m.number, "plane", Way.FACTOR), "factor_missing"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(activity, change, code):
    measure = make_measure(activity)
    with pytest.raises(operations.WrongChange) as refused:
        state(measure, share(measure, "10"), change(measure))
    assert [(problem.code, problem.row) for problem in refused.value.problems] == [(code, 2)]
    assert not Change.objects.exists()


def test_a_measure_that_adds_is_refused(activity):
    measure = make_measure(activity)
    heavy = max(rules_of("participant_travel"), key=lambda factor: factor.value)
    with pytest.raises(operations.Adds):
        state(measure, whatif.Change(measure.number, "plane", Way.MOVE, percent=D(10), factor=heavy))
    assert not Change.objects.exists()


def rules_of(category):
    versions = queries.FactorVersion.objects.select_related("factor").filter(factor__category=category)
    return [version.facts for version in versions if version.factor.unit == "passenger_km" and version.gwp_set == "AR5"]


def test_without_an_estimate_there_is_nothing_to_change(cast):
    measure = make_measure(make_activity(organization=cast.home))
    with pytest.raises(operations.NoEstimate):
        state(measure, share(measure))
    assert operations.work_out(activity=measure.activity, by=measure.created_by, at=EARLY) is None


def test_publishing_works_out_anew_and_then_the_promise_stands(activity):
    one = make_measure(activity)
    state(one, share(one))
    one.refresh_from_db()
    one.planned_kg = D(1)  # typed over by hand meanwhile
    one.save()
    disclosure.publish_plan(activity=activity, key="k", by=activity.created_by, at=EARLY)
    assert planned(activity) == [D(14_922)]
    activity.refresh_from_db()
    one.refresh_from_db()
    with pytest.raises(operations.PlanStands):
        state(one, share(one, "90"), at=AT)
    later = make_measure(activity, title="改乘高铁", created_at=AT)
    state(later, move(later), at=AT)
    assert planned(activity) == [D(14_922), D(5625)]  # on top of the first: 180,000 × 0.5 × 0.0625


def test_the_pages(cast, activity):
    measure = make_measure(activity)
    client = cast.client("organizer")
    url = reverse("inventory:measure_whatif", args=(activity.code, measure.number))
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"line": "plane", "way": "move", "percent": "1,5", "factor": "no.such"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"percent", "factor"}
    assert set(client.post(url, {"line": "plane", "way": "factor"}).context["form"].errors) == {"factor"}
    assert set(client.post(url, {}).context["form"].errors) == {"line", "way"}
    nan = client.post(url, {"line": "plane", "way": "share", "percent": "NaN"})
    assert set(nan.context["form"].errors) == {"percent"}
    assert not Change.objects.exists()
    sent = {"line": "plane", "way": "move", "percent": "30", "factor": RAIL, "ratio": "1.2"}
    assert client.post(url, sent).status_code == 302
    assert "6,309.36" in client.get(reverse("inventory:whatif", args=(activity.code,))).text
    row = Change.objects.get()
    assert client.post(url, {"remove": str(row.pk + 1)}).status_code == 404
    assert client.post(url, {"remove": str(row.pk)}).status_code == 302
    assert not Change.objects.exists()


def test_queries_do_not_grow_with_measures(cast, activity, django_assert_max_num_queries):
    for number in range(4):
        measure = make_measure(activity, title=f"措施{number}")
        state(measure, share(measure, "10"))
    client, url = cast.client("organizer"), reverse("inventory:whatif", args=(activity.code,))
    with django_assert_max_num_queries(14):
        assert len(client.get(url).context["rows"]) == 4
