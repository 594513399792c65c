"""The report of a benchmark: ratios from medians, and one JSON object as the last line."""

import json

import pytest
from django.core.management import CommandError, call_command

import benchmarks
from benchmarks import catalogue
from benchmarks.harness import Peer, Report
from neutrality.offsets import queries, recheck
from portal.catalogues import ROOT


@pytest.fixture
def report():
    return Report(
        bench="example",
        question="how fast?",
        unit="things",
        rows=10,
        ours=[40.0, 50.0, 600.0],
        limit=[100.0, 90.0, 110.0],
        limit_is="the least that could be done",
        peers=[Peer("slow", 1, 100), Peer("fast", 20, 80)],
    )


@pytest.mark.django_db
def test_ratios_come_from_medians_and_the_best_peer(report):
    found = report.figures()
    assert (found["ours_per_s"], found["limit_per_s"], found["of_limit"]) == (50.0, 100.0, 0.5)
    assert (found["peer"], found["peer_per_s"], found["of_peer"]) == ("fast", 25.0, 2.0)


@pytest.mark.django_db
def test_last_line_is_one_json_object(report, capsys):
    report.print()
    *table, last = capsys.readouterr().out.strip().splitlines()
    assert json.loads(last)["of_limit"] == 0.5
    assert any("the least that could be done" in line for line in table)


@pytest.mark.parametrize("words", [["nothing"], ["../page"], ["page", "--rows", "0"]])
def test_wrong_words_are_refused(words):
    with pytest.raises(CommandError):
        call_command("bench", *words)


@pytest.mark.django_db
def test_the_large_registry_fits_the_tables_as_they_are():
    """Its rows are written straight into the tables, so a column that came since must not be left out."""
    catalogue.fill(20)
    assert list(recheck.findings()) == []
    page = queries.cancellations(queries.Filters(), counts=True)
    assert (len(page.rows), page.facets.total.rows) == (20, 20)


def test_every_benchmark_is_offered():
    scripts = {path.stem for path in (ROOT / "benchmarks").glob("*.py") if "\nROWS = " in path.read_text("utf-8")}
    assert scripts == set(benchmarks.NAMES)
