"""`./field test --core`: Odoo's own tests, with our modules installed.

What fails with them is run once more on a clone of the same database without them: what fails there
too is not our business (a missing font, no network), what fails only with us is a failure.
"""

import re

from .. import context, databases, environment, paths
from ..console import Failure, say
from ..console import run as run_logged
from ..ports import free_port

MODULES = ("crm", "sale", "account", "hr_expense")
FAILED = re.compile(r" (?:FAIL|ERROR): (?:setUpClass \((?:\w+\.)*(\w+)\)|(?:Subtest )?(\w+\.\w+))")
STATS = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


def run(rest):
    """Run Odoo's tests with us, repeat the failures without, print pytest's kind of closing line.

    :param list rest: names of Odoo modules, or nothing for all four
    :return: 0 when our modules break none of Odoo's tests
    """
    modules = [part for part in rest if not part.startswith("-")] or list(MODULES)
    with context.prepared("test", max_cron_threads=0) as ready:
        template = ready.databases.ensure_template()
        failed, total = _run(ready, template, modules, _tags_of(modules), with_us=True)
        anyway = set()
        if failed:
            anyway, _few = _run(ready, template, modules, _tags_again(failed), with_us=False)
    broken = sorted(failed - anyway)
    for name in broken:
        say(f"FAILED {name}")
    say(f"fails without us too: {len(failed & anyway)}")
    say(f"=== {len(broken)} failed, {total - len(failed)} passed ===")
    return 1 if broken else 0


def _tags_of(modules):
    return ",".join(f"/{module}" for module in modules)


def _tags_again(failed):
    """Odoo's test tags of single tests, or of classes whose set-up failed."""
    return ",".join(f":{name}" for name in sorted(failed))


def _run(ready, template, modules, tags, with_us):
    database = f"{databases.PREFIX}core_{'with' if with_us else 'without'}"
    ready.databases.create(database, template)
    try:
        if with_us:
            ready.databases.odoo(
                "Odoo: installing our modules",
                database,
                *("-i", ",".join(paths.our_modules())),
                *("--skip-auto-install", "--stop-after-init", "--no-http"),
            )
        return _read(_test(ready, database, modules, tags, with_us))
    finally:
        ready.databases.drop(database)


def _test(ready, database, modules, tags, with_us):
    """Odoo's own runner, in its shell: the registry is complete when the first test runs.

    The usual way (`-u crm --test-tags /crm`) runs a module's tests while the modules after it are
    not loaded yet; ours would be in the database and missing in the registry.
    """
    title = f"Odoo's own tests {'with' if with_us else 'without'} our modules"
    script = paths.LOCAL / "core_tests.py"
    script.write_text(
        f"from odoo.tests.shell import run_tests\nprint(run_tests(env, {tags!r}, {modules!r}))\n"
    )
    command = [environment.PYTHON, "-m", "odoo", "shell", "-c", ready.config, "-d", database]
    command += ["--http-port", str(free_port()), "--log-level", "warn"]
    command += ["--log-handler", "odoo.tests:INFO"]
    with script.open() as commands:
        return run_logged(command, title, env=ready.variables(), cwd=paths.ROOT, stdin=commands)


def _read(log):
    text = log.read_text(errors="replace")
    totals = STATS.findall(text)
    if not totals:
        raise Failure(f"No test was run: {log} says why.")
    failed = {one or other for one, other in FAILED.findall(text)}
    return failed, max(int(total) for _f, _e, total in totals)
