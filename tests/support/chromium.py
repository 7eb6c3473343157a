"""A Chromium without a test case: for measurements against a server of its own."""

import contextlib
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import requests
import websocket

from .programs import lift_memory_limit

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Tab:
    """One page, spoken to by the DevTools protocol."""

    def __init__(self, address):
        self._socket = websocket.create_connection(address, timeout=120, suppress_origin=True)
        self._last = 0

    def send(self, method, **params):
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._last:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]

    def js(self, expression):
        """The value of an expression, promises awaited."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise AssertionError(f"{answer['exceptionDetails']} in {expression[:200]}")
        return answer["result"].get("value")

    def wait(self, expression, what, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(AssertionError):
                if value := self.js(f"!!({expression})"):
                    return value
            time.sleep(0.05)
        raise AssertionError(f"waited in vain for {what}")

    def mouse(self, kind, x, y, **more):
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)


@contextlib.contextmanager
def tab(width=1400, height=900):
    """A fresh browser with one page."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if not program:
        raise AssertionError("Chromium is missing")
    with tempfile.TemporaryDirectory() as profile:
        process = subprocess.Popen(
            [
                program,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                f"--user-data-dir={profile}",
                f"--window-size={width},{height}",
                "about:blank",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lift_memory_limit,
        )
        try:
            yield Tab(_first_page(Path(profile) / "DevToolsActivePort", process))
        finally:
            process.terminate()
            process.wait(20)


def _first_page(port_file, process):
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, ValueError, IndexError, requests.RequestException):
            port = int(port_file.read_text().splitlines()[0])
            pages = requests.get(f"http://127.0.0.1:{port}/json", timeout=5).json()
            return next(p["webSocketDebuggerUrl"] for p in pages if p["type"] == "page")
        time.sleep(0.1)
    raise AssertionError("Chromium did not come up")
