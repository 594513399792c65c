"""The private PostgreSQL, for real: made, started, shared, stopped, and every refusal a sentence."""

import os
import shutil
import signal
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from portal.launch import house, postgres
from portal.launch.ground import Trouble
from portal.launch.postgres import PLAIN, Cluster


@pytest.fixture
def folder():
    """A short folder everybody may pass through; pytest's own are closed to other accounts."""
    path = Path("/tmp") / f"qz{os.getpid()}_{time.monotonic_ns() % 10**9}"
    path.mkdir(mode=0o711)
    path.chmod(0o711)
    yield path
    far = path / "postgres.home"
    home = Path(far.read_text().strip()) if far.exists() else path / "postgres"
    postgres.halt(home / "data")
    if far.exists():
        shutil.rmtree(home)
    shutil.rmtree(path)


def connect(url):
    parts = urlsplit(url)
    return psycopg.connect(
        host=parse_qs(parts.query)["host"][0], user=parts.username, dbname=parts.path[1:], port=5432, autocommit=True
    )


def ask(url, query):
    with closing(connect(url)) as connection:
        return connection.execute(query).fetchone()[0]


def test_server_beside_the_data_is_the_same_files_or_copies(tmp_path):
    """Control: on another disk no file has two names there."""
    source = tmp_path / "source"
    source.write_text("server")
    house.linked(str(source), str(tmp_path / "near"))
    assert (tmp_path / "near").samefile(source)
    elsewhere = Path("/dev/shm") / f"qz{os.getpid()}"
    if os.stat("/dev/shm").st_dev == source.stat().st_dev:
        pytest.skip("left out: second disk")
    try:
        house.linked(str(source), str(elsewhere))
        assert elsewhere.read_text() == "server"
        assert not elsewhere.samefile(source)
    finally:
        elsewhere.unlink()


def test_life_of_a_cluster(folder):
    cluster = Cluster(folder)
    cluster.start()
    url = cluster.url(PLAIN)
    assert ask(url, "show data_checksums") == "on"
    assert ask(url, "show fsync") == "on"
    assert ask(url, "show synchronous_commit") == "on"
    assert ask(url, "show listen_addresses") == ""
    assert ask(url, "select rolsuper from pg_roles where rolname = current_user") is False
    with connect(url) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (7)")
    data = cluster.home.folder / "data"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    cluster.stop()
    assert postgres.running(data) is None
    cluster.start()
    assert ask(cluster.url(PLAIN), "select n from kept") == 7
    cluster.stop()


def test_last_user_stops_the_server(folder):
    first, second = Cluster(folder), Cluster(folder)
    first.start()
    second.start()
    first.stop()
    assert ask(second.url(PLAIN), "select 1") == 1
    second.stop()
    assert postgres.running(second.home.folder / "data") is None


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(folder):
    cluster = Cluster(folder)
    cluster.start()
    data = cluster.home.folder / "data"
    with connect(cluster.url(PLAIN)) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (1)")
        os.kill(postgres.running(data).pid, signal.SIGKILL)
    wait_until(lambda: postgres.running(data) is None)
    assert (data / "postmaster.pid").exists()
    again = Cluster(folder)
    again.start()
    assert ask(again.url(PLAIN), "select n from kept") == 1
    cluster.stop()
    again.stop()


def test_a_server_that_is_still_ending_is_waited_for_and_begun_again(folder):
    """A busy machine may write the last checkpoint for longer than the last user waits."""
    cluster = Cluster(folder)
    cluster.start()
    data = cluster.home.folder / "data"
    held = connect(cluster.url(PLAIN))
    ending = postgres.running(data).pid
    os.kill(ending, signal.SIGTERM)  # smart shutdown: it ends when the last session does
    wait_until(lambda: not postgres.running(data).ready)
    again = Cluster(folder)
    with ThreadPoolExecutor(1) as beside:
        start = beside.submit(again.start)
        with pytest.raises(TimeoutError):
            start.result(0.3)
        held.close()
        start.result(30)
    assert postgres.running(data).pid != ending
    assert ask(again.url(PLAIN), "select 1") == 1
    cluster.stop()
    again.stop()


def wait_until(true, seconds=10):
    end = time.monotonic() + seconds
    while not true():
        postgres.reap(-1)
        assert time.monotonic() < end
        time.sleep(0.02)


def test_stale_pid_file_that_names_another_living_process_is_seen_through(folder):
    cluster = Cluster(folder)
    cluster.start()
    cluster.stop()
    data = cluster.home.folder / "data"
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n0\n5432\n/nowhere\n\n  1 1\nready\n")
    cluster.start()
    assert ask(cluster.url(PLAIN), "select 1") == 1
    cluster.stop()


def test_data_of_another_version_is_refused_in_words(folder):
    cluster = Cluster(folder)
    cluster.start()
    cluster.stop()
    (cluster.home.folder / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(Trouble, match=r"made by PostgreSQL 17, and this is PostgreSQL 18\..*mv "):
        Cluster(folder).start()


def test_half_made_data_folder_is_made_anew(folder):
    (folder / "postgres").mkdir(mode=0o700)
    home = house.home_for(folder, postgres.package())
    making = home.folder / "data.making"
    making.mkdir()
    (making / "rubbish").write_text("")
    home.give(home.folder)
    cluster = Cluster(folder)
    cluster.start()
    assert not (home.folder / "data" / "rubbish").exists()
    cluster.stop()


def test_long_path_gets_a_short_socket(folder):
    private = folder / ("x" * 110)
    private.mkdir(mode=0o711)
    private.chmod(0o711)
    cluster = Cluster(private)
    cluster.start()
    assert ask(cluster.url(PLAIN), "select 1") == 1
    socket = Path(parse_qs(urlsplit(cluster.url(PLAIN)).query)["host"][0])
    assert len(str(socket)) < 60
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    cluster.stop()
    assert not socket.exists()


@pytest.mark.parametrize("name", ["mit Leerzeichen", "碳 账", "do$llar", "quo'te"])
def test_odd_path_gets_a_plain_home_and_says_so(folder, name, capsys):
    private = folder / name
    private.mkdir(mode=0o711)
    cluster = Cluster(private)
    cluster.start()
    try:
        assert ask(cluster.url(PLAIN), "select 1") == 1
        assert f"The database lives in {cluster.home.folder}" in capsys.readouterr().out
        assert stat.S_IMODE(cluster.home.folder.stat().st_mode) == 0o700
        assert house.home_for(private, postgres.package()).folder == cluster.home.folder
    finally:
        cluster.stop()
        shutil.rmtree(cluster.home.folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="left out: super-user (the private server as root)")
def test_as_root_it_runs_as_nobody_and_opens_no_folder(folder, tmp_path):
    private = tmp_path / "closed" / ".private"
    private.mkdir(parents=True)
    private.parent.chmod(0o700)
    cluster = Cluster(private)
    cluster.start()
    try:
        server = postgres.running(cluster.home.folder / "data")
        assert Path(f"/proc/{server.pid}").stat().st_uid == cluster.home.account.pw_uid != 0
        assert stat.S_IMODE(private.parent.stat().st_mode) == 0o700
        assert cluster.home.folder.parent in (Path("/var/lib"), Path("/var/tmp"))
        assert ask(cluster.url(PLAIN), "select 1") == 1
    finally:
        cluster.stop()
        shutil.rmtree(cluster.home.folder)


def test_database_whose_folder_was_closed_since_is_refused_in_words(folder):
    cluster = Cluster(folder)
    cluster.start()
    cluster.stop()
    (folder / "postgres").chmod(0o000)
    os.chown(folder / "postgres", 12345 if os.geteuid() == 0 else -1, -1)
    try:
        with pytest.raises(Trouble, match="can no longer reach it"):
            Cluster(folder).start()
    finally:
        (folder / "postgres").chmod(0o700)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("FATAL: could not write: No space left on device", "Make room"),
        ("initdb: error: could not look up effective user ID 4711: user does not exist", "named user"),
        ("FATAL: could not map anonymous shared memory: Cannot allocate memory", "shared memory"),
        ("FATAL: something never seen", "something never seen"),
    ],
)
def test_server_trouble_becomes_a_sentence(output, words):
    assert words in house.explain(output, Path("log"))


def test_real_server_failure_is_told_with_its_own_words(folder):
    cluster = Cluster(folder)
    cluster.start()
    cluster.stop()
    conf = cluster.home.folder / "data" / "postgresql.conf"
    conf.write_text(conf.read_text() + "no_such_setting = 1\n")
    with pytest.raises(Trouble, match="no_such_setting"):
        Cluster(folder).start()
