"""Python style and correctness: ruff, bandit."""

from tests.support.programs import assert_clean, run
from tests.support.repository import ADDONS, ROOT, modules

PROGRAMS = ("cli", "field", "tests")
# `./field` and the tests start programs, without a shell: that is their work. Tests assert.
STARTS_PROGRAMS = "B101,B404,B603,B607"


def test_ruff_finds_nothing():
    assert_clean(run("ruff", "check", "--no-cache", "--output-format=concise", ROOT))


def test_ruff_format_changes_nothing():
    assert_clean(run("ruff", "format", "--no-cache", "--check", "--diff", ROOT))


def test_bandit_finds_nothing_in_addons():
    assert modules(), "there are no modules to look at"
    assert_clean(run("bandit", "-q", "-r", ADDONS, "-x", "*/tests/*,*/static/*"))


def test_bandit_finds_nothing_in_programs_and_tests():
    there = [ROOT / name for name in PROGRAMS if (ROOT / name).exists()]
    assert there, "there is nothing to look at"
    skipped = "*/semgrep/samples/*"
    assert_clean(run("bandit", "-q", "-r", *there, "-s", STARTS_PROGRAMS, "-x", skipped))
