from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

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
