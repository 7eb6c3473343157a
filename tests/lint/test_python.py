"""Python style and correctness: ruff, bandit."""

from tests.support.programs import assert_clean, run
from tests.support.repository import ADDONS, ROOT, modules

PROGRAMS = ("cli", "field", "tests")
# Take `"token_hash": False` and `token=""` for passwords; test_repository.py looks for real ones.
NAMES_ONLY = "B105,B107"
# `./field`, the simulator and the tests start programs without a shell, ask their own server, draw
# lots and assert: that is their work.
OWN_WORK = f"{NAMES_ONLY},B101,B108,B310,B311,B404,B603,B606,B607,B608"


def test_ruff_finds_nothing():
    assert_clean(run("ruff", "check", "--no-cache", "--output-format=concise", ROOT))


def test_ruff_format_changes_nothing():
    assert_clean(run("ruff", "format", "--no-cache", "--check", "--diff", ROOT))


def test_bandit_finds_nothing_in_addons():
    assert modules(), "there are no modules to look at"
    assert_clean(run("bandit", "-q", "-r", ADDONS, "-s", NAMES_ONLY, "-x", "*/tests/*,*/static/*"))


def test_bandit_finds_nothing_in_programs_and_tests():
    there = [ROOT / name for name in PROGRAMS if (ROOT / name).exists()]
    assert there, "there is nothing to look at"
    skipped = "*/semgrep/samples/*"
    assert_clean(run("bandit", "-q", "-r", *there, "-s", OWN_WORK, "-x", skipped))
