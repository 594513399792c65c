"""Every address, every member of the cast. A new address without a row fails; a GET that writes fails."""

import hashlib
from collections.abc import Iterator

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from conftest import make_cast
from portal import pulse
from portal.middleware import permissions
from portal.tests import doors
from portal.tests.test_headers import EXPECTED


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(name with namespace, pattern) of every address; an address without a name has its route for one."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner)
        else:
            yield namespace + (entry.name or str(entry.pattern)), entry


def ours() -> list[str]:
    names = {name for name, _pattern in patterns(get_resolver())}
    return sorted(name for name in names if not name.startswith(tuple(doors.FOREIGN)))


def expected(row: dict[str, int], member: str) -> int:
    return row.get(member, row["rest"])


def bare_headers(answer, embedded: bool, may_use: tuple[str, ...] = ()) -> list[str]:
    """Protecting headers that are missing or weaker than the house asks."""
    asked = EXPECTED | ({"Cross-Origin-Resource-Policy": "cross-origin"} if embedded else {})
    asked |= {"Permissions-Policy": permissions(may_use)}
    weak = [name for name, value in asked.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    return weak + (["Content-Security-Policy"] if "default-src 'none'" not in policy or "unsafe" in policy else [])


def fingerprint() -> str:
    """One digest over every row of every table that reading must not change."""
    total = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - doors.CHANGED_BY_READING):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {name} t")
            total.update(f"{table} {cursor.fetchone()[0]}\n".encode())
    return total.hexdigest()


def test_every_address_has_a_row_and_every_row_an_address():
    table = doors.table()
    missing = [name for name in ours() if name not in table]
    assert missing == [], "add rows for these to tests/doors.py of their room (portal/tests/doors.py tells how)"
    assert [name for name in table if name not in ours()] == []


def test_every_foreign_name_is_still_in_use():
    names = [name for name, _pattern in patterns(get_resolver())]
    unused = [prefix for prefix in doors.FOREIGN if not any(name.startswith(prefix) for name in names)]
    assert unused == []


def test_rows_name_members_of_the_cast():
    known = {*doors.CAST, "rest"}
    assert [
        name for name, (_arguments, row) in doors.table().items() if not set(row) <= known or "rest" not in row
    ] == []


@pytest.fixture(scope="module")
def furnished(lasting):
    return doors.world(make_cast())


@pytest.fixture
def world(furnished):
    pulse.mark()  # the worker lives still
    return furnished


@pytest.mark.django_db
@pytest.mark.parametrize("member", doors.CAST)
def test_every_door(member, world):
    """All addresses as one member: the statuses of the table, no broken page, nothing written."""
    client = world.cast.client(member)
    before = fingerprint()
    wrong = []
    for name, (arguments, row) in doors.table().items():
        values = {key: doors.value(world, path) for key, path in arguments.items()}
        address = reverse(name, kwargs=values)
        answer = client.get(address)
        if answer.status_code != expected(row, member):
            wrong.append(f"{name} {address}: {answer.status_code}, expected {expected(row, member)}")
        elif answer.status_code == 200 and doors.is_page(name) != answer["Content-Type"].startswith("text/html"):
            wrong.append(f"{name} {address}: {answer['Content-Type']}, which doors.FILES does not know")
        may_use = doors.MAY_USE.get(name, ()) if answer.status_code == 200 else ()
        weak = bare_headers(answer, name in doors.EMBEDDED, may_use)
        wrong += [f"{name} {address}: header {header}" for header in weak]
    assert wrong == []
    assert fingerprint() == before


@pytest.mark.django_db
@pytest.mark.parametrize("member", ["anonymous", "stranger"])
def test_invented_method_is_never_a_broken_page(member, world):
    client = world.cast.client(member)
    for name, (arguments, _row) in doors.table().items():
        values = {key: doors.value(world, path) for key, path in arguments.items()}
        for method in ("PROPFIND", "TRACE", "DELETE"):
            assert client.generic(method, reverse(name, kwargs=values)).status_code < 500, (name, method)


@pytest.mark.django_db
@pytest.mark.parametrize("member", doors.CAST)
def test_administration_is_closed(member, world):
    client = world.cast.client(member)
    inside = [
        name for name, _pattern in patterns(get_resolver()) if name.startswith("admin:") and "_changelist" in name
    ]
    assert inside != []
    assert {client.get(reverse(name)).status_code for name in inside} <= {302, 403, 404}


@pytest.mark.django_db
def test_fingerprint_sees_a_changed_row(world):
    """The negative control: the walk would notice a page that writes."""
    before = fingerprint()
    world.cast.organizer.name = "changed"
    world.cast.organizer.save(update_fields=["name"])
    assert fingerprint() != before
