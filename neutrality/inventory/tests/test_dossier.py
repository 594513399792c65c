"""The sealed dossier: recomputed by a program that knows nothing of the portal, refused when a byte is changed.

Every Python of at least 3.8 that this machine has takes part, found on the search path and among those of pyenv.
"""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import rules
from neutrality.inventory.tests.factories import make_submitted_inventory
from neutrality.inventory.tests.library import library, sources
from neutrality.trail.rules import canonical, plain

CHECKER = Path(settings.BASE_DIR) / "static" / "dossier" / "check.py"
# As far apart as two machines can be: an ASCII console that does not repair itself, and a Chinese clock with UTF-8.
WORLDS = [
    {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    {"LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "7"},
]
OLDEST = (3, 8)
# Runs the checker over a folder: one line for each dossier with its name, how it ended, what was printed first.
DRIVER = """
import contextlib, io, os, sys
checker, folder = sys.argv[1:]
names = {"__name__": "check"}
with open(checker, encoding="utf-8") as file:
    exec(compile(file.read(), "check.py", "exec"), names)
for name in sorted(os.listdir(folder)):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        ended = names["main"]([os.path.join(folder, name)])
    print(name, ended, said.getvalue().splitlines()[0])
"""
SHARED = ("staff_travel", "venue_construction")
HEAD = {
    "activity": {"code": "T3ST-C0D3", "name_zh": "试验", "name_en": "Trial"},
    "kind": "actual",
    "version": 1,
    "replaces": None,
    "correction_reason": "",
    "rulebook": {"code": "cn-events-2019", "version": "1"},
    "gwp_set": "AR5",
    "submitted_at": "2026-09-01T00:00:00.000000Z",
}


def run(path, digest, world=None, flags=("-I",)):
    environment = {"PATH": os.environ["PATH"], **(world or {})}
    command = [sys.executable, *flags, str(CHECKER), str(path), digest]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def written(folder, data):
    digest = hashlib.sha256(data).hexdigest()
    path = folder / f"{digest}.json"
    path.write_bytes(data)
    return path, digest


def shared(random, position):
    """A line of which a portion counts: a car with some people in it, or material that is used again."""
    likely = {"position": position, "key": f"k{position}", "stage": "holding", "treatment": rules.Treatment.ESTIMATED}
    if random.random() < 0.5:
        return rules.Line(
            source="staff_travel",
            quantity=Decimal(random.randint(1, 10**6)).scaleb(-2),
            unit=random.choice(["passenger_km", "万passenger_km"]),
            factor=library()["cpcd.car.gasoline_compact.km"],
            sharing=Decimal(random.randint(100, 900)).scaleb(-2),
            **likely,
        )
    return rules.Line(
        source="venue_construction",
        quantity=Decimal(random.randint(1, 10**6)).scaleb(-3),
        unit=random.choice(["kg", "t", "jin"]),
        factor=library()["gbt51366.material.steel_average.kg"],
        uses=random.randint(1, 60),
        reused_percent=random.choice([None, Decimal(random.randint(1, 100))]),
        uses_basis="租赁合同",
        **likely,
    )


def invented(random):
    """A random inventory over the library: units that convert, portions, memo items, sources left out."""
    factors = [f for f in library().values() if f.basis in (rules.Basis.PLAIN, rules.Basis.MEMO)]
    lines = []
    for position in range(random.randint(0, 25)):
        factor = random.choice(factors)
        unit = random.choice([random.choice(rules.fitting(factor.unit)), f"万{factor.unit}"])
        quantity = Decimal(random.randint(0, 10**7)).scaleb(-random.randint(0, 6))
        lines.append(
            rules.Line(
                key=f"k{position}",
                position=position,
                source="other",
                stage=random.choice(["preparation", "holding", "closing"]),
                treatment=random.choice(rules.COUNTED),
                description="试验 \u2028 €",
                quantity=quantity,
                unit=unit,
                factor=factor,
            )
        )
    lines += [shared(random, len(lines) + place) for place in range(random.choice([0, 0, 3]))]
    for source in random.sample([one for one in sources() if one.code.value not in SHARED], 5):
        treatment = random.choice(["excluded", "not_occurring", "included_elsewhere"])
        code = source.code.value
        lines.append(rules.Line(code, len(lines), code, "holding", rules.Treatment(treatment), "因故"))
    return lines


def interpreters():
    """Paths of the Pythons to be found here by their version, ours among them; one of each version is enough."""
    found = {}
    for path in [sys.executable, *on_the_path(), *of_pyenv()]:
        asked = [path, "-c", "import sys; print(sys.version)"]
        told = subprocess.run(asked, capture_output=True, text=True, check=False)
        version = told.stdout.partition(" ")[0]
        if told.returncode == 0 and tuple(map(int, version.split(".")[:2])) >= OLDEST:
            found.setdefault(told.stdout, path)
    return found


def on_the_path():
    names = ["python3", *(f"python3.{minor}" for minor in range(OLDEST[1], 20)), "pypy3"]
    return [path for path in map(shutil.which, names) if path]


def of_pyenv():
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    return sorted(map(str, root.glob("versions/*/bin/python3")))


def everywhere(folder):
    """What the checker says about every dossier of a folder, in each world under each Python."""
    command = ["-s", "-B", "-c", DRIVER, str(CHECKER), str(folder)]
    for path in interpreters().values():
        for world in WORLDS:
            environment = {"PATH": os.environ["PATH"], **world}
            done = subprocess.run([path, *command], capture_output=True, env=environment, check=False)
            assert done.stderr == b"", (path, done.stderr)
            yield done.stdout.decode("ascii").splitlines()


def test_two_hundred_dossiers_recompute_under_every_python_in_two_worlds(tmp_path):
    chance = random.Random(20260901)
    wanted = []
    for _ in range(200):
        lines = invented(chance)
        sheet = rules.calculate(lines, sources(), rules.GwpSet.AR5)
        data = canonical(rules.compose(HEAD, sheet))
        assert rules.written(plain(rules.compose(HEAD, sheet))) == data
        chance.shuffle(lines)
        assert canonical(rules.compose(HEAD, rules.calculate(lines, sources(), rules.GwpSet.AR5))) == data
        path, _digest = written(tmp_path, data)
        said = f"GOOD: {len(sheet.results)} lines recomputed, total {sheet.total_kg} kg CO2e"
        wanted.append(f"{path.name} 0 {said}")
    told = list(everywhere(tmp_path))
    assert len(told) == len(WORLDS) * len(interpreters())
    assert all(lines == sorted(wanted) for lines in told)


def test_every_python_refuses_a_flipped_byte_and_a_forged_text_in_ascii(tmp_path):
    """The name of the file is the digest. A forged amount in Chinese is refused in words an ASCII console can print."""
    chance = random.Random(5)
    data = canonical(rules.compose(HEAD, rules.calculate(invented(chance), sources(), rules.GwpSet.AR5)))
    for number in range(50):
        place = chance.randrange(len(data))
        spoilt = data[:place] + bytes([data[place] ^ chance.randint(1, 255)]) + data[place + 1 :]
        (tmp_path / f"{hashlib.sha256(data).hexdigest()}.{number}.json").write_bytes(spoilt)
    dossier = json.loads(data)
    next(line for line in dossier["lines"] if "kg" in line)["quantity"] = "一千"
    written(tmp_path, canonical(dossier))
    for lines in everywhere(tmp_path):
        assert len(lines) == 51
        assert all(line.split()[1] == "1" and "REFUSED" in line for line in lines)


@pytest.fixture
def checker():
    namespace = {"__name__": "check"}
    exec(compile(CHECKER.read_text("utf-8"), str(CHECKER), "exec"), namespace)
    return namespace


def test_any_flipped_byte_is_refused(tmp_path, checker, capsys):
    chance = random.Random(1)
    data = canonical(rules.compose(HEAD, rules.calculate(invented(chance), sources(), rules.GwpSet.AR5)))
    path, digest = written(tmp_path, data)
    assert checker["main"]([str(path), digest]) == 0
    for _ in range(1000):
        place = chance.randrange(len(data))
        path.write_bytes(data[:place] + bytes([data[place] ^ chance.randint(1, 255)]) + data[place + 1 :])
        assert checker["main"]([str(path), digest]) == 1
    assert "REFUSED" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["totals"].update(total_kg="0.0000"),
        lambda d: d["lines"][0].update(quantity="1"),
        lambda d: d["lines"][0].update(kg="1.0000"),
        lambda d: d["factors"][0].update(value="1e3"),
        lambda d: d["lines"].append(dict(d["lines"][0])),
        lambda d: d["lines"][0].update(scope=1 if d["lines"][0]["scope"] != 1 else 2),
        lambda d: d["lines"][0].update(memo=not d["lines"][0]["memo"]),
        lambda d: d.update(excluded=[]) or d["lines"][-1].update(treatment="excluded"),
        lambda d: d["lines"][0].update(quantity=-3),
        lambda d: d["cover"]["owed_units"].update(mean=0),
        lambda d: d["cover"]["owed_units"].update(p90=0),
        lambda d: d.update(simulation={"p90_kg": "999999999"}),
    ],
)
def test_an_honest_digest_does_not_save_a_wrong_sum(tmp_path, change):
    """A forger may print a new digest; the arithmetic still gives him away."""
    chance = random.Random(3)
    lines = [line for line in invented(chance) if line.treatment in rules.COUNTED][:4]
    lines = [replace(line, quantity=Decimal(7 + n)) for n, line in enumerate(lines)]
    lines.append(rules.Line("x", 99, "water", "holding", rules.Treatment.NOT_OCCURRING))
    dossier = json.loads(canonical(rules.compose(HEAD, rules.calculate(lines, sources(), rules.GwpSet.AR5))))
    change(dossier)
    path, digest = written(tmp_path, canonical(dossier))
    assert run(path, digest).returncode == 1


def portions():
    """A dossier with two uses of a stage and a car of four."""
    stage = shared(random.Random(1), 1)
    stage = replace(stage, source="venue_construction", quantity=Decimal(100), unit="kg", sharing=None, uses=2)
    steel, car = library()["gbt51366.material.steel_average.kg"], library()["cpcd.car.gasoline_compact.km"]
    stage = replace(stage, factor=steel, reused_percent=None, uses_basis="合同")
    ride = {"unit": "passenger_km", "factor": car, "uses": None, "uses_basis": "", "sharing": Decimal(4)}
    ride = replace(stage, key="k2", position=2, source="staff_travel", **ride)
    return json.loads(canonical(rules.compose(HEAD, rules.calculate([stage, ride], sources(), rules.GwpSet.AR5))))


def test_portions_are_recomputed_and_have_a_format_of_their_own(tmp_path):
    dossier = portions()
    assert [line["portion"] for line in dossier["lines"]] == [["1", "2"], ["1", "4"]]
    assert dossier["format"] == "qingzhang-dossier-2"
    assert run(*written(tmp_path, canonical(dossier))).returncode == 0
    plain_one = canonical(rules.compose(HEAD, rules.calculate([], sources(), rules.GwpSet.AR5)))
    assert json.loads(plain_one)["format"] == "qingzhang-dossier-1"


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["lines"][0].update(uses=20),
        lambda d: d["lines"][0].update(uses_basis=""),
        lambda d: d["lines"][0].update(source="catering"),
        lambda d: d["lines"][0].update(reused_percent="200"),
        lambda d: d["lines"][0].update(uses=0),
        lambda d: d["lines"][0].pop("portion"),
        lambda d: d["lines"][0].update(portion=["1", "40"]),
        lambda d: d["lines"][1].update(sharing="5"),
        lambda d: d["lines"][1].update(sharing="0.5"),
        lambda d: d["lines"][1].pop("sharing"),
        lambda d: d.update(format="qingzhang-dossier-1"),
    ],
)
def test_a_portion_without_ground_is_refused(tmp_path, change):
    dossier = portions()
    change(dossier)
    assert run(*written(tmp_path, canonical(dossier))).returncode == 1


def test_a_dossier_of_the_first_days_says_nothing_of_cover_and_is_good(tmp_path):
    dossier = plain(rules.compose(HEAD, rules.calculate(invented(random.Random(8)), sources(), rules.GwpSet.AR5)))
    del dossier["cover"], dossier["simulation"]
    assert run(*written(tmp_path, canonical(dossier))).returncode == 0


def test_the_checker_is_short_and_needs_nothing():
    text = CHECKER.read_text("utf-8")
    assert len(text.splitlines()) <= 150
    imported = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)
    assert "float(" not in text


@pytest.mark.django_db
def test_a_submitted_inventory_is_sealed_and_recomputes(tmp_path, client):
    inventory = make_submitted_inventory(make_activity(), kg="103150")
    response = client.get(f"/inventories/{inventory.digest}/dossier.json")
    path, digest = written(tmp_path, response.content)
    assert digest == inventory.digest
    assert "total 103150.0000 kg" in run(path, digest).stdout
    assert client.get("/inventories/check.py").status_code == 200
    assert client.get(f"/inventories/{'0' * 64}/dossier.json").status_code == 404
