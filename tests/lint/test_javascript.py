"""JavaScript with Odoo's settings: eslint and prettier, on our own code only."""

import ast
import re
from pathlib import Path

import pytest

from tests.support import programs
from tests.support.programs import assert_clean, run
from tests.support.repository import ADDONS, ROOT, modules, our_files, shown

OURS = re.compile(r"""\bfrom\s+["'](\.[^"']*|@field_[^"']*)["']""")
IMPORT = re.compile(r"""\bfrom\s+["']@([\w-]+)/|\bimport\(?\s*["']@([\w-]+)/""")


@pytest.fixture(scope="module")
def files():
    found = our_files(".js", ".mjs", ".cjs", below=ADDONS)
    assert found, "there is no JavaScript to look at"
    return found


def test_eslint_finds_nothing(files):
    config = ROOT / ".eslintrc.json"
    assert_clean(run("eslint", "--no-eslintrc", "--config", config, "--no-ignore", *files))


def test_prettier_changes_nothing(files):
    assert_clean(run("prettier", "--config", ROOT / ".prettierrc.json", "--check", *files))


def test_eslint_knows_odoos_component_rule(tmp_path):
    """The rules that need no more than one line to go wrong silently when the config is edited."""
    bad = tmp_path / "bad.js"
    bad.write_text('import { Component } from "@odoo/owl";\nexport class A extends Component {}\n')
    done = run("eslint", "--no-eslintrc", "--config", ROOT / ".eslintrc.json", "--no-ignore", bad)
    assert "should declare static props" in done.stdout
    assert "should declare static template" in done.stdout


def test_scripts_import_only_from_modules_that_are_installed_with_them():
    """With everything installed any import works; alone, a missing one leaves a blank page."""
    folders = [ADDONS, Path(programs.odoo_folder(programs.odoo_python())) / "addons"]
    strangers = [
        f"{shown(path)}: @{name}"
        for module in modules()
        for known in [_dependencies(module, folders) | {module, "odoo"}]
        for path in our_files(".js", below=ADDONS / module / "static")
        for name in sorted({a or b for a, b in IMPORT.findall(path.read_text())} - known)
    ]
    assert not strangers


def test_scripts_import_only_from_files_that_are_there():
    """Odoo's loader says nothing of a file that is missing: whatever needs it never starts."""
    missing = [
        f"{shown(path)}: {name}"
        for module in modules()
        for path in our_files(".js", below=ADDONS / module / "static" / "src")
        for name in OURS.findall(path.read_text())
        if not _find_script(path, name)
    ]
    assert not missing


def _find_script(path, name):
    if name.startswith("@"):
        module, rest = name[1:].split("/", 1)
        found = ADDONS / module / "static" / "src" / rest
        if rest.startswith("../"):  # @module/../tests/…: what stands beside src
            found = ADDONS / module / "static" / rest.removeprefix("../")
    else:
        found = path.parent / name
    return found.is_file() or found.with_name(f"{found.name}.js").is_file()


def _dependencies(module, folders):
    """All modules that come with a module, found in the manifests."""
    for folder in folders:
        path = folder / module / "__manifest__.py"
        if path.is_file():
            default = [] if module == "base" else ["base"]
            needed = set(ast.literal_eval(path.read_text()).get("depends", default))
            return needed.union(*(_dependencies(name, folders) for name in needed))
    return set()
