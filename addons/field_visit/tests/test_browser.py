from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser

from .common import AT_CUSTOMER, FAR, VisitCommon, north


class BrowserCommon(VisitCommon):
    """The buttons of the visit in a real browser that stands somewhere."""

    allow_inherited_tests_method = True
    is_phone = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people()
        cls._set_up_places()

    @contextmanager
    def _standing_at(self, position):
        """The browser gives this position; with None it refuses."""
        navigate, test = ChromeBrowser.navigate_to, self

        def navigate_to(browser, url, wait_stop=False):
            send = browser._websocket_request
            if test.is_phone:
                size = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
                send("Emulation.setDeviceMetricsOverride", params=size)
            setting = "granted" if position else "denied"
            send(
                "Browser.setPermission",
                params={
                    "origin": test.base_url(),
                    "permission": {"name": "geolocation"},
                    "setting": setting,
                },
            )
            if position:
                place = {
                    "latitude": position["lat"],
                    "longitude": position["lng"],
                    "accuracy": position["accuracy"],
                }
                send("Emulation.setGeolocationOverride", params=place)
            return navigate(browser, url, wait_stop)

        with patch.object(ChromeBrowser, "navigate_to", navigate_to):
            yield

    def _play(self, tour, visit, position):
        self.env.flush_all()
        with self._standing_at(position):
            self.start_tour(f"/odoo/field-visits/{visit.id}", tour, login="v_rita", timeout=120)
        self.env.invalidate_all()

    def test_whole_visit(self):
        visit = self._plan()
        self._play("field_visit_whole_visit", visit, AT_CUSTOMER)
        self.assertEqual((visit.state, visit.end_source), ("done", "user"))
        self.assertEqual((visit.check_in_verdict, visit.check_out_verdict), ("inside", "inside"))
        self.assertAlmostEqual(visit.check_in_distance_m, 24, delta=0.1)
        self.assertEqual(visit.step_ids.mapped("state"), ["done", "cannot", "done", "todo"])

    def test_outside_with_another_visit_open(self):
        other, visit = self._plan(partner=self.lucky), self._plan()
        other.action_check_in(north(5000))
        self._play("field_visit_outside", visit, FAR)
        self.assertEqual((other.state, other.end_source), ("done", "next_visit"))
        self.assertEqual((visit.state, visit.check_in_verdict), ("in_progress", "outside"))

    def test_position_denied(self):
        visit = self._plan()
        self._play("field_visit_denied", visit, None)
        self.assertEqual((visit.state, visit.check_in_verdict), ("in_progress", "unverifiable"))


@tagged("post_install", "-at_install")
class TestBrowserDesktop(BrowserCommon, HttpCase):
    browser_size = "1400x900"


@tagged("post_install", "-at_install")
class TestBrowserPhone(BrowserCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True
    is_phone = True


@tagged("post_install", "-at_install")
class TestBrowserUnits(HttpCase):
    def test_units(self):
        """The browser's part of the work, without a server."""
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&filter=/%5E@field_visit/",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )
