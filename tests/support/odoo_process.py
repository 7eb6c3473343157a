"""Odoo as a program, for tests that install, upgrade, uninstall or serve.

Everything comes from the environment that `./field test` sets: FIELD_PYTHON, FIELD_ODOO_CONF, and
the server as PGHOST, PGPORT, PGUSER, PGPASSWORD. FIELD_ODOO_BIN names another odoo-bin than
`-m odoo`.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from cli import odoo_log

from .programs import lift_memory_limit
from .repository import ROOT

HOST = "127.0.0.1"
RECORD = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ [A-Z]+ ")
MOST_RECORDS, MOST_LINES = 8, 40
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


def setting(name):
    """A setting that `./field test` exports; the test is skipped when it is not there.

    In CI nothing is skipped: there the command always exports it.
    """
    value = os.environ.get(name)
    if value:
        return value
    message = f"{name} is not set: run this through `./field test`"
    return pytest.fail(message, pytrace=False) if os.environ.get("CI") else pytest.skip(message)


def command(*arguments, subcommand=None):
    """The command line that starts Odoo with the test configuration."""
    python = os.environ.get("FIELD_PYTHON") or sys.executable
    program = os.environ.get("FIELD_ODOO_BIN")
    start = [python, program] if program else [python, "-m", "odoo"]
    sub = [subcommand] if subcommand else []
    return [*start, *sub, "-c", setting("FIELD_ODOO_CONF"), *map(str, arguments)]


def environment():
    """The environment for Odoo: one database only, the one that `-d` names."""
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
    for name in ("PGDATABASE", "ODOO_RC"):
        env.pop(name, None)
    return env


def free_port():
    """A port on the loopback interface that nobody uses now."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _records(log):
    """A log as records: the line with the time, and what follows it, as a traceback does."""
    records = []
    for line in log.splitlines():
        if RECORD.match(line) or not records:
            records.append([])
        records[-1].append(line)
    return records


class Run:
    """One finished run of Odoo and what it logged."""

    def __init__(self, title, done):
        self.title = title
        self.returncode = done.returncode
        self.log = done.stdout

    def complaint(self, allowed=()):
        """What is wrong with the run, as text; empty when Odoo ended well and logged no warning.

        :param allowed: regular expressions of lines that are known and harmless
        """
        lines = {
            line
            for line in odoo_log.complaints(self.log)
            if not any(re.search(pattern, line) for pattern in allowed)
        }
        records = [record for record in _records(self.log) if record[0] in lines]
        if records:
            shown = "\n".join("\n".join(record[:MOST_LINES]) for record in records[:MOST_RECORDS])
            return f"{self.title}: {len(records)} warnings or errors, the first are:\n{shown}"
        if self.returncode:
            tail = "\n".join(self.log.splitlines()[-60:])
            return f"{self.title} ended with {self.returncode}:\n{tail}"
        return ""

    def assert_clean(self, allowed=()):
        """Fail when something is wrong with the run, see `complaint`."""
        complaint = self.complaint(allowed)
        if complaint:
            pytest.fail(complaint, pytrace=False)

    def tests_run(self):
        """How many tests Odoo's own runner executed."""
        return max((int(total) for _failed, _errors, total in RESULT.findall(self.log)), default=0)


def run(title, *arguments, subcommand=None, script=None, timeout=900):
    """Run Odoo to its end.

    :param str title: what it does, for the message of a failure
    :param str script: Python for `odoo shell`, given on standard input
    :param timeout: seconds after which it is ended and the test fails
    :return: a `Run`
    """
    process = subprocess.Popen(
        command(*arguments, subcommand=subcommand),
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE if script else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
        preexec_fn=lift_memory_limit,
    )
    try:
        output, _none = process.communicate(script, timeout=timeout)
    except subprocess.TimeoutExpired:
        _stop(process)
        tail = "\n".join(process.communicate()[0].splitlines()[-60:])
        pytest.fail(f"{title} did not end within {timeout} s:\n{tail}", pytrace=False)
    finally:
        _stop(process)
    return Run(title, subprocess.CompletedProcess(process.args, process.returncode, output))


def _stop(process):
    """End a process of ours and everything it started: it leads a session of its own."""
    if process.poll() is not None:
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
            return


@contextlib.contextmanager
def serving(database, *arguments, log=None, timeout=120):
    """A server on a free port of the loopback interface for as long as the block lasts.

    :param log: file that receives the log; thrown away without one
    :param timeout: seconds to wait for the first answer
    :return: the server's address, as in `http://127.0.0.1:8069`
    """
    port = free_port()
    options = ("-d", database, "--http-interface", HOST, "--http-port", port)
    options += ("--db-filter", f"^{re.escape(database)}$", "--max-cron-threads", 0)
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(open(log, "w")) if log else subprocess.DEVNULL
        process = subprocess.Popen(
            command(*options, *arguments),
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lift_memory_limit,
        )
        stack.callback(_stop, process)
        address = f"http://{HOST}:{port}"
        _wait_until_healthy(process, address, timeout)
        yield address


def _wait_until_healthy(process, address, timeout):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"Odoo ended with {process.returncode} before it served", pytrace=False)
        try:
            with urllib.request.urlopen(f"{address}/web/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"Odoo did not answer within {timeout} s", pytrace=False)
