"""The environment: what counts as ready, what is rebuilt, and the words when it cannot be made."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.catalogues import ROOT
from portal.launch import packages
from portal.launch.ground import Trouble, need_space

LOCK = (
    "# made by a tool\nDjango==5.2.19 \\\n    --hash=sha256:00\nzope.interface[extra]==1.0 \\\n    --hash=sha256:01\n"
)


@pytest.fixture
def project(tmp_path):
    (tmp_path / packages.SERVING).write_text(LOCK)
    (tmp_path / packages.TESTING).write_text(LOCK + "pytest==9.0 \\\n    --hash=sha256:02\n")
    return tmp_path


def build(project, *names, stamp=None):
    """A .venv as a successful start leaves it, with packages called ``names``."""
    folder = project / ".venv" / "lib" / "python3.11" / "site-packages"
    for name in names:
        (folder / f"{name}-1.0.dist-info").mkdir(parents=True)
        (folder / f"{name}-1.0.dist-info" / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        )
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").symlink_to(sys.executable)
    if stamp:
        (project / ".venv" / "stamp").write_text(packages.digest(project / stamp))


def test_lock_is_read_by_canonical_names(project):
    assert packages.pinned(project / packages.SERVING) == {"django", "zope-interface"}


def test_our_own_locks_are_hash_pinned():
    for name in (packages.SERVING, packages.TESTING):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert len(packages.pinned(ROOT / name)) > 40
        assert text.count("--hash=sha256:") >= len(packages.pinned(ROOT / name))


def test_this_interpreter_is_used_when_it_has_everything(tmp_path):
    (tmp_path / packages.SERVING).write_text("pytest==1 \\\n")
    assert packages.interpreter(tmp_path, packages.SERVING) == sys.executable


def test_complete_environment_is_ready_for_its_lock(project):
    build(project, "django", "zope.interface", stamp=packages.SERVING)
    assert packages.ready(project, packages.SERVING)
    assert not packages.ready(project, packages.TESTING)


def test_environment_of_the_tests_serves_too(project):
    build(project, "django", "zope.interface", "pytest", stamp=packages.TESTING)
    assert packages.ready(project, packages.SERVING)
    assert packages.ready(project, packages.TESTING)


def test_changed_lock_asks_for_a_new_environment(project):
    build(project, "django", "zope.interface", stamp=packages.SERVING)
    (project / packages.SERVING).write_text(LOCK + "# newer\n")
    assert not packages.ready(project, packages.SERVING)


def test_half_made_environment_is_not_ready(project):
    build(project, "django", stamp=packages.SERVING)
    assert not packages.ready(project, packages.SERVING)


def test_environment_whose_python_is_gone_is_not_ready(project):
    build(project, "django", "zope.interface", stamp=packages.SERVING)
    (project / ".venv" / "bin" / "python").unlink()
    (project / ".venv" / "bin" / "python").symlink_to(project / "nowhere")
    assert not packages.ready(project, packages.SERVING)


def test_environment_is_made_whole_in_place_of_a_broken_one(tmp_path):
    """The real thing with a lock that names nothing: venv, pip, stamp, rename."""
    (tmp_path / packages.SERVING).write_text("# nothing\n")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "rubbish").write_text("half made")
    (tmp_path / ".venv.making").mkdir()
    packages.make(tmp_path, packages.SERVING)
    assert packages.ready(tmp_path, packages.SERVING)
    assert not (tmp_path / ".venv" / "rubbish").exists()
    assert not (tmp_path / ".venv.making").exists()
    pip = (tmp_path / ".venv" / "bin" / "pip").read_text()
    assert ".venv.making" not in pip
    assert subprocess.run([tmp_path / ".venv" / "bin" / "pip", "--version"], check=False).returncode == 0


def test_lock_is_dealt_out_whole():
    """Every package with its own hashes, in one part and no other; never more parts than packages."""
    lock = (ROOT / packages.SERVING).read_text(encoding="utf-8")
    for parts in (1, 2, 3, 500):
        dealt = packages.shared(lock, parts)
        assert len(dealt) == min(parts, len(packages.pinned(ROOT / packages.SERVING)))
        assert sum(part.count("--hash=sha256:") for part in dealt) == lock.count("--hash=sha256:")
        names = [name for part in dealt for name in packages.PINNED.findall(part)]
        assert sorted(names) == sorted(packages.PINNED.findall(lock))
    assert packages.shared("# nothing\n", 4) == []


def test_one_installer_that_fails_ends_the_others(tmp_path):
    begun = time.monotonic()
    slow, wrong = "import time; time.sleep(60)", "raise SystemExit('No space left on device')"
    with pytest.raises(Trouble, match="disk became full"):
        packages.run([[sys.executable, "-c", wrong], [sys.executable, "-c", slow]], tmp_path / "log")
    assert time.monotonic() - begun < 30


def test_package_with_another_hash_leaves_the_old_environment_in_place(tmp_path):
    wheel = tmp_path / "nothing-1.0-py3-none-any.whl"
    wheel.write_bytes(b"not what was locked")
    (tmp_path / packages.SERVING).write_text(f"nothing @ {wheel.as_uri()} --hash=sha256:{'0' * 64}\n")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "kept").write_text("")
    with pytest.raises(Trouble, match="not the one the lock names"):
        packages.make(tmp_path, packages.SERVING)
    assert (tmp_path / ".venv" / "kept").exists()


def test_no_network_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.setenv("PIP_TRUSTED_HOST", "127.0.0.1")
    (tmp_path / packages.SERVING).write_text(f"django==5.2.19 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(Trouble, match="package index does not answer"):
        packages.make(tmp_path, packages.SERVING)


def test_missing_ensurepip_names_the_package_to_install():
    code = "import sys; sys.modules['ensurepip'] = None; from portal.launch import packages; packages.need_parts()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "apt install python3-venv" in done.stderr


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "disk became full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one the lock names"),
        ("Failed to establish a new connection: [Errno -2] Name resolution", "does not answer"),
        ("ERROR: No matching distribution found for x==1", "does not have a package"),
        ("something never seen", "something never seen"),
    ],
)
def test_installer_trouble_becomes_a_sentence(output, words):
    assert words in packages.explain(output, Path("log"))


def test_too_little_room_is_told_with_figures(tmp_path):
    with pytest.raises(Trouble, match=r"needs 1000000000000 MB at .* MB are free"):
        need_space(tmp_path / "not" / "yet", 10**12, "the environment")


def test_manage_py_runs_on_a_bare_python_up_to_the_first_package(tmp_path):
    """Nothing of the standard library's absence: imports of the launcher are standard library only."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); from portal.launch import door; print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(ROOT)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = {name.split(".")[0] for name in eval(done.stdout)}
    assert loaded - set(sys.stdlib_module_names) <= {"portal", "__main__"} | {n for n in loaded if n.startswith("_")}
