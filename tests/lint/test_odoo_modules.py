"""The checks that Odoo and OCA ask of a module."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import programs
from tests.support.programs import assert_clean, run
from tests.support.repository import ADDONS, modules

# Odoo's own selection, see TestPyLint in odoo/addons/test_lint/tests/test_pylint.py
ODOO_PYLINT = (
    "used-before-assignment",
    "undefined-variable",
    "eval-used",
    "unreachable",
    "function-redefined",
    "sql-injection",
    "missing-gettext",
    "gettext-variable",
    "gettext-placeholders",
    "gettext-repr",
    "raise-unlink-override",
)
ODOO_PYLINT_PLUGINS = (
    "_pylint_path_setup",
    "pylint.extensions.bad_builtin",
    "_odoo_checker_sql_injection",
    "_odoo_checker_gettext",
    "_odoo_checker_unlink_override",
)


@pytest.fixture(scope="module")
def module_folders():
    assert modules(), "there are no modules to look at"
    return [ADDONS / module for module in modules()]


@pytest.fixture(scope="module")
def test_lint():
    """The folder with Odoo's own pylint plugins."""
    folder = Path(programs.odoo_folder(programs.odoo_python()))
    plugins = folder / "addons" / "test_lint" / "tests"
    if not plugins.is_dir():
        pytest.fail(f"Odoo's module test_lint is not in {folder}", pytrace=False)
    return plugins


def test_pylint_odoo_finds_nothing(module_folders):
    assert_clean(run("pylint", *module_folders))


def test_pylint_with_odoos_own_plugins_finds_nothing(module_folders, test_lint):
    dist_packages = test_lint.parents[3]
    done = run(
        "pylint",
        f"--rcfile={os.devnull}",
        "--disable=all,useless-option-value",
        "--enable=" + ",".join(ODOO_PYLINT),
        "--reports=n",
        "--score=n",
        "--msg-template={path}:{line}: {msg} ({msg_id})",
        "--load-plugins=" + ",".join(ODOO_PYLINT_PLUGINS),
        "--bad-functions=input",
        *module_folders,
        env={
            "PYTHONPATH": os.pathsep.join([str(test_lint), str(dist_packages)]),
            "ADDONS_PATH": os.pathsep.join([str(dist_packages / "odoo" / "addons"), str(ADDONS)]),
        },
    )
    assert_clean(done)


def test_oca_module_checks_find_nothing(module_folders):
    assert_clean(run("oca-checks-odoo-module", *module_folders))


def test_oca_po_checks_find_nothing():
    files = sorted(ADDONS.glob("*/i18n/*.po*"))
    assert files, "there are no translations to look at"
    assert_clean(run("oca-checks-po", *files))


def test_odoos_own_file_checks_find_nothing():
    """Manifests, `__init__.py` files, tests that nobody imports, onchange domains, JS terms."""
    script = Path(__file__).with_name("odoo_file_checks.py")
    done = subprocess.run(
        [programs.odoo_python(), "-W", "ignore", str(script), str(ADDONS)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
    )
    assert_clean(done)
    assert " tests in " in done.stderr, f"nothing ran under {sys.executable}: {done.stderr}"
