from odoo.tests import tagged

from .common import LeadPoolCommon


@tagged("post_install", "-at_install")
class TestAssignment(LeadPoolCommon):
    """Odoo's automatic assignment takes ordinary leads and leaves the pool alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", "True")
        cls.team = cls.env["crm.team"].create({"name": "Assigned", "use_leads": True})
        cls.env["crm.team.member"].create(
            {"crm_team_id": cls.team.id, "user_id": cls.rep.id, "assignment_max": 60}
        )

    def test_assignment_leaves_pool_leads_in_the_pool(self):
        free = self._new_leads("Ordinary", field_pool_id=False)
        free_of_team = self._new_leads("Of the team", field_pool_id=False, team_id=self.team.id)
        pooled_of_team = self._new_leads("Pooled of the team", team_id=self.team.id)
        self.env.flush_all()
        self.team._action_assign_leads(force_quota=True, creation_delta_days=0)
        self.assertEqual(free.team_id, self.team)
        self.assertEqual(free.user_id, self.rep)
        self.assertEqual(free_of_team.user_id, self.rep)
        self.assertFalse(pooled_of_team.user_id)
        self.assertFalse(self.lead.team_id)
        self.assertFalse(self.lead.user_id)

    def test_assignment_does_not_merge_pool_leads_away(self):
        free, double = (
            self._new_leads(name, email_from="same@example.com", **values)
            for name, values in (("Ordinary", {"field_pool_id": False}), ("Pooled", {}))
        )
        self.env.flush_all()
        self.team._action_assign_leads(force_quota=True, creation_delta_days=0)
        self.assertTrue(double.exists())
        self.assertTrue(double.field_in_pool)
        self.assertEqual(free.user_id, self.rep)
