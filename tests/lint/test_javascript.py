"""JavaScript with Odoo's settings: eslint and prettier, on our own code only."""

import pytest

from tests.support.programs import assert_clean, run
from tests.support.repository import ADDONS, ROOT, our_files


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
