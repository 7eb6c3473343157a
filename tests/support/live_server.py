"""A server that a test starts, kills and starts again."""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time

import requests

from . import odoo_process, sync_client
from .repository import ROOT

#: Processes die at their time limit, and that of the tests' settings is 0.
LIMITS = ("--limit-time-real", 120, "--limit-time-cpu", 60)


class LiveServer:
    """Odoo on a free port of the loopback interface, with its scheduled jobs running.

    The port stays the same over all starts, as an address that phones know.
    """

    def __init__(self, database, log, workers=0):
        """
        :param int workers: processes that answer, as in production; 0 is one with threads
        """
        self.database, self.log, self.workers = database, log, workers
        self.port = odoo_process.free_port()
        self.url = f"http://{odoo_process.HOST}:{self.port}"
        self.process = None
        self._local = threading.local()

    def start(self, timeout=180):
        """Start it and wait for its first answer; the log goes on where it was."""
        command = odoo_process.command(
            *("-d", self.database, "--db-filter", f"^{re.escape(self.database)}$"),
            *("--http-interface", odoo_process.HOST, "--http-port", self.port),
            *("--max-cron-threads", 1, "--log-level", "info"),
            *("--workers", self.workers, "--gevent-port", odoo_process.free_port()),
            *(LIMITS if self.workers else ()),
        )
        with open(self.log, "a") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=odoo_process.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        end = time.monotonic() + timeout
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(requests.RequestException):
                if self.session.get(f"{self.url}/field/api/v1/health", timeout=10).ok:
                    return
            time.sleep(0.3)
        raise AssertionError(f"the server did not come up:\n{self.tail()}")

    def kill(self):
        """SIGKILL: no goodbye, no rollback, no flush."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def stop(self):
        """End it in peace; by force when it does not listen."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    @property
    def session(self):
        """A connection of the calling thread's own, as each phone has one."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False
        return self._local.session

    def http(self, method, path, headers, body):
        """One request; a transport for the phones of tests/support."""
        response = self.session.request(
            method, self.url + path, headers=headers, data=body, timeout=120, allow_redirects=False
        )
        return sync_client.from_response(response)

    def tail(self, lines=40):
        with open(self.log, errors="replace") as file:
            return "".join(file.readlines()[-lines:])

    def text(self):
        with open(self.log, errors="replace") as file:
            return file.read()
