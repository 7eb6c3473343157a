"""`./field test`: lint, unit, Odoo, JavaScript and browser tests in one pytest run."""

import os
import subprocess

from .. import chromium, context, databases, environment, odoo_source, paths, samples
from ..console import notice, say
from . import core, lint

WITHOUT_ODOO = ("tests/lint", "tests/semgrep", "tests/unit", "tests/docker")
EVERYTHING = ("tests", "addons")
# Options of pytest whose value is a word of its own.
WITH_VALUE = (
    "-k",
    "-m",
    "-n",
    "-p",
    "-o",
    "-W",
    "-c",
    "--maxfail",
    "--durations",
    "--deselect",
    "--ignore",
)


def register(commands):
    parser = commands.add_parser(
        "test",
        allow_abbrev=False,
        help="lint, unit, Odoo, JavaScript and browser tests",
        description="Paths and further options go to pytest: "
        "./field test addons/field_visit -k check_in",
    )
    parser.add_argument("--core", action="store_true", help="Odoo's own tests with us installed")
    parser.add_argument("--workers", type=int, help="parallel workers (default: 2 for everything)")
    parser.add_argument("--keep", action="store_true", help="keep the test database")
    parser.set_defaults(run=run)


def run(options, rest):
    if options.core:
        return core.run(rest)
    chosen, others = split_paths(rest)
    if chosen and all(_is_below(part, WITHOUT_ODOO) for part in chosen):
        return _run_plain(chosen, others)
    return _run_with_odoo(options, chosen, others)


def split_paths(arguments):
    """Tell the paths among pytest's arguments from its options and their values.

    :return: two lists: paths as seen from the repository (with their `::test`), everything else
    """
    chosen, others = [], []
    for before, part in zip(["", *arguments], arguments, strict=False):
        file, *test = part.split("::")
        if before in WITH_VALUE or part.startswith("-") or not os.path.exists(file):
            others.append(part)
        else:
            chosen.append("::".join([os.path.relpath(os.path.abspath(file), paths.ROOT), *test]))
    return chosen, others


def _is_below(part, folders):
    file = os.path.normpath(part.split("::")[0])
    return any(file == folder or file.startswith(folder + os.sep) for folder in folders)


def _run_plain(chosen, others):
    """Tests that need neither Odoo nor a database."""
    environment.ensure(odoo_source.find())
    if any(_is_below(part, ("tests/lint", "tests/semgrep")) for part in chosen):
        environment.ensure_lint()
        environment.ensure_node()
    return _pytest(["-p", "no:odoo", *chosen, *others], lint.variables())


def _run_with_odoo(options, chosen, others):
    if not chosen or any(_is_below(part, ("tests",)) for part in chosen):
        environment_of_everything()
        samples.ensure()
    chromium.ensure()
    with context.prepared("test", max_cron_threads=0) as ready:
        environment.ensure_optional()
        template = ready.databases.ensure_template()
        bare = ready.databases.ensure_bare()
        database = f"{databases.PREFIX}test_{os.getpid()}"
        _forget_old_runs(ready.databases)
        try:
            _install(ready, database, template, modules_for(chosen))
            env = {
                **ready.variables(
                    FIELD_TEMPLATE_DB=template,
                    FIELD_BARE_DB=bare,
                    FIELD_ODOO_CONF=ready.config,
                    FIELD_PYTHON=environment.PYTHON,
                ),
                **{k: v for k, v in lint.variables().items() if k.startswith("FIELD_")},
            }
            return _pytest([*_odoo_options(ready, database, options, chosen), *others], env)
        finally:
            if options.keep:
                say(f"The database {database} is kept: ./field shell --db {database}")
            else:
                ready.databases.drop(database)


def environment_of_everything():
    source = odoo_source.find()
    environment.ensure(source)
    environment.ensure_lint()
    environment.ensure_node()


def modules_for(chosen):
    """Our modules that the chosen paths need: those they name, or all."""
    named = {
        os.path.relpath(part.split("::")[0], "addons").split(os.sep)[0]
        for part in chosen
        if _is_below(part, ("addons",))
    }
    ours = paths.our_modules()
    if chosen and all(_is_below(part, ("addons",)) for part in chosen) and named <= set(ours):
        return sorted(named)
    return ours


def _install(ready, database, template, modules):
    ready.databases.create(database, template)
    if modules:
        ready.databases.odoo(
            f"Odoo: installing {', '.join(modules) if len(modules) < 3 else 'our modules'}",
            database,
            *("-i", ",".join(modules), "--load-language", "zh_CN"),
            *("--skip-auto-install", "--stop-after-init", "--no-http"),
            strict=True,
        )


def _odoo_options(ready, database, options, chosen):
    workers = options.workers if options.workers is not None else (0 if chosen else 2)
    parallel = ["-n", str(workers), "--dist", "loadgroup"] if workers else []
    # What fails among thousands gets one more go: what is broken fails twice, what only met a slow
    # moment is named in the summary, to be mended. Somebody who asks for a test alone gets none.
    second_go = [] if chosen else ["--reruns", "1"]
    if not chromium.find():
        notice("NO CHROMIUM: BROWSER TESTS ARE SKIPPED IN THIS RUN.")
    return [
        *("-p", "odoo", f"--odoo-database={database}", f"--odoo-config={ready.config}"),
        *("--odoo-http", "--odoo-log-level=warn", "-p", "tests.support.worker_filestore"),
        *parallel,
        *second_go,
        *(chosen or EVERYTHING),
    ]


def _pytest(arguments, env):
    command = [environment.PYTHON, "-m", "pytest", *arguments]
    return subprocess.run(
        [str(part) for part in command], env=env, cwd=paths.ROOT, check=False
    ).returncode


def _forget_old_runs(found):
    """Drop databases of runs that were killed."""
    for name in found.names():
        parts = name.removeprefix(f"{databases.PREFIX}test_").split("-")
        if name.startswith(f"{databases.PREFIX}test_") and not _is_alive(parts[0]):
            found.drop(name)


def _is_alive(number):
    return number.isdigit() and os.path.exists(f"/proc/{number}")
