"""PostgreSQL: the configured server, and the private clusters."""

import contextlib
import fcntl
import pwd
import threading

import pytest

from cli import accounts, paths, postgres


@pytest.fixture(autouse=True)
def local(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "LOCAL", tmp_path / ".local")
    monkeypatch.setattr(accounts, "can_enter", lambda account, folder: True)
    for name in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGSSLMODE", "PGPASSFILE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_server_of_the_environment_wins(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGPASSWORD", "secret")
    with postgres.server("test", {"db_host": "other.example"}) as server:
        assert server.cluster is None
        assert server.variables == {"PGHOST": "db.example", "PGPASSWORD": "secret"}


def test_server_of_the_users_configuration(monkeypatch):
    config = {"db_host": "db.example", "db_port": "False", "db_user": "odoo", "db_password": ""}
    with postgres.server("test", config) as server:
        assert server.variables == {"PGHOST": "db.example", "PGUSER": "odoo"}


def test_configuration_without_a_host_is_no_server():
    assert postgres._configured({"db_host": "False", "db_user": "odoo"}) == {}


def test_only_the_cluster_for_tests_trades_durability_for_speed():
    risky = {"fsync", "synchronous_commit", "full_page_writes"}
    assert not risky & postgres.SETTINGS.keys()
    assert risky <= postgres.SETTINGS_TEST.keys()


def test_no_cluster_listens_to_the_network():
    assert postgres.SETTINGS["listen_addresses"] == "''"


def cluster(kind="test", monkeypatch=None, running=False):
    found = postgres.Cluster(kind, None)
    found.log_of_calls, found.up = [], running
    if monkeypatch:
        monkeypatch.setattr(found, "_initialise", lambda: found.log_of_calls.append("initialise"))
        monkeypatch.setattr(found, "is_running", lambda: found.up)
        monkeypatch.setattr(found, "_start", lambda: _note(found, "start", True))
        monkeypatch.setattr(found, "stop", lambda: _note(found, "stop", False))
    return found


def _note(found, word, up):
    found.log_of_calls.append(word)
    found.up = up


def test_socket_folder_is_short_enough_for_the_kernel(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "LOCAL", tmp_path / ("long" * 20) / ".local")
    path = cluster("demo").socket / f".s.PGSQL.{postgres.PORT}"
    assert len(str(path)) < 107


def test_two_clusters_share_nothing():
    test, demo = cluster("test"), cluster("demo")
    assert test.data != demo.data
    assert test.socket != demo.socket


def test_cluster_lies_elsewhere_when_its_account_cannot_come_here(monkeypatch, tmp_path):
    outside = tmp_path / "var"
    monkeypatch.setattr(accounts, "can_enter", lambda account, folder: False)
    monkeypatch.setattr(postgres, "outside_home", lambda kind: outside / kind)
    assert cluster("demo").home == outside / "demo"


def test_cluster_runs_for_the_block_and_stops_behind_the_last(monkeypatch):
    found = cluster(monkeypatch=monkeypatch)
    with found.running():
        assert found.up
    assert found.log_of_calls == ["initialise", "start", "stop"]


def test_cluster_stops_also_when_the_block_fails(monkeypatch):
    found = cluster(monkeypatch=monkeypatch)
    with contextlib.suppress(KeyboardInterrupt), found.running():
        raise KeyboardInterrupt
    assert not found.up


def test_second_command_works_while_the_first_runs(monkeypatch):
    """`./field psql` beside a running `./field demo`, which holds the cluster for hours."""
    found = cluster(monkeypatch=monkeypatch)
    inside = threading.Event()

    def second():
        with found.running():
            inside.set()

    with found.running():
        thread = threading.Thread(target=second, daemon=True)
        thread.start()
        waited_in_vain = not inside.wait(5)
        assert found.up
    thread.join(5)
    assert not waited_in_vain
    assert found.log_of_calls.count("start") == 1
    assert found.log_of_calls.count("stop") == 1
    assert found.log_of_calls[-1] == "stop"


def test_cluster_that_others_still_use_is_not_stopped(monkeypatch):
    found = cluster(monkeypatch=monkeypatch)
    with contextlib.ExitStack() as stack:
        with found.running():
            for file in paths.LOCAL.glob("postgres-test.use.lock"):
                other = stack.enter_context(file.open())
                fcntl.flock(other, fcntl.LOCK_SH)
        assert found.up


def test_password_is_long_and_only_ours_to_read(monkeypatch):
    found = cluster()
    monkeypatch.setattr(postgres, "run", lambda *arguments, **options: found.data.mkdir())
    monkeypatch.setattr(found, "_own", lambda path: None)
    found.bin = paths.LOCAL
    found._initialise()
    file = paths.LOCAL / "postgres-test.password"
    assert file.stat().st_mode & 0o077 == 0
    assert len(found.variables()["PGPASSWORD"]) >= 32
    assert (found.data / "field.ready").exists()
    assert "fsync = off" in (found.data / "postgresql.auto.conf").read_text()


def test_half_made_cluster_is_made_again(monkeypatch):
    found = cluster()
    found.data.mkdir(parents=True)
    (found.data / "half").touch()
    made = []

    def run(*arguments, **options):
        made.append(not found.data.exists())
        found.data.mkdir()

    monkeypatch.setattr(postgres, "run", run)
    monkeypatch.setattr(found, "_own", lambda path: None)
    found.bin = paths.LOCAL
    found._initialise()
    found._initialise()
    assert made == [True]


def test_root_does_not_run_postgresql(monkeypatch):
    known = {"postgres": pwd.struct_passwd(("postgres", "x", 105, 105, "", "/", "/bin/sh"))}

    def getpwnam(name):
        return known[name]

    monkeypatch.setattr(accounts.os, "geteuid", lambda: 0)
    monkeypatch.setattr(accounts.pwd, "getpwnam", getpwnam)
    account = accounts.cluster_account()
    assert account.pw_name == "postgres"
    assert accounts.popen_options(account) == {"user": 105, "group": 105, "extra_groups": []}
    known.clear()
    known["nobody"] = pwd.struct_passwd(("nobody", "x", 65534, 65534, "", "/", "/bin/sh"))
    monkeypatch.setattr(accounts.shutil, "which", lambda name: None)
    assert accounts.cluster_account().pw_name == "nobody"
