"""The law of keys: with a key a program prepares and does nothing else. It never signs, publishes, cancels units,
commits or decides, whoever made it and whatever its scopes."""

import ast

import pytest
from django.urls import reverse

from accounts.rules import Scope
from accounts.tests.factories import make_key
from neutrality.opendata.api import api
from portal.catalogues import ROOT
from portal.tests import doors
from portal.tests.test_doors import fingerprint

KEYED = "opendata:api:"
# Every address that listens to a key, and the scopes that open it.
OPENED = {
    "list_own_activities": set(Scope),
    "read_draft": {Scope.READ, Scope.WRITE},
    "read_list": {Scope.READ, Scope.WRITE},
    "replace_lines": {Scope.WRITE},
    "hand_in_list": {Scope.WRITE},
    "deposit_months": {Scope.DEPOSIT},
    "deposit_evidence": {Scope.WRITE, Scope.DEPOSIT},
}
# Every verb of another room the interface may call.
VERBS = {
    "operations.start",
    "operations.save_draft",
    "operations.deposit",
    "evidence.deposit",
    "rosters.city",
    "rosters.hand_in",
    "trail.through",
}
METHODS = ("get", "post")


def called(source: str) -> set[str]:
    """Functions of modules called `operations`, `rosters` or imported from an `operations`, that a source calls."""
    tree = ast.parse(source)
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name == "operations" or (node.module or "").endswith("operations")
    }
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {
        ast.unparse(function)
        for function in calls
        if isinstance(function, ast.Attribute) and ast.unparse(function.value) in imported
    } | {ast.unparse(function) for function in calls if isinstance(function, ast.Name) and function.id in imported}


def test_the_interface_calls_only_verbs_of_preparing():
    found = set()
    for path in sorted((ROOT / "neutrality" / "opendata").glob("*.py")):
        found |= called(path.read_text("utf-8"))
    assert found == VERBS


def test_a_verb_that_signs_would_be_noticed():
    """Control."""
    signing = "from neutrality.inventory import operations\noperations.submit(inventory=draft)"
    assert called(signing) - VERBS == {"operations.submit"}
    assert called("from neutrality.ledger.operations import retire\nretire(1)") - VERBS == {"retire"}


def test_only_these_addresses_listen_to_a_key():
    described = api.get_openapi_schema(path_prefix="/api/v1/")
    listening = {
        operation["operationId"]
        for methods in described["paths"].values()
        for operation in methods.values()
        if operation.get("security")
    }
    assert listening == set(OPENED)


@pytest.mark.django_db
def test_everywhere_else_a_key_is_nobody(client, cast):
    """All addresses with a key of the owner and every scope: what a stranger gets, and nothing written."""
    world = doors.world(cast)
    _key, secret = make_key(cast.organizer, cast.home)
    bearer = {"authorization": f"Bearer {secret}"}
    wrong, tried = [], 0
    before = fingerprint()
    for name, (arguments, _row) in doors.table().items():
        if name.startswith(KEYED) and name.removeprefix(KEYED) not in ("serials", "calculate", "api-root"):
            continue
        address = reverse(name, kwargs={key: doors.value(world, path) for key, path in arguments.items()})
        for method in METHODS:
            stranger = getattr(client, method)(address)
            holder = getattr(client, method)(address, headers=bearer)
            tried += 1
            if (stranger.status_code, stranger.get("Location")) != (holder.status_code, holder.get("Location")):
                wrong.append(f"{method} {address}: {stranger.status_code} without a key, {holder.status_code} with one")
    assert wrong == []
    assert tried > 200
    assert fingerprint() == before


@pytest.mark.django_db
def test_a_page_that_listened_to_a_key_would_be_noticed(client, cast):
    """Control: the page of settings answers its owner otherwise than a stranger, so the walk above can tell."""
    address = reverse("accounts:settings", args=[cast.home.code])
    stranger = client.get(address).status_code
    assert cast.client("organizer").get(address).status_code != stranger
