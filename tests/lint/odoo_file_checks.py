"""Odoo's own `test_lint` checks that read files only, run on our modules and nobody else's.

    python odoo_file_checks.py ADDONS_FOLDER

Odoo's classes look at every module on the addons path; here they are given ours. A logged warning
counts as a failure, as it does on Odoo's own build.
"""

import importlib
import logging
import sys
import types
import unittest
from pathlib import Path
from unittest import mock

from odoo.modules import Manifest
from odoo.tools import config

import odoo.addons.test_lint

PACKAGE = "odoo.addons.test_lint.tests"
CHECKS = (
    "test_dunderinit",
    "test_i18n",
    "test_jstranslate",
    "test_manifests",
    "test_onchange_domains",
    "test_orm_import",
    "test_test_holes",
)


def load_checks():
    """Odoo's test classes, loaded past the package's `__init__`, which would want pylint."""
    package = types.ModuleType(PACKAGE)
    package.__path__ = [str(Path(path) / "tests") for path in odoo.addons.test_lint.__path__]
    sys.modules[PACKAGE] = package
    load = unittest.defaultTestLoader.loadTestsFromModule
    return unittest.TestSuite(load(importlib.import_module(f"{PACKAGE}.{name}")) for name in CHECKS)


def leave_out_libraries():
    """What others wrote and we only ship, under `static/lib/`, is not ours to correct."""
    case = importlib.import_module(f"{PACKAGE}.lint_case").LintCase
    listed = case.iter_module_files

    def iter_module_files(self, *globs, modules=None):
        found = listed(self, *globs, modules=modules)
        return (path for path in found if "/static/lib/" not in path)

    return mock.patch.object(case, "iter_module_files", iter_module_files)


class Complaints(logging.Handler):
    """Keeps what is logged as a warning or worse."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def main(addons):
    names = sorted(path.parent.name for path in Path(addons).glob("*/__manifest__.py"))
    config.parse_config([f"--addons-path={addons}", "--http-interface=127.0.0.1"])
    manifests = [Manifest.for_addon(name) for name in names]
    complaints = Complaints()
    logging.getLogger("odoo.addons.test_lint").addHandler(complaints)
    suite = load_checks()
    ours = mock.patch.object(Manifest, "all_addon_manifests", lambda: manifests)
    with ours, leave_out_libraries():
        result = unittest.TextTestRunner(stream=sys.stderr).run(suite)
    sys.stdout.write("\n".join(complaints.lines))
    return 0 if result.wasSuccessful() and not complaints.lines else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
