"""`./field test --core`: Odoo's own tests, with our modules installed.

The same tests run with and without our modules on two clones of one database. What fails
without us is not our business; what fails only with us is a failure.
"""

import re

from .. import context, databases, environment, paths
from ..console import Failure, say
from ..console import run as run_logged
from ..ports import free_port

MODULES = ("crm", "sale", "account", "hr_expense")
FAILED = re.compile(r" (?:FAIL|ERROR): (\S+)")
STATS = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


def run(rest):
    """Compare both runs and print pytest's kind of closing line.

    :param list rest: names of Odoo modules, or nothing for all four
    :return: 0 when our modules break none of Odoo's tests
    """
    modules = [part for part in rest if not part.startswith("-")] or list(MODULES)
    with context.prepared("test", max_cron_threads=0) as ready:
        template = ready.databases.ensure_template()
        without, _total = _run(ready, template, modules, with_us=False)
        with_us, total = _run(ready, template, modules, with_us=True)
    broken = sorted(with_us - without)
    for name in broken:
        say(f"FAILED {name}")
    say(f"fails without us too: {len(with_us & without)}")
    say(f"=== {len(broken)} failed, {total - len(with_us)} passed ===")
    return 1 if broken else 0


def _run(ready, template, modules, with_us):
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
        return _read(_test(ready, database, modules, with_us))
    finally:
        ready.databases.drop(database)


def _test(ready, database, modules, with_us):
    """Odoo's own runner: its exit code only says that something failed, the log says what."""
    title = f"Odoo's own tests {'with' if with_us else 'without'} our modules"
    tags = ",".join(f"/{module}" for module in modules)
    command = [environment.PYTHON, "-m", "odoo", "-c", ready.config, "-d", database]
    command += ["-u", ",".join(modules), "--test-tags", tags, "--stop-after-init"]
    command += ["--http-port", str(free_port()), "--log-level", "warn"]
    command += ["--log-handler", "odoo.tests:INFO"]
    log = paths.LOGS / f"odoo-s-own-tests-{'with' if with_us else 'without'}-our-modules.log"
    try:
        run_logged(command, title, env=ready.variables(), cwd=paths.ROOT)
    except Failure:
        if not STATS.search(log.read_text(errors="replace")):
            raise
    return log


def _read(log):
    text = log.read_text(errors="replace")
    totals = STATS.findall(text)
    if not totals:
        raise Failure(f"No test was run: {log} says why.")
    return set(FAILED.findall(text)), max(int(total) for _f, _e, total in totals)
