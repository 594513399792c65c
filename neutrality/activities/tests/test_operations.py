from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.tests.factories import make_organization, make_user
from neutrality.activities import operations, queries, rules
from neutrality.activities.models import Activity, Amendment, Measure
from neutrality.activities.tests.factories import AT, make_activity, make_measure
from neutrality.appendonly import ChangeForbidden
from neutrality.evidence.models import File
from neutrality.rulebook.tests.factories import load_rulebook
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db
DURING = datetime(2026, 5, 18, 2, tzinfo=UTC)
LATER = datetime(2026, 6, 1, 2, tzinfo=UTC)
TOTAL = Decimal("103150.0000")


def last():
    return Entry.objects.order_by("number").last()


@pytest.fixture
def by():
    return make_user()


@pytest.fixture
def law():
    load_rulebook(AT)


def values(**over):
    return {
        "kind": "meeting",
        "name_zh": "青年论坛",
        "starts_on": date(2026, 5, 17),
        "ends_on": date(2026, 5, 18),
        "region_code": "510100",
        **over,
    }


def register(by, organization=None, key="k1", **over):
    organization = organization or make_organization()
    return operations.register(organization=organization, key=key, by=by, at=AT, **values(**over))


def test_register_proposes_rulebook_and_stages(by, law):
    activity = register(by)
    assert (activity.state, activity.form, activity.rulebook.code) == ("draft", "event", "cn-sc-2021")
    assert activity.stages == ["preparation", "holding", "closing"]
    assert (last().verb, last().subject, last().public) == ("activity.register", f"activity:{activity.code}", False)
    assert Activity.objects.filter(search="青年").exists()


def test_register_elsewhere_proposes_the_national_guide(by, law):
    assert register(by, region_code="110000").rulebook.code == "cn-events-2019"
    assert (
        register(by, key="k2", kind="hotel", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)).form == "operation"
    )


def test_a_double_click_is_one_activity(by, law):
    organization = make_organization()
    first = register(by, organization)
    entries = Entry.objects.count()
    assert register(by, organization).pk == first.pk
    assert Activity.objects.count() == 1
    assert Entry.objects.count() == entries


def test_back_and_sent_again_with_other_words_is_an_edit(by, law):
    organization = make_organization()
    first = register(by, organization)
    assert register(by, organization, name_zh="青年大会").name_zh == "青年大会"
    first.refresh_from_db()
    assert (first.name_zh, last().verb) == ("青年大会", "activity.edit")


def test_a_key_of_somebody_else_opens_nothing(by, law):
    register(make_user())
    with pytest.raises(operations.KeyReused):
        register(by)


def test_register_tells_every_contradiction(by, law):
    with pytest.raises(operations.Contradictory) as caught:
        register(by, ends_on=date(2026, 5, 1), stages=["operation"])
    assert [(problem.code, problem.field) for problem in caught.value.problems] == [
        ("ends_before_start", "ends_on"),
        ("unknown_stage", "stages"),
        ("mandatory_stage", "stages"),
    ]
    assert not Activity.objects.exists()


def test_register_before_any_rulebook(by):
    with pytest.raises(operations.NoRulebook):
        register(by)


def test_edit_follows_the_place_until_a_rulebook_is_chosen(by, law):
    activity = register(by)
    shanghai = {"region_code": "310000"}
    assert operations.edit(activity=activity, changes=shanghai, by=by, at=AT).rulebook.code == "cn-sh-2025"
    chosen = queries.rulebooks.in_force("cn-events-2019", date(2026, 3, 1))
    operations.edit(activity=activity, changes={"rulebook": chosen}, by=by, at=AT)
    edited = operations.edit(activity=activity, changes={"region_code": "510100"}, by=by, at=AT)
    assert edited.rulebook.code == "cn-events-2019"


def test_edit_to_an_operation_changes_what_follows(by, law):
    activity = register(by, region_code="310000")
    changes = {"kind": "hotel", "starts_on": date(2025, 1, 1), "ends_on": date(2025, 12, 31)}
    edited = operations.edit(activity=activity, changes=changes, by=by, at=AT)
    assert (edited.form, edited.stages, edited.rulebook.code) == ("operation", ["operation"], "cn-sc-2021")


def test_saving_the_same_writes_nothing(by):
    activity = make_activity()
    operations.edit(activity=activity, changes={"name_zh": activity.name_zh}, by=by, at=AT)
    assert not Entry.objects.filter(verb="activity.edit").exists()


def test_an_unknown_field_is_a_bug(by):
    with pytest.raises(TypeError):
        operations.edit(activity=make_activity(), changes={"state": "committed"}, by=by, at=AT)


@pytest.mark.parametrize(
    ("state", "refusal"), [("committed", operations.NotDraft), ("cancelled", operations.AlreadyCancelled)]
)
def test_only_drafts_are_edited_or_committed(by, state, refusal):
    activity = make_activity(state=state)
    with pytest.raises(refusal):
        operations.edit(activity=activity, changes={"name_zh": "改"}, by=by, at=AT)
    with pytest.raises(refusal):
        operations.commit(activity=activity, estimate_kg=TOTAL, by=by, at=AT)


def test_commit(by):
    activity = make_activity()
    make_measure(activity)
    committed = operations.commit(activity=activity, estimate_kg=TOTAL, by=by, at=AT)
    assert (committed.state, committed.committed_at, committed.committed_by) == ("committed", AT, by)
    assert (last().verb, last().public) == ("activity.commit", True)
    assert not committed.late_plan


def test_a_plan_published_after_the_start_is_late(by):
    activity = make_activity()
    make_measure(activity)
    assert operations.commit(activity=activity, estimate_kg=TOTAL, by=by, at=DURING).late_plan


def test_commit_tells_every_gap_and_changes_nothing(by):
    activity = make_activity(summary="", organization=make_organization(verified=False))
    make_measure(activity, state="dropped", outcome="没有做")
    with pytest.raises(operations.Incomplete) as caught:
        operations.commit(activity=activity, estimate_kg=None, by=by, at=AT)
    assert [problem.code for problem in caught.value.problems] == ["summary", "estimate", "measures", "unverified"]
    activity.refresh_from_db()
    assert activity.state == "draft"


def test_amend_leaves_an_open_row_for_every_change(by):
    activity = make_activity(state="committed")
    changes = {
        "place_name": "新馆",
        "starts_on": date(2026, 6, 17),
        "ends_on": date(2026, 6, 18),
        "summary": activity.summary,
    }
    written = operations.amend(activity=activity, changes=changes, reason="场馆检修", by=by, at=AT)
    assert [(row.field, row.before, row.after) for row in written] == [
        ("place_name", "成都世纪城国际会议中心", "新馆"),
        ("starts_on", "2026-05-17", "2026-06-17"),
        ("ends_on", "2026-05-18", "2026-06-18"),
    ]
    activity.refresh_from_db()
    assert activity.ends_on == date(2026, 6, 18)
    assert last().content["reason"] == "场馆检修"
    assert operations.amend(activity=activity, changes=changes, reason="", by=by, at=AT) == []
    with pytest.raises(ChangeForbidden):
        written[0].delete()


@pytest.mark.parametrize(
    ("state", "at", "changes", "reason", "refusal"),
    [
        ("draft", AT, {"name_zh": "改"}, "因", operations.NotCommitted),
        ("cancelled", AT, {"name_zh": "改"}, "因", operations.AlreadyCancelled),
        ("committed", AT, {"name_zh": "改"}, "  ", operations.NoReason),
        ("committed", LATER, {"promised_on": date(2027, 1, 31)}, "因", operations.NotAmendable),
        ("committed", LATER, {"ends_on": date(2026, 5, 30)}, "因", operations.NotAmendable),
        ("committed", AT, {"rulebook": None}, "因", operations.NotAmendable),
        ("committed", AT, {"ends_on": date(2026, 5, 1)}, "因", operations.Contradictory),
        ("committed", AT, {"promised_on": date(2030, 1, 31)}, "因", operations.Contradictory),
        ("committed", AT, {"promised_on": None}, "因", operations.Contradictory),
        ("committed", AT, {"disclose_on": date(2026, 5, 1)}, "因", operations.Contradictory),
    ],
)
def test_amend_refuses(by, state, at, changes, reason, refusal):
    activity = make_activity(state=state)
    with pytest.raises(refusal):
        operations.amend(activity=activity, changes=changes, reason=reason, by=by, at=at)
    assert not Amendment.objects.exists()


def test_words_may_be_mended_after_the_end(by):
    activity = make_activity(state="committed")
    assert operations.amend(activity=activity, changes={"name_en": "Fixed"}, reason="笔误", by=by, at=LATER)


def test_count_people(by):
    activity = make_activity(state="committed")
    assert operations.count_people(activity=activity, people=380, by=by, at=DURING).actual_people == 380
    operations.count_people(activity=activity, people=380, by=by, at=LATER)
    assert not Amendment.objects.exists()
    with pytest.raises(operations.NoReason):
        operations.count_people(activity=activity, people=390, by=by, at=LATER)
    operations.count_people(activity=activity, people=390, reason="漏计志愿者", by=by, at=LATER)
    assert list(Amendment.objects.values_list("field", "before", "after")) == [("actual_people", "380", "390")]


@pytest.mark.parametrize(
    ("state", "at", "refusal"),
    [
        ("draft", DURING, operations.NotCommitted),
        ("cancelled", DURING, operations.AlreadyCancelled),
        ("committed", AT, operations.NotYetHeld),
    ],
)
def test_count_people_refuses(by, state, at, refusal):
    with pytest.raises(refusal):
        operations.count_people(activity=make_activity(state=state), people=1, by=by, at=at)


@pytest.mark.parametrize(("state", "at"), [("draft", AT), ("draft", LATER), ("committed", AT), ("committed", DURING)])
def test_cancel(by, state, at):
    activity = operations.cancel(activity=make_activity(state=state), reason="暴雨", by=by, at=at)
    assert (activity.state, activity.cancel_reason, last().public) == ("cancelled", "暴雨", state == "committed")
    entries = Entry.objects.count()
    operations.cancel(activity=activity, reason="又一次", by=by, at=at)
    assert Entry.objects.count() == entries


def test_cancel_refuses(by):
    with pytest.raises(operations.NoReason):
        operations.cancel(activity=make_activity(), reason=" ", by=by, at=AT)
    with pytest.raises(operations.AlreadyHeld):
        operations.cancel(activity=make_activity(state="committed"), reason="隐去", by=by, at=LATER)


def copy(source, by, key="c1", parts=tuple(rules.CopyPart), **over):
    given = {"name_zh": "明年大会", "name_en": "", "starts_on": date(2027, 5, 17), "ends_on": date(2027, 5, 18)} | over
    return operations.copy(source=source, key=key, parts=parts, by=by, at=LATER, **given)


def test_copy_takes_what_was_ticked_and_never_the_rest(by, law):
    source = make_activity(state="committed", actual_people=390, published_total_t=Decimal(1))
    make_measure(source, state="done", outcome="做到了", achieved_kg=Decimal(100), reported_at=AT, reported_by=by)
    make_measure(source, state="dropped", outcome="没有做", title="没有做的")
    new = copy(source, by)
    assert (new.state, new.name_zh, new.expected_people, new.place_name) == (
        "draft",
        "明年大会",
        400,
        source.place_name,
    )
    assert (new.actual_people, new.promised_on, new.published_total_t, new.copied_from) == (None, None, None, source)
    measure = new.measures.get()
    assert (measure.state, measure.achieved_kg, measure.outcome, measure.planned_kg) == (
        "planned",
        None,
        "",
        Decimal(180),
    )
    assert (last().verb, last().content["from"]) == ("activity.copy", source.code)
    assert copy(source, by).pk == new.pk
    bare = copy(source, by, key="c2", parts=())
    assert (bare.expected_people, bare.place_name, bare.offset_families, bare.measures.count()) == (None, "", [], 0)


def test_copy_with_the_key_of_something_else(by, law):
    activity = register(by)
    with pytest.raises(operations.KeyReused):
        copy(make_activity(), by, key=activity.key)


def add(activity, by, key="m1", **over):
    given = {"stage": "holding", "source": "catering", "title": "少用纸"} | over
    return operations.add_measure(activity=activity, key=key, by=by, at=AT, **given)


@pytest.mark.parametrize("state", ["draft", "committed"])
def test_add_measure(by, state):
    activity = make_activity(state=state)
    first, again, second = add(activity, by), add(activity, by), add(activity, by, key="m2")
    assert (first.pk, first.number, second.number) == (again.pk, 1, 2)
    assert (last().verb, last().public) == ("activity.add_measure", state == "committed")


def test_add_measure_refuses(by):
    with pytest.raises(operations.AlreadyCancelled):
        add(make_activity(state="cancelled"), by)
    with pytest.raises(operations.WrongStage):
        add(make_activity(), by, stage="operation")
    activity = make_activity()
    add(activity, by)
    with pytest.raises(operations.KeyReused):
        add(make_activity(), by)
    with pytest.raises(TypeError):
        add(activity, by, key="m9", achieved_kg=Decimal(1))


def test_edit_and_remove_a_measure_of_a_draft(by):
    measure = make_measure(make_activity())
    assert operations.edit_measure(measure=measure, title="改", by=by, at=AT).title == "改"
    assert last().content == {"measure": 1, "title": "改"}
    entries = Entry.objects.count()
    operations.edit_measure(measure=measure, title="改", by=by, at=AT)
    assert Entry.objects.count() == entries
    operations.remove_measure(measure=measure, by=by, at=AT)
    assert not Measure.objects.exists()


@pytest.mark.parametrize(
    ("state", "refusal"), [("committed", operations.NotDraft), ("cancelled", operations.AlreadyCancelled)]
)
def test_planned_measures_are_fixed_once_published(by, state, refusal):
    measure = make_measure(make_activity(state=state))
    with pytest.raises(refusal):
        operations.edit_measure(measure=measure, title="改", by=by, at=AT)
    with pytest.raises(refusal):
        operations.remove_measure(measure=measure, by=by, at=AT)


def make_file(by, owner_code):
    return File.objects.create(
        digest="a" * 64,
        name="照片.jpg",
        size=5,
        media_type="image/jpeg",
        owner_code=owner_code,
        deposited_at=AT,
        deposited_by=by,
    )


def report(measure, by, **over):
    given = {"state": "done", "outcome": "做到了", "achieved_kg": Decimal(100), "evidence": None} | over
    return operations.report_measure(measure=measure, by=by, at=LATER, **given)


def test_report_measure(by):
    activity = make_activity(state="committed")
    file = make_file(by, activity.organization.code)
    measure = report(make_measure(activity), by, evidence=file)
    assert (measure.state, measure.achieved_kg, measure.evidence, measure.reported_by) == (
        "done",
        Decimal(100),
        file,
        by,
    )
    assert last().content["evidence"] == file.digest
    entries = Entry.objects.count()
    report(measure, by)
    assert Entry.objects.count() == entries


def test_reporting_again_needs_a_reason_and_stays_in_the_open(by):
    measure = report(make_measure(make_activity(state="committed")), by)
    with pytest.raises(operations.NoReason):
        report(measure, by, achieved_kg=None)
    report(measure, by, achieved_kg=None, reason="重新测算")
    assert list(Amendment.objects.values_list("field", "before", "after", "reason")) == [
        ("measure.1.achieved_kg", "100.0000", "", "重新测算")
    ]


def test_report_measure_refuses(by):
    with pytest.raises(operations.NotCommitted):
        report(make_measure(make_activity()), by)
    with pytest.raises(operations.AlreadyCancelled):
        report(make_measure(make_activity(state="cancelled")), by)
    measure = make_measure(make_activity(state="committed"))
    with pytest.raises(operations.NoReason):
        report(measure, by, outcome=" ")
    with pytest.raises(operations.NotOurs):
        report(measure, by, evidence=make_file(by, make_organization().code))
