"""The command line itself: what goes where."""

import contextlib
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from cli import databases, main, odoo_source, paths, ports
from cli.commands import core, demo, tests, tools
from cli.console import Failure


@pytest.fixture
def at_root(monkeypatch):
    monkeypatch.chdir(paths.ROOT)


@pytest.fixture
def runs(monkeypatch):
    """Which way `./field test` would take, without taking it."""
    found = []
    monkeypatch.setattr(tests, "_run_plain", lambda *a: found.append(("plain", *a)) or 0)
    monkeypatch.setattr(tests, "_run_with_odoo", lambda o, *a: found.append(("odoo", *a)) or 0)
    monkeypatch.setattr(core, "run", lambda rest: found.append(("core", rest)) or 0)
    return found


@pytest.mark.parametrize(
    ("arguments", "way"),
    [
        (["tests/unit"], ("plain", ["tests/unit"], [])),
        (["tests/lint", "tests/unit", "-x"], ("plain", ["tests/lint", "tests/unit"], ["-x"])),
        (
            ["tests/unit/test_support.py::test_missing", "-k", "missing"],
            ("plain", ["tests/unit/test_support.py::test_missing"], ["-k", "missing"]),
        ),
        (["tests/journeys"], ("odoo", ["tests/journeys"], [])),
        (["tests/unit", "addons"], ("odoo", ["tests/unit", "addons"], [])),
        (["addons/field_base", "-k", "fence"], ("odoo", ["addons/field_base"], ["-k", "fence"])),
        ([], ("odoo", [], [])),
        (["--core", "crm"], ("core", ["crm"])),
    ],
)
def test_paths_decide_what_a_test_run_needs(at_root, runs, arguments, way):
    assert main.main(["test", *arguments]) == 0
    assert runs == [way]


def test_pytest_options_are_not_taken_for_ours(at_root, runs):
    """`--co` is pytest's short form of `--collect-only`, not of `--core`."""
    main.main(["test", "tests/unit", "--co"])
    assert runs == [("plain", ["tests/unit"], ["--co"])]


def test_value_of_an_option_is_not_taken_for_a_path(at_root, runs):
    main.main(["test", "addons/field_base", "-k", "docs"])
    assert runs == [("odoo", ["addons/field_base"], ["-k", "docs"])]


def test_paths_work_from_any_folder(monkeypatch):
    ran = []
    monkeypatch.chdir(paths.ROOT / "tests")
    monkeypatch.setattr(tests.environment, "ensure", lambda source: None)
    monkeypatch.setattr(tests.odoo_source, "find", lambda: None)
    monkeypatch.setattr(
        tests.subprocess,
        "run",
        lambda command, cwd=None, **options: ran.append((command, cwd)) or _Done(),
    )
    assert main.main(["test", "unit"]) == 0
    ((command, cwd),) = ran
    (path,) = [part for part in command if part.endswith("unit")]
    assert os.path.normpath(os.path.join(cwd, path)) == str(paths.ROOT / "tests" / "unit")


class _Done:
    returncode = 0


@pytest.fixture
def three_modules(monkeypatch):
    ours = ["field_base", "field_crm", "field_visit"]
    monkeypatch.setattr(paths, "our_modules", lambda: ours)
    return ours


@pytest.mark.parametrize(
    ("chosen", "modules"),
    [
        (["addons/field_visit"], ["field_visit"]),
        (
            ["addons/field_visit/tests/test_x.py::TestX", "addons/field_crm"],
            ["field_crm", "field_visit"],
        ),
        (["addons"], None),
        (["addons/field_visit", "tests/journeys"], None),
        ([], None),
    ],
)
def test_only_the_modules_that_are_tested_are_installed(at_root, three_modules, chosen, modules):
    assert tests.modules_for(chosen) == (modules or three_modules)


def test_databases_of_runs_that_are_over_are_dropped():
    class Found:
        dropped = []

        def names(self):
            return [
                f"field_test_{os.getpid()}",
                f"field_test_{os.getpid()}-gw0",
                "field_test_99999999",
                "field_test_99999999-gw1",
                "field_tmpl_ab",
                "field_demo",
            ]

        def drop(self, name):
            self.dropped.append(name)

    found = Found()
    tests._forget_old_runs(found)
    assert found.dropped == ["field_test_99999999", "field_test_99999999-gw1"]


def test_failure_ends_with_one_sentence_and_no_traceback(monkeypatch, capsys):
    def fails(_options, _rest):
        raise Failure("Port 8069 is taken: choose another with --port.")

    monkeypatch.setattr(tests, "run", fails)
    assert main.main(["test"]) == 1
    assert capsys.readouterr().err == "\n./field: Port 8069 is taken: choose another with --port.\n"


def test_ctrl_c_says_that_the_next_run_goes_on(monkeypatch, capsys):
    def stopped(_options, _rest):
        raise KeyboardInterrupt

    monkeypatch.setattr(tests, "run", stopped)
    assert main.main(["test"]) == 130
    assert "goes on from here" in capsys.readouterr().out


def test_unknown_options_of_our_own_commands_are_refused(capsys):
    with pytest.raises(SystemExit) as stop:
        main.main(["demo", "--prot", "8070"])
    assert stop.value.code == 2


def test_odoo_and_python_get_their_own_options(monkeypatch):
    calls = []
    monkeypatch.setattr(
        tools, "_call", lambda options, command: calls.append((options.db, command))
    )
    main.main(["odoo", "--db", "field_test_1", "i18n", "export", "-l", "zh_CN", "--help"])
    main.main(["python", "-c", "print(1)"])
    assert calls[0][0] == "field_test_1"
    assert calls[0][1][-5:] == ["i18n", "export", "-l", "zh_CN", "--help"]
    assert calls[1] == (databases.DEMO, [tools.environment.PYTHON, "-c", "print(1)"])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("field_demo", "demo"), ("field_test_12", "test"), ("field_tmpl_ab", "test"), ("x", "demo")],
)
def test_each_database_lies_in_its_cluster(name, kind):
    assert tools._kind_of(name) == kind


def test_demo_says_that_the_port_is_taken(monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda port: port not in (8069, 8070))
    with pytest.raises(Failure, match="Port 8070 is taken"):
        demo._choose_port(8070)
    assert demo._choose_port(None) == 8071


def test_demo_says_that_no_port_is_free(monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda port: False)
    with pytest.raises(Failure, match="No port between 8069 and 8088"):
        demo._choose_port(None)


def test_demo_of_older_code_is_updated_once(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "STAMPS", tmp_path)
    calls = []
    ready = SimpleNamespace(
        databases=SimpleNamespace(exists=lambda name: True, odoo=lambda *args: calls.append(args)),
        source=SimpleNamespace(version="19.0"),
    )
    for _time in range(2):
        demo._ensure_database(ready)
    [(_title, name, *arguments)] = calls
    assert name == databases.DEMO
    assert arguments[:2] == ["-u", ",".join(paths.our_modules())]


def odoo_folder(path, series):
    (path / "odoo" / "addons").mkdir(parents=True)
    (path / "odoo" / "release.py").write_text(f"series = {series!r}\n")
    (path / "addons" / "web").mkdir(parents=True)
    return path


def test_configured_odoo_is_used(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(odoo_folder(tmp_path, "19.0")))
    source = odoo_source.find()
    assert source.kind == "configured"
    assert source.addons == (tmp_path / "odoo/addons", tmp_path / "addons")
    assert source.python_path == tmp_path


@pytest.mark.parametrize(("series", "said"), [("18.0", "is 18.0, and 19.0"), (None, "no odoo/rel")])
def test_configured_folder_that_is_no_odoo_19_is_refused(tmp_path, monkeypatch, series, said):
    if series:
        odoo_folder(tmp_path, series)
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(Failure, match=said):
        odoo_source.find()


def test_core_counts_what_fails_only_with_us(tmp_path):
    log = tmp_path / "core.log"
    log.write_text(
        "2026-11-22 01:59:12,1 1 ERROR d odoo.addons.crm.tests.test_x: FAIL: TestX.test_a\n"
        "2026-11-22 01:59:12,1 1 ERROR d odoo.addons.crm.tests.test_x: ERROR: Subtest TestX.test_b (login='a')\n"
        "2026-11-22 01:59:12,1 1 ERROR d odoo.tests.suite: ERROR: setUpClass (odoo.addons.a.tests.b.TestY)\n"
        "2026-11-22 01:59:13,1 1 ERROR d odoo.tests.result: 1 failed, 2 error(s) of 321 tests\n"
    )
    assert core._read(log) == ({"TestX.test_a", "TestX.test_b", "TestY"}, 321)
    log.write_text("nothing")
    with pytest.raises(Failure, match="No test was run"):
        core._read(log)


def test_core_repeats_only_what_failed(monkeypatch):
    calls = []

    def answer(_ready, _template, _modules, tags, with_us):
        calls.append((tags, with_us))
        return ({"TestX.test_a", "TestY"}, 321) if with_us else ({"TestY"}, 2)

    monkeypatch.setattr(core, "_run", answer)
    monkeypatch.setattr(core.context, "prepared", lambda *_a, **_k: contextlib.nullcontext(Mock()))
    assert core.run(["crm", "sale"]) == 1
    assert calls == [("/crm,/sale", True), (":TestX.test_a,:TestY", False)]


def test_the_command_needs_nothing_but_the_standard_library():
    """Nothing else is installed when it runs for the first time."""
    ours = {"cli", "demo", "simulator"}
    allowed = set(sys.stdlib_module_names) | ours
    for path in (paths.ROOT / "cli").rglob("*.py"):
        for line in path.read_text().splitlines():
            words = line.strip().split()
            if words[:1] in (["import"], ["from"]) and len(words) > 1:
                root = words[1].split(".")[0].rstrip(",")
                assert not root or root in allowed, f"{Path(path).name} imports {root}"
