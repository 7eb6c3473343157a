"""A browser window that a test drives step by step, as a person would.

Built on Odoo's own Chromium driver, which reports every error of the page's console. A click is
only possible where a finger would hit the element: what is hidden behind something else, or lies
outside the screen, fails the test.
"""

import base64
import contextlib
import json
import os
import re
import time
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urljoin

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests.common import HOST, ChromeBrowser, get_db_name

from .repository import ROOT

PATIENCE = 60  # seconds; the first page of a run builds the assets
WORD = re.compile(r"[A-Za-z][A-Za-z'’]+")
# Texts that a person can read now: text nodes, and what stands in empty fields and on images.
VISIBLE = """
(() => {
    const found = [];
    const shown = (element) =>
        element && element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        const parent = node.parentElement;
        const text = node.textContent.trim();
        if (text && shown(parent) && !parent.closest("script, style, .fa, .oi, [data-no-words]")) {
            found.push(text);
        }
    }
    for (const field of document.querySelectorAll("[placeholder]")) {
        if (shown(field) && !field.value) {
            found.push(field.placeholder);
        }
    }
    return found;
})()
"""
FIND = """
((selector, text) => [...document.querySelectorAll(selector)].find(
    (element) => element.checkVisibility() && (!text || element.textContent.includes(text))
))
"""


class Page:
    """The window; every method waits for what it needs."""

    def __init__(self, case, browser):
        self.case, self.browser = case, browser

    # --- asking --------------------------------------------------------------------------------
    def js(self, expression, timeout=PATIENCE):
        """The value of an expression, promises awaited."""
        answer = self.browser._websocket_request(
            "Runtime.evaluate",
            params={"expression": expression, "awaitPromise": True, "returnByValue": True},
            timeout=timeout,
        )
        self.check_console()
        if "exceptionDetails" in answer:
            raise AssertionError(f"{answer['exceptionDetails']} in {expression}")
        return answer["result"].get("value")

    def check_console(self):
        """Fail when the page's console has shown an error."""
        result = self.browser._result
        if result.done() and not result.cancelled() and result.exception():
            raise AssertionError(f"the console says: {result.exception()}")

    def wait(self, expression, what, seconds=PATIENCE):
        """Wait until an expression is true.

        :return: its value
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.js(f"(() => {{ try {{ return {expression}; }} catch {{}} }})()")
            if value:
                return value
            time.sleep(0.1)
        self.picture("failed")
        raise AssertionError(f"waited in vain for {what}; the page says: {self.text()[:1500]}")

    def see(self, selector, text=""):
        """Wait until something is to be seen."""
        self.wait(self._found(selector, text), f"{selector} {text}")

    def shows(self, selector, text=""):
        """Whether something is to be seen now."""
        return self.js(self._found(selector, text))

    def _found(self, selector, text):
        return f"!!{FIND}({json.dumps(selector)}, {json.dumps(text)})"

    def gone(self, selector, text=""):
        """Wait until nothing like it is to be seen."""
        self.wait(f"!{FIND}({json.dumps(selector)}, {json.dumps(text)})", f"no {selector} {text}")

    def count(self, selector):
        return self.js(f"document.querySelectorAll({json.dumps(selector)}).length")

    def text(self):
        """Everything that can be read."""
        return " | ".join(self.js(VISIBLE))

    def foreign_words(self, allowed=()):
        """English words on the screen, sorted; `allowed` are names and units."""
        words = {word for text in self.js(VISIBLE) for word in WORD.findall(text)}
        return sorted(words - set(allowed))

    def is_wider_than_the_screen(self):
        return self.js("document.documentElement.scrollWidth > window.innerWidth + 1")

    # --- doing ---------------------------------------------------------------------------------
    def click(self, selector, text=""):
        """Click in the middle of the element, with the mouse or a finger."""
        self.see(selector, text)
        element = f"{FIND}({json.dumps(selector)}, {json.dumps(text)})"
        where = self.wait(
            f"""(async () => {{
                const middle = () => {{
                    const box = {element}?.getBoundingClientRect();
                    return box && {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }};
                }};
                {element}?.scrollIntoView({{ block: "center", inline: "center" }});
                const before = middle();
                for (let frame = 0; frame < 3; frame++) {{
                    await new Promise(requestAnimationFrame);
                }}
                const after = middle();
                if (!before || !after || before.x !== after.x || before.y !== after.y) {{
                    return false; // a menu that is still opening moves away under the finger
                }}
                const [hit, element] = [document.elementFromPoint(after.x, after.y), {element}];
                return hit && (element.contains(hit) || hit.contains(element)) && after;
            }})()""",
            f"a way to click on {selector} {text}",
        )
        if self.case.touch_enabled:
            self._send("Input.dispatchTouchEvent", type="touchStart", touchPoints=[where])
            self._send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        else:
            for kind in ("mousePressed", "mouseReleased"):
                self._send(
                    "Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **where
                )
        self.check_console()

    def drag(self, selector, target):
        """Drag the element's middle to the middle of another one, with the mouse."""
        self.see(selector)
        self.see(target)
        points = self.js(
            f"""[{json.dumps(selector)}, {json.dumps(target)}].map((one) => {{
                const box = document.querySelector(one).getBoundingClientRect();
                return {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }};
            }})"""
        )
        start, end = points
        path = [
            {axis: start[axis] + (end[axis] - start[axis]) * part / 4 for axis in ("x", "y")}
            for part in range(5)
        ]
        self._send("Input.dispatchMouseEvent", type="mouseMoved", **start)
        self._send("Input.dispatchMouseEvent", type="mousePressed", button="left", **start)
        for point in [*path, end]:
            self._send(
                "Input.dispatchMouseEvent", type="mouseMoved", button="left", buttons=1, **point
            )
            self.js("new Promise(requestAnimationFrame).then(() => true)")
        self._send("Input.dispatchMouseEvent", type="mouseReleased", button="left", **end)
        self.check_console()

    def type(self, selector, text):
        """Type into a field."""
        self.click(selector)
        self._send("Input.insertText", text=text)
        self.check_console()

    def choose_file(self, selector, path):
        """Put a file into a file input, as the camera or the file dialog would."""
        root = self._send("DOM.getDocument", depth=0)["root"]["nodeId"]
        node = self._send("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self._send("DOM.setFileInputFiles", files=[str(path)], nodeId=node)

    def settle(self):
        """Wait until nothing is loading or moving any more."""
        self.wait(
            "document.readyState === 'complete' && !document.querySelector("
            "'.o_loading_indicator, .o_blockUI, .o_view_sample_data .fa-spin')",
            "the page to be at rest",
        )
        self.js(
            "Promise.race([Promise.allSettled(document.getAnimations().map((a) => a.finished)),"
            " new Promise((done) => setTimeout(done, 1500))])"
            ".then(() => new Promise((done) => setTimeout(done, 150))).then(() => true)"
        )

    def picture(self, name):
        """Keep a picture of the screen when `FIELD_PICTURES` names a folder."""
        folder = os.environ.get("FIELD_PICTURES")
        if not folder or (name == "failed" and not folder):
            return
        if name != "failed":
            self.settle()
        data = self._send("Page.captureScreenshot", format="png")["data"]
        path = ROOT / folder / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(base64.b64decode(data))

    def _send(self, method, **params):
        return self.browser._websocket_request(method, params=params, timeout=PATIENCE)


def prepare_assets():
    """Build the bundles of the web client once, for good, before any test needs them.

    Within a test the building would be done by a request that holds the only cursor, and again for
    each test, because what a test writes is rolled back.
    """
    with db_connect(get_db_name()).cursor() as cr:
        api.Environment(cr, SUPERUSER_ID, {})["ir.qweb"]._pregenerate_assets_bundles()


@contextlib.contextmanager
def window(case, login, path, position=None):
    """A fresh browser in which somebody has logged in and opened a page.

    Use no records of the test while it is open: the server works in the test's transaction.

    :param case: an `odoo.tests.HttpCase`; `browser_size`, `touch_enabled` and, if it has one,
        `browser_zone` (the time zone of the browser) count
    :param position: what the browser's geolocation says: `(latitude, longitude, accuracy)`
    """
    case.env.flush_all()
    browser = ChromeBrowser(case)
    page = Page(case, browser)
    with case.allow_requests(browser=browser), contextlib.ExitStack() as stack:
        stack.callback(case._wait_remaining_requests)
        stack.callback(browser.stop)
        _quiet_bus(case, stack)
        case.authenticate(login, login, browser=browser)
        case.cr.flush()
        case.cr.clear()
        _emulate(case, page, position)
        browser.navigate_to(urljoin(case.base_url(), path))
        page.wait("document.readyState === 'complete' && location.host", "the page")
        yield page
        page.check_console()
        # from here on the page goes away: an answer that comes too late is no error
        if not browser._result.done():
            browser._result.set_result(True)
    case.env.invalidate_all()


def _quiet_bus(case, stack):
    """No websocket: it would keep a connection to the test's transaction."""
    if "bus.bus" in case.env.registry:
        from odoo.addons.bus.websocket import CloseCode, WebsocketConnectionHandler, _kick_all

        stack.callback(_kick_all, CloseCode.KILL_NOW)
        stack.enter_context(
            patch.object(WebsocketConnectionHandler, "websocket_allowed", return_value=True)
        )


def _emulate(case, page, position):
    width, height = (int(part) for part in re.split("[x,]", case.browser_size))
    phone = case.touch_enabled
    page._send(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=height,
        deviceScaleFactor=2 if phone else 1,
        mobile=phone,
    )
    if phone:
        page._send("Emulation.setTouchEmulationEnabled", enabled=True)
    if zone := getattr(case, "browser_zone", None):
        page._send("Emulation.setTimezoneOverride", timezoneId=zone)
    if position:
        latitude, longitude, accuracy = position
        page._send(
            "Browser.setPermission",
            origin=f"http://{HOST}:{case.http_port()}",
            permission={"name": "geolocation"},
            setting="granted",
        )
        page._send(
            "Emulation.setGeolocationOverride",
            latitude=latitude,
            longitude=longitude,
            accuracy=accuracy,
        )
