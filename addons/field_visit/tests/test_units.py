from odoo.tests import HttpCase, tagged

from odoo.addons.field_base.tests.test_map_view import HOOT_SUCCESS, hoot_id


@tagged("post_install", "-at_install")
class TestUnits(HttpCase):
    """The parts of the web client, each by itself."""

    def test_units(self):
        suite = hoot_id("@field_visit")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal=HOOT_SUCCESS,
        )
