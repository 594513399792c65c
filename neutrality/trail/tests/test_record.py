"""Entries, checkpoints, receipts, and what the database refuses."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from neutrality.appendonly import ChangeForbidden
from neutrality.trail import operations, queries, rules
from neutrality.trail.models import Checkpoint, Entry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 18, 8, 0, tzinfo=UTC)


def say(verb="house.test", subject="thing:1", **more):
    return operations.record(verb=verb, subject=subject, by=more.pop("by", None), at=AT, **more)


def test_entries_are_numbered_and_name_the_person_by_public_id_only():
    user = User.objects.create_user("someone@example.org", None, name="Someone")
    first, second = say(by=user), say(content={"t": Decimal("1.50")})
    assert (second.number, first.by, second.by) == (first.number + 1, user.public_id, None)
    stored = Entry.objects.get(pk=second.pk)
    assert stored.content == {"t": "1.50"}
    assert rules.leaf_hash(stored.fact().data()).hex() == stored.leaf


def test_a_receipt_leads_to_the_checkpoint_and_stays_the_same():
    entries = [say(subject=f"thing:{i}") for i in range(7)]
    assert queries.receipt(entries[2]).checkpoint is None
    checkpoint = operations.checkpoint(at=AT)
    receipt = queries.receipt(entries[2])
    path = [bytes.fromhex(step) for step in receipt.path]
    leaf = bytes.fromhex(entries[2].leaf)
    assert rules.root_from_path(leaf, entries[2].number - 1, checkpoint.size, path).hex() == checkpoint.root
    say()
    operations.checkpoint(at=AT)
    assert queries.receipt(entries[2]) == receipt


def test_no_checkpoint_without_news():
    say()
    assert operations.checkpoint(at=AT) is not None
    assert operations.checkpoint(at=AT) is None
    assert Checkpoint.objects.count() == 1


@pytest.mark.parametrize("wrong", ["nodot", "Upper.case", "a.b c", ""])
def test_verbs_have_a_form(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        say(verb=wrong)


def test_nothing_is_changed_or_removed():
    entry = say()
    for change in (entry.save, entry.delete, Entry.objects.all().delete, lambda: Entry.objects.update(verb="x.y")):
        with pytest.raises(ChangeForbidden):
            change()
    for sql in ("UPDATE trail_entry SET verb = 'x.y'", "DELETE FROM trail_entry"):
        with pytest.raises(IntegrityError, match="insert-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 1)), st.none() | st.uuids())  # noqa: DTZ001
def test_the_database_hashes_the_very_bytes_the_rules_do(db, subject, at, person):
    """The leaf and the subtrees are made in SQL; `rules` is the independent second opinion."""
    by = None if person is None else User(public_id=person)
    entry = operations.record(verb="house.test", subject=subject, by=by, at=at, content={"t": subject})
    stored = Entry.objects.get(pk=entry.pk)
    leaf = rules.leaf_hash(stored.fact().data())
    assert stored.nodes == entry.nodes == rules.new_nodes(entry.number, leaf, queries.nodes)


ROW = "(number, verb, subject, at, content, public, salt, nodes)"
SAME = "'x.y', '', now(), '{}', false, ''"
RAW = {
    "a gap": f"INSERT INTO trail_entry {ROW} SELECT max(number) + 2, {SAME}, sha256('') FROM trail_entry",
    "a number again": f"INSERT INTO trail_entry {ROW} SELECT max(number), {SAME}, sha256('') FROM trail_entry",
    "own subtrees": f"INSERT INTO trail_entry {ROW} SELECT max(number) + 1, {SAME}, sha256('') || sha256('') "
    "FROM trail_entry",
    "no hash": f"INSERT INTO trail_entry {ROW} SELECT max(number) + 1, {SAME}, '' FROM trail_entry",
}


@pytest.mark.parametrize("name", RAW)
def test_only_what_continues_the_tree_gets_in(name):
    for _ in range(3):
        say()
    with pytest.raises(IntegrityError, match="trail_append only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RAW[name])
    with transaction.atomic(), connection.cursor() as cursor:  # the control: without the trigger it does get in
        cursor.execute("ALTER TABLE trail_entry DISABLE TRIGGER trail_chain")
        if name != "a number again":
            cursor.execute(RAW[name])
            assert cursor.rowcount == 1
        transaction.set_rollback(True)


def test_what_the_transaction_owes_is_paid_before_the_lock():
    """A broken foreign key is told by `record`, not by the commit, while nobody waits for the trail's lock yet."""
    columns = "(email, verified, \"primary\", user_id) VALUES ('x@example.org', false, false, 987654321)"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO account_emailaddress {columns}")
        with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
            say()
        transaction.set_rollback(True)


def test_no_constraint_is_checked_later_than_it_was_made_for():
    """`trail_append` pays all deferred checks and defers them again; one that began undeferred would change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE condeferrable AND NOT condeferred")
        assert cursor.fetchall() == []


def test_without_the_trigger_the_same_change_goes_through():
    """Control: the refusal above comes from the trigger."""
    say()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trail_entry DISABLE TRIGGER insert_only")
        cursor.execute("UPDATE trail_entry SET verb = 'x.y'")
        assert cursor.rowcount == Entry.objects.count()
        transaction.set_rollback(True)


def test_the_list_and_the_receipt_page(client, django_assert_num_queries):
    say(content={"secret": "private words"})
    shown = say(verb="house.shown", content={"digest": "ab12"}, public=True)
    operations.checkpoint(at=AT)
    body = client.get(reverse("trail:list")).content.decode()
    assert "house.shown" in body
    assert "private words" not in body
    page = client.get(reverse("trail:entry", args=[shown.number])).content.decode()
    assert "ab12" in page
    assert shown.leaf in page
    hidden = client.get(reverse("trail:entry", args=[shown.number - 1])).content.decode()
    assert "private words" not in hidden
    assert client.get(reverse("trail:entry", args=[shown.number + 1])).status_code == 404


def test_the_json_receipt_can_be_checked_from_outside(client):
    say(content={"secret": 1})
    shown = say(verb="house.shown", content={"digest": "ab12"}, public=True)
    say()
    operations.checkpoint(at=AT)
    receipt = json.loads(client.get(reverse("trail:receipt", args=[shown.number])).content)
    data = rules.rfc8785.dumps(receipt["fact"])
    path = [bytes.fromhex(step) for step in receipt["path"]]
    root = rules.root_from_path(
        rules.leaf_hash(data), receipt["fact"]["number"] - 1, receipt["checkpoint"]["size"], path
    )
    assert root.hex() == receipt["checkpoint"]["root"]
    assert rules.commitment(receipt["salt"], receipt["content"]) == receipt["fact"]["content"]
    hidden = json.loads(client.get(reverse("trail:receipt", args=[shown.number - 1])).content)
    assert {"salt", "content"}.isdisjoint(hidden)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions(client, count, django_assert_num_queries):
    for _ in range(count):
        say()
    with django_assert_num_queries(2):
        client.get(reverse("trail:list"))


@pytest.mark.parametrize("query", ["?before=x", "?before=999999999999999999", "?before=-1", "?subject=' OR 1=1"])
def test_nonsense_in_the_address_is_read_as_nothing(client, query):
    say()
    assert client.get(reverse("trail:list") + query).status_code == 200


def test_numbers_nobody_has(client):
    assert client.get(reverse("trail:list") + "?subject=%00").status_code == 404
    for number in ("0", "99999999999999999999999"):
        assert client.get(f"/trail/{number}/").status_code == 404
        assert client.get(f"/trail/{number}.json").status_code == 404


def test_a_stranger_who_kept_a_checkpoint_can_check_every_later_one(client):
    kept = []
    for _ in range(3):
        say()
        say()
        operations.checkpoint(at=AT)
        kept.append(client.get(reverse("trail:checkpoints")).json()["checkpoints"][0])
    first, last = kept[0], kept[-1]
    answer = client.get(reverse("trail:consistency", args=[first["size"], last["size"]])).json()
    proof = [bytes.fromhex(step) for step in answer["proof"]]
    roots = rules.roots_from_consistency(first["size"], last["size"], bytes.fromhex(first["root"]), proof)
    assert [root.hex() for root in roots] == [first["root"], last["root"]]
    for old, size in ((0, 1), (2, 1), (1, last["size"] + 100)):
        assert client.get(reverse("trail:consistency", args=[old, size])).status_code == 404
