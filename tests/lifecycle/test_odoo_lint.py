"""Odoo's own `test_lint` checks that need the modules installed: indexes, names and signatures of
methods, docstrings, routes."""

import importlib
import sys
import types
from pathlib import Path

import odoo.addons.test_lint

PACKAGE = "odoo.addons.test_lint.tests"


def _load(name):
    """A file of Odoo's checks, past the package's `__init__`, which would want pylint."""
    if PACKAGE not in sys.modules:
        package = types.ModuleType(PACKAGE)
        package.__path__ = [str(Path(path) / "tests") for path in odoo.addons.test_lint.__path__]
        sys.modules[PACKAGE] = package
    return importlib.import_module(f"{PACKAGE}.{name}")


TestIndex = _load("test_index").TestIndex
TestNaming = _load("test_naming").TestNaming
TestDocstring = _load("test_docstring").TestDocstring
TestLintOverrideSignatures = _load("test_override_signatures").TestLintOverrideSignatures


class TestRoutes(_load("test_routes").RoutesLinter):
    def test_routes_definition(self):
        """Odoo only logs what it finds; here it is a failure."""
        with self.assertNoLogs(f"{PACKAGE}.test_routes", "WARNING"):
            super().test_routes_definition()
