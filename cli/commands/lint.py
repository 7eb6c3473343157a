"""`./field lint`: every lint check, and nothing else."""

import subprocess

from .. import environment, odoo_source, paths


def register(commands):
    parser = commands.add_parser("lint", help="the lint checks alone")
    parser.set_defaults(run=run)


def run(_options, _rest):
    source = odoo_source.find()
    environment.ensure(source)
    environment.ensure_lint()
    environment.ensure_node()
    checks = [paths.ROOT / "tests" / folder for folder in ("lint", "semgrep")]
    command = [environment.PYTHON, "-m", "pytest", "-p", "no:odoo", "-q", *checks]
    return subprocess.run(
        [str(part) for part in command], env=variables(), cwd=paths.ROOT, check=False
    ).returncode


def variables():
    """What the lint checks need to know: where their tools lie."""
    return environment.variables(FIELD_LINT_PYTHON=environment.LINT_PYTHON, FIELD_NODE=paths.NODE)
