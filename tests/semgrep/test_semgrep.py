"""Semgrep with our own rules: each rule proves itself on a sample, then all look at the code.

No registry, no network, no metrics: the rules lie beside this file.
"""

import json
import re
from pathlib import Path

import pytest

from tests.support import programs
from tests.support.repository import ROOT, our_files, shown

HERE = Path(__file__).parent
RULES = HERE / "rules"
SAMPLES = sorted((HERE / "samples").glob("*.*"))
MARK = re.compile(r"^\s*(?:#|//) (ruleid|ok): (\S+)$")
EXCEPTION = re.compile(r"nosem(?:grep)?\b(.*)$")
REASONED = re.compile(r"^: field-[\w-]+ \(.{10,}\)$")
RULE_ID = re.compile(r"^  - id: (\S+)$", re.MULTILINE)


def scan(targets, tmp_path, *options):
    """Findings as {file: {line: {rule, …}}}; a rule that cannot be read fails the test."""
    done = programs.run(
        "semgrep",
        *("scan", "--metrics=off", "--disable-version-check", "--json", "--quiet", "--jobs=2"),
        *("--config", RULES, *options, *targets),
        env={
            "SEMGREP_SETTINGS_FILE": str(tmp_path / "settings.yml"),
            "SEMGREP_LOG_FILE": str(tmp_path / "semgrep.log"),
            "SEMGREP_SEND_METRICS": "off",
        },
    )
    if done.returncode not in (0, 1):
        pytest.fail(f"semgrep ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    answer = json.loads(done.stdout)
    broken = [error for error in answer["errors"] if error.get("level") == "error"]
    assert not broken, json.dumps(broken, indent=1)
    return answer


@pytest.fixture(scope="module")
def sample_findings(tmp_path_factory):
    """{(sample, line): {rule, …}}"""
    found = {}
    answer = scan(SAMPLES, tmp_path_factory.mktemp("semgrep"), "--disable-nosem")
    for result in answer["results"]:
        key = (Path(result["path"]).name, result["start"]["line"])
        found.setdefault(key, set()).add(result["check_id"].rpartition(".")[2])
    return found


def rule_ids():
    return sorted(
        name for path in RULES.glob("*.yml") for name in RULE_ID.findall(path.read_text())
    )


def marks(path):
    """What a sample promises: (line of code, "ruleid" or "ok", rule)."""
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        found = MARK.match(line)
        if found:
            yield number + 1, *found.groups()


@pytest.mark.parametrize("rule", rule_ids())
def test_rule_finds_the_danger_and_leaves_the_rest_alone(rule, sample_findings):
    promised = [
        (path.name, line, kind)
        for path in SAMPLES
        for line, kind, name in marks(path)
        if name == rule
    ]
    assert {kind for _name, _line, kind in promised} == {"ruleid", "ok"}, "a sample is missing"
    dangers = {(name, line) for name, line, kind in promised if kind == "ruleid"}
    found = {key for key, rules in sample_findings.items() if rule in rules}
    assert found == dangers


def test_code_is_clean(tmp_path):
    targets = our_files(".py", ".js", below=ROOT / "addons") + our_files(".py", below=ROOT / "cli")
    assert targets, "there is nothing to look at"
    answer = scan(targets, tmp_path)
    assert len(answer["paths"]["scanned"]) == len(targets), "semgrep left files out"
    lines = [
        f"{result['path']}:{result['start']['line']}: "
        f"{result['check_id'].rpartition('.')[2]}: {result['extra']['message'].strip()}"
        for result in answer["results"]
    ]
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


def test_exceptions_name_their_rule_and_give_a_reason():
    bare = [
        f"{shown(path)}:{number}"
        for path in our_files(".py", ".js", below=ROOT / "addons")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        for found in [EXCEPTION.search(line)]
        if found and not REASONED.match(found.group(1).strip())
    ]
    assert not bare, "write `nosemgrep: rule-id (reason)`"
