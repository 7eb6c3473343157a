"""`./field demo`: a living field-sales system on this machine, with one call."""

import os
import subprocess
import time
import urllib.request
from pathlib import Path

from .. import context, databases, environment, odoo_log, paths, ports, stamps
from ..console import Failure, notice, say, step
from ..console import run as run_logged

DEFAULT_PORT = 8069
LOCALISATION = "l10n_cn"
BUILDING = databases.PREFIX + "building"
INSTALLED = databases.PREFIX + "draft_suite"
CURRENT = "demo-code"
CODE = (".py", ".xml", ".csv", ".po")
WORKERS = ("--max-cron-threads", "1")


def register(commands):
    parser = commands.add_parser(
        "demo", help="set up and run the system with demo data and simulated reps"
    )
    parser.add_argument("--port", type=int, help=f"port of the web server (default {DEFAULT_PORT})")
    parser.add_argument("--no-simulator", action="store_true", help="no simulated reps")
    parser.add_argument("--once", action="store_true", help="set up only, do not serve")
    parser.add_argument("--lang", choices=("en_US", "zh_CN"), help="language of the demo logins")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="how fast the simulated reps live (default 1)"
    )
    parser.set_defaults(run=run)


def run(options, _rest):
    port = _choose_port(options.port) if not options.once else None
    with context.prepared("demo") as ready:
        _ensure_database(ready)
        if options.lang:
            _call(ready, "demo.language", options.lang, title="Setting the language of the logins")
        if options.once:
            say("The demo is set up: ./field demo starts it.")
            return 0
        return _serve(ready, port, options)


def _choose_port(wanted):
    """The wanted port, or the first free one from the default on.

    :raises Failure: the port that was asked for is taken
    """
    if wanted:
        if not ports.is_free(wanted):
            raise Failure(f"Port {wanted} is taken: choose another with --port.")
        return wanted
    for port in range(DEFAULT_PORT, DEFAULT_PORT + 20):
        if ports.is_free(port):
            if port != DEFAULT_PORT:
                notice(f"Port {DEFAULT_PORT} is taken: {port} is used.")
            return port
    raise Failure("No port between 8069 and 8088 is free: choose one with --port.")


def _ensure_database(ready):
    """Create the demo database once. It is built under another name and renamed when complete,
    so that a run that was killed leaves nothing that looks finished."""
    if ready.databases.exists(databases.DEMO):
        _ensure_updated(ready)
        return
    installed = _ensure_installed(ready)
    ready.databases.create(BUILDING, template=installed)
    _call(
        ready, "demo.build", database=BUILDING, title="Demo: a company, its shops, its last weeks"
    )
    ready.databases.rename(BUILDING, databases.DEMO)
    ready.databases.drop(installed)
    stamps.set_done(CURRENT, _code(ready))


def _ensure_updated(ready):
    """A demo that was made by older code is updated, as an administrator updates modules."""
    if stamps.is_done(CURRENT, _code(ready)):
        return
    ready.databases.odoo(
        "Demo: updating the modules, their code is newer",
        databases.DEMO,
        *("-u", ",".join(paths.our_modules())),
        *("--skip-auto-install", "--stop-after-init", "--no-http"),
    )
    stamps.set_done(CURRENT, _code(ready))


def _code(ready):
    """Short for the code that a database was made with."""
    files = sorted(path for path in paths.ADDONS.rglob("*") if path.suffix in CODE)
    return stamps.fingerprint(ready.source.version, *files)


def _ensure_installed(ready):
    """A database with the suite installed and no company in it: the longer half of the work, kept
    until the demo is complete so that it need not be done twice.

    :return: its name
    """
    name = f"{INSTALLED}_{_code(ready)[:8]}"
    if ready.databases.exists(name):
        return name
    for old in ready.databases.names():
        if old.startswith(INSTALLED):
            ready.databases.drop(old)
    modules = [*databases.dependencies(), *paths.our_modules(), *_localisation(ready.source)]
    ready.databases.create(BUILDING)
    ready.databases.odoo(
        "Demo: installing Odoo's apps and the suite (a few minutes, once)",
        BUILDING,
        *("-i", ",".join(modules), "--load-language", "zh_CN"),
        *("--skip-auto-install", "--stop-after-init", "--no-http"),
    )
    ready.databases.rename(BUILDING, name)
    return name


def _localisation(source):
    """China's chart of accounts, where this Odoo has it: the demo company is in Shanghai."""
    folders = [Path(folder) / LOCALISATION for folder in source.addons]
    return [LOCALISATION] if any(folder.is_dir() for folder in folders) else []


def _call(ready, module, *arguments, title, database=databases.DEMO):
    """Run one of our demo programs inside Odoo, its output in a log."""
    log = run_logged(
        [environment.PYTHON, "-m", module, *arguments],
        title,
        env=ready.variables(database=database),
        cwd=paths.ROOT,
    )
    odoo_log.check(log)


def _serve(ready, port, options):
    url = f"http://{ports.HOST}:{port}"
    server = _start_server(ready, port)
    simulator = None
    try:
        _wait_until_up(server, url)
        if not options.no_simulator:
            simulator = _start_simulator(ready, url, options.speed)
        _welcome(url, simulator)
        return server.wait()
    finally:
        for process in filter(None, (simulator, server)):
            _stop(process)


def _start_server(ready, port):
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    command = [environment.PYTHON, "-m", "odoo", "-c", ready.config, "-d", databases.DEMO]
    command += ["--http-port", port, "--db-filter", f"^{databases.DEMO}$", *WORKERS]
    return _background(command, ready.variables(), paths.LOGS / "server.log")


def _start_simulator(ready, url, speed):
    command = [environment.PYTHON, "-m", "simulator", "--url", url, "--speed", speed]
    return _background(command, ready.variables(), paths.LOGS / "simulator.log")


def _background(command, env, log):
    """Start a program in a session of its own, so that Ctrl-C reaches us first."""
    with log.open("w") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            env=env,
            cwd=paths.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait_until_up(server, url, seconds=180):
    with step("Starting the server"):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if server.poll() is not None:
                break
            if _answers(f"{url}/web/health"):
                return
            time.sleep(0.5)
    raise Failure("The server did not come up: .local/logs/server.log says why.")


def _answers(address):
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except OSError:
        return False


def _welcome(url, simulator):
    from demo.people import LOGINS

    say()
    say(f"  The field-sales system runs: {url}")
    say()
    say(f"  {'login':<12}{'password':<12}{'who':<30}where to look first")
    for login in LOGINS:
        say(f"  {login.login:<12}{login.password:<12}{login.who:<30}{url}{login.path}")
    say()
    if simulator:
        say("  Eight simulated reps are on the road now.")
    say("  On a phone in the same network, put a reverse proxy with HTTPS in front (docker/).")
    say("  Ctrl-C stops everything.")


def _stop(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, 9)
            process.wait()
