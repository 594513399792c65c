"""The page about the interface says what is so, and its examples run as they are printed."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date

import pytest
from django.conf import settings

from accounts.tests.factories import make_key
from conftest import leave_out
from neutrality.activities.tests.factories import AT, make_activity
from neutrality.inventory import queries, rules
from neutrality.inventory.models import Deposit, Roster
from neutrality.inventory.tests.factories import load_library
from neutrality.opendata import manual, problems
from neutrality.opendata.answers import Calculated, Deposited, ListState
from neutrality.opendata.api import description
from neutrality.rulebook import operations as regions
from neutrality.rulebook import seeding
from portal.tests.test_keys import OPENED


def run(name, folder, **variables):
    """An example as a person would run it; what it printed."""
    program = [sys.executable] if name.endswith(".py") else ["bash", "-eu"]
    if program[0] == "bash" and not (shutil.which("bash") and shutil.which("curl")):
        leave_out("curl")
    done = subprocess.run(
        [*program, str(manual.FOLDER / name)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.django_db(transaction=True)
def test_every_example_runs_as_printed(live_server, cast, tmp_path):
    load_library()
    regions.name_regions(rows=seeding.rows("regions.csv"), by=None, at=AT)
    mine = {"organization": cast.home, "created_by": cast.organizer}
    activity = make_activity(**mine)
    period = make_activity(kind="hotel", starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30), **mine)
    variables = {
        "PORTAL": live_server.url,
        "KEY": make_key(cast.organizer, cast.home)[1],
        "ACTIVITY": activity.code,
        "PERIOD": period.code,
    }
    told = json.loads(run("calculate.sh", tmp_path, **variables))
    Calculated.model_validate(told)
    assert told["totals"]["kg"] == "4080.0000"
    Deposited.model_validate(json.loads(run("months.sh", tmp_path, **variables)))
    assert json.loads(run("months.sh", tmp_path, **variables))["unchanged"] == Deposit.objects.count() == 2
    assert run("replace.py", tmp_path, **variables).endswith('kg "v1-1"\n')
    assert run("replace.py", tmp_path, **variables).endswith('kg "v1-2"\n')
    assert len(queries.draft(activity, rules.Kind.ACTUAL).lines.all()) == 2
    state = json.loads(run("list.sh", tmp_path, **variables))
    ListState.model_validate(state)
    assert Roster.objects.get().key.hex == state["key"].replace("-", "")
    assert set(manual.EXAMPLES) == {path.name for path in manual.FOLDER.iterdir()}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_names_every_address_every_problem_and_every_limit(client, language):
    page = client.get("/open-data/interface/", headers={"accept-language": language}).text
    described = description()["paths"]
    keyed = {
        (method.upper(), path.rstrip("/"))
        for path, methods in described.items()
        for method, operation in methods.items()
        if operation["operationId"] in OPENED
    }
    named = {(each.method, f"/api/v1{each.path}") for each in manual.ADDRESSES}
    assert named == keyed | {("POST", "/api/v1/calculate")}
    assert set(manual.STATUS) == set(problems.TITLES)
    assert all(f'id="{code}"' in page for code in problems.TITLES)
    assert "60" in page
    assert settings.ACCOUNT_RATE_LIMITS["calculate"].startswith("60/m/ip")
    for name in manual.EXAMPLES:
        assert f"examples/{name}" in page
    assert "&lt;&lt;" in page  # printed, not run by the reader's browser


@pytest.mark.django_db
def test_scopes_on_the_page_are_those_that_open(client):
    described = description()["paths"]
    for each in manual.ADDRESSES:
        operation = described[f"/api/v1{each.path}"][each.method.lower()]["operationId"]
        if each.scopes:
            assert set(each.scopes.split(", ")) == {scope.value for scope in OPENED[operation]}


def test_statuses_are_those_that_are_raised():
    """Every `Wrong(status, code` in the room agrees with the page."""
    folder = manual.FOLDER.parent.parent / "neutrality" / "opendata"
    found = {
        (code, int(status))
        for path in folder.glob("*.py")
        for status, code in re.findall(r'Wrong\(\s*(\d{3}),\s*"(\w+)"', path.read_text("utf-8"))
    }
    assert found == set(manual.STATUS.items())


def test_problems_are_described_as_what_they_are():
    for methods in description()["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                wanted = "application/json" if int(status) < 400 else problems.MEDIA_TYPE
                assert list(response.get("content", {wanted: 1})) == [wanted], (operation["operationId"], status)


def test_bodies_of_the_description_have_examples_in_both_languages():
    described = description()["paths"]
    bodies = [
        operation["requestBody"]["content"]["application/json"]
        for methods in described.values()
        for operation in methods.values()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]
    assert len(bodies) == 3
    assert all(body["examples"] for body in bodies)
    for methods in described.values():
        for operation in methods.values():
            if operation["operationId"] in OPENED or operation["operationId"] == "calculate":
                assert re.search("[\u4e00-\u9fff]", operation["summary"])
                assert re.search("[a-z]{4}", operation["summary"])
