from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..tools.area import area_contains, read_area
from .common import REP


class ClaimTourCommon(HttpCase):
    def setUp(self):
        super().setUp()
        quiet = {"no_reset_password": True}
        self.rep = new_test_user(self.env, "pool_tour_rep", groups=REP, context=quiet)
        self.pool = self.env["field.lead.pool"].create(
            {"name": "Shanghai East", "member_ids": [Command.set(self.rep.ids)]}
        )
        vals = {"user_id": False, "team_id": False, "field_pool_id": self.pool.id}
        names = ["Corner shop", "Noodle bar", "Tea house"]
        self.leads = self.env["crm.lead"].create([{"name": name, **vals} for name in names])


@tagged("post_install", "-at_install")
class TestClaimTourDesktop(ClaimTourCommon):
    browser_size = "1400x900"

    def test_claim_on_the_desktop(self):
        self.start_tour("/odoo/lead-pool", "field_crm_claim_desktop", login=self.rep.login)
        self.env.invalidate_all()
        self.assertEqual(self.leads.user_id, self.rep)
        self.assertFalse(self.leads.filtered(lambda lead: not lead.user_id))


@tagged("post_install", "-at_install")
class TestClaimTourPhone(ClaimTourCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_claim_on_the_phone(self):
        self.start_tour("/odoo/lead-pool", "field_crm_claim_phone", login=self.rep.login)
        self.env.invalidate_all()
        self.assertEqual(self.leads.mapped("user_id"), self.rep)
        self.assertFalse(self.leads[2].user_id)


@tagged("post_install", "-at_install")
class TestRegionTour(HttpCase):
    browser_size = "1400x900"

    def test_region_is_drawn_on_the_map(self):
        manager = new_test_user(
            self.env,
            "region_tour",
            groups="sales_team.group_sale_manager",
            context={"no_reset_password": True},
        )
        region = self.env["field.lead.region"].create({"name": "East"})
        action = self.env.ref("field_crm.field_lead_region_action")
        url = f"/odoo/action-{action.id}/{region.id}"
        self.start_tour(url, "field_crm_region_map", login=manager.login)
        region.invalidate_recordset()
        rings = read_area(region.area)
        self.assertEqual([len(ring) for ring in rings], [4, 4], "two closed triangles")
        for ring in rings:
            lng, lat = (sum(corner[axis] for corner in ring[:3]) / 3 for axis in (0, 1))
            self.assertTrue(area_contains(rings, lat, lng))
        self.assertLess(max(x for x, _y in rings[0]), min(x for x, _y in rings[1]))


@tagged("post_install", "-at_install")
class TestBrowserUnits(HttpCase):
    def test_units(self):
        """The phone's part of the work, without a server."""
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&filter=/%5E@field_crm/",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )
