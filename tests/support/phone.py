"""A phone that a test holds in its hand: Chromium with a profile that survives being closed.

Unlike `browser.py` it is not tied to a test case of Odoo, so that the server may be killed, started
again or be of another time. Clicks hit what lies on top at the middle of an element, as a finger.
"""

import base64
import contextlib
import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

from .browser import FIND, VISIBLE, WORD
from .odoo_process import free_port
from .programs import lift_memory_limit
from .repository import ROOT

PATIENCE = 45
CODE = re.compile(r"#[0-9a-f]+")
# What was changed is on the screen after two frames; a page behind another one draws none.
PAINTED = """new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(done));
    setTimeout(done, 500);
})"""
# OWL wraps errors: the one that tells something is the cause.
REMEMBER_CAUSES = """
    window.causes = [];
    const note = (error) => window.causes.push(String(error?.cause?.stack || error?.stack || error));
    window.addEventListener("error", (ev) => note(ev.error));
    window.addEventListener("unhandledrejection", (ev) => note(ev.reason));
"""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--no-first-run",
    "--mute-audio",
    "--hide-scrollbars",
    "--password-store=basic",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


def chromium():
    """The browser's program, or None."""
    names = (os.environ.get("FIELD_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


class Phone:
    """One phone: its profile stays when the browser is closed or killed.

    :param str url: the server's address
    :param place: what its GPS says: `(latitude, longitude, accuracy)`, or None when it is off
    :param str lang: the language it is set to; the app begins in it
    """

    size = (390, 844)
    #: More of the browser's own switches, such as what its camera sees.
    flags = ()

    def __init__(self, url, place=None, lang="en_US"):
        self.url, self.place, self.lang = url, place, lang
        self.profile = tempfile.mkdtemp(prefix="field-phone-")
        self.process = None
        self.tabs = []
        self.errors = []

    # --- life ----------------------------------------------------------------------------------
    def __enter__(self):
        self.switch_on()
        return self

    def __exit__(self, *_exc):
        self.switch_off()
        shutil.rmtree(self.profile, ignore_errors=True)

    def switch_on(self):
        """Start the browser with what it remembers."""
        port = free_port()
        self.process = subprocess.Popen(
            [
                chromium(),
                *FLAGS,
                *self.flags,
                f"--accept-lang={self.lang.replace('_', '-')}",
                f"--remote-debugging-port={port}",
                "--remote-allow-origins=*",
                f"--user-data-dir={self.profile}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lift_memory_limit,  # Odoo in this process has one; Chromium needs more
        )
        self.root = f"http://127.0.0.1:{port}"
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                if self._http("/json/version"):
                    break
            time.sleep(0.05)
        page = next(one for one in self._http("/json/list") if one["type"] == "page")
        self.tabs = [Tab(self, page["webSocketDebuggerUrl"])]

    def switch_off(self):
        """As when the battery dies: nothing is said goodbye to."""
        for tab in self.tabs:
            tab.close()
        self.process.kill()
        self.process.wait(20)

    def restart(self):
        """A cold start; what the disk has is what there is."""
        self.process.terminate()  # Chromium writes its databases while it runs, not when it ends
        self.process.wait(20)
        self.tabs[0].close()
        self.switch_on()
        return self.tab

    @property
    def tab(self):
        return self.tabs[0]

    def open_tab(self):
        """A second window of the same browser."""
        page = self._http("/json/new?about:blank", method="PUT")
        self.tabs.append(Tab(self, page["webSocketDebuggerUrl"]))
        return self.tabs[-1]

    def _http(self, path, method="GET"):
        request = urllib.request.Request(self.root + path, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


class PageGone(AssertionError):
    """The page was left while it was asked something."""


def _failure(method, error):
    kind = PageGone if "navigated" in error.get("message", "") else AssertionError
    return kind(f"{method}: {error}")


class Tab:
    """One page; each method waits for what it needs."""

    def __init__(self, phone, address):
        self.phone = phone
        self.socket = websocket.create_connection(address, timeout=60, suppress_origin=True)
        self.numbers = itertools.count(1)
        width, height = phone.size
        self.send("Page.enable")
        self.send("Runtime.enable")
        self.send("Network.enable")
        self.send("Page.addScriptToEvaluateOnNewDocument", source=REMEMBER_CAUSES)
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2,
            mobile=True,
        )
        self.send("Emulation.setTouchEmulationEnabled", enabled=True)
        self.place(phone.place)

    def close(self):
        with contextlib.suppress(OSError, websocket.WebSocketException):
            self.socket.close()

    # --- talking to the browser ----------------------------------------------------------------
    def send(self, method, **params):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise _failure(method, message["error"])
                return message["result"]
            self._note(message)

    def _note(self, message):
        if message.get("method") == "Runtime.exceptionThrown":
            details = message["params"]["exceptionDetails"]
            text = details.get("exception", {}).get("description") or details["text"]
            self.phone.errors.append(text)

    def js(self, expression):
        """The value of an expression, promises awaited."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise AssertionError(f"{answer['exceptionDetails']} in {expression}")
        return answer["result"].get("value")

    # --- circumstances -------------------------------------------------------------------------
    def place(self, place):
        """Where the phone is now; None: it does not say."""
        origin = self.phone.url
        setting = "granted" if place else "denied"
        for name, value in (("geolocation", setting), ("camera", "granted")):
            self.send(
                "Browser.setPermission", origin=origin, permission={"name": name}, setting=value
            )
        if place:
            latitude, longitude, accuracy = place
            self.send(
                "Emulation.setGeolocationOverride",
                latitude=latitude,
                longitude=longitude,
                accuracy=accuracy,
            )

    def travel(self, zone):
        """The phone is in another time zone."""
        self.send("Emulation.setTimezoneOverride", timezoneId=zone)

    def offline(self, is_offline=True):
        """Airplane mode of this page."""
        self.send(
            "Network.emulateNetworkConditions",
            offline=is_offline,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )

    def slow_down(self, factor):
        """A processor that many times slower."""
        self.send("Emulation.setCPUThrottlingRate", rate=factor)

    # --- looking -------------------------------------------------------------------------------
    def go(self, path="/field/"):
        self.send("Page.navigate", url=self.phone.url + path)
        self.ready()

    def reload(self):
        self.send("Page.reload")
        time.sleep(0.2)
        self.ready()

    def ready(self):
        self.wait("window.fieldApp && fieldApp.state.phase !== 'starting'", "the app")

    def wait(self, expression, what, seconds=PATIENCE):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(PageGone):
                value = self.js(
                    f"(() => {{ try {{ const found = {expression};"
                    " return found instanceof Node ? true : found; } catch {} })()"
                )
                if value:
                    return value
            time.sleep(0.05)
        self.picture("failed")
        raise AssertionError(
            f"waited in vain for {what}; the page says: {self.text()[:1500]}; {self.phone.errors}"
            f" {self.js('window.causes')}"
        )

    def see(self, selector, text=""):
        found = f"!!{FIND}({json.dumps(selector)}, {json.dumps(text)})"
        self.wait(found, f"{selector} {text}")

    def gone(self, selector, text=""):
        self.wait(f"!{FIND}({json.dumps(selector)}, {json.dumps(text)})", f"no {selector} {text}")

    def text(self):
        return " | ".join(self.js(VISIBLE) or [])

    def foreign_words(self, allowed=()):
        """English words on the screen, sorted; `allowed` are names and units.

        The code on a photo (#2ba9af) is no word.
        """
        texts = (CODE.sub("", text) for text in self.js(VISIBLE))
        words = {word for text in texts for word in WORD.findall(text)}
        return sorted(words - set(allowed))

    # --- doing ---------------------------------------------------------------------------------
    def tap(self, selector, text=""):
        """Touch the middle of the element; it must lie on top there."""
        element = f"{FIND}({json.dumps(selector)}, {json.dumps(text)})"
        self.see(selector, text)
        with contextlib.suppress(PageGone):
            self.js(PAINTED)  # what the tap before this one brought may have moved it
        where = self.wait(
            f"""(() => {{
                if (document.getAnimations().some((one) => one.playState === "running")) {{
                    return null; // a finger waits until it has come up
                }}
                const element = {element};
                element.scrollIntoView({{ block: "nearest" }});
                const box = element.getBoundingClientRect();
                const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                const hit = document.elementFromPoint(x, y);
                return !element.disabled && hit && (element.contains(hit) || hit.contains(element))
                    && {{ x, y }};
            }})()""",
            f"a way to tap on {selector} {text}",
        )
        self.send("Input.dispatchTouchEvent", type="touchStart", touchPoints=[where])
        self.send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def rest(self, x, y):
        """A finger rests at a point of the screen until something has come of it, and is lifted."""
        left = self.js("location.hash")
        self.send("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        self.wait(f"location.hash !== {json.dumps(left)}", "something to come of the long press")
        self.send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def type(self, selector, text):
        self.tap(selector)
        self.js(f"document.querySelector({json.dumps(selector)}).select?.()")
        self.send("Input.insertText", text=text)

    def picture(self, name):
        """Keep a picture of the screen when `FIELD_PICTURES` names a folder."""
        folder = os.environ.get("FIELD_PICTURES")
        if not folder:
            return
        self.js("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
        data = self.send("Page.captureScreenshot", format="png")["data"]
        path = ROOT / folder / f"{re.sub(r'[^a-z0-9-]', '-', name.lower())}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(base64.b64decode(data))

    def small_targets(self):
        """What a finger would miss: buttons and links below 48 px in any direction."""
        return self.js(
            """[...document.querySelectorAll(".o_fa button, .o_fa a[href]")]
                .filter((one) => one.checkVisibility())
                .map((one) => [one.getBoundingClientRect(), one.innerText || one.ariaLabel])
                .filter(([box]) => Math.round(box.width) < 48 || Math.round(box.height) < 48)
                .map(([box, text]) => `${text} ${Math.round(box.width)}x${Math.round(box.height)}`)
            """
        )

    def is_wider_than_the_screen(self):
        return self.js("document.documentElement.scrollWidth > window.innerWidth + 1")
