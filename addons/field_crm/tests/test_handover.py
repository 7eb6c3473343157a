from odoo.tests import tagged

from .common import LeadPoolCommon


@tagged("post_install", "-at_install")
class TestLeadHandover(LeadPoolCommon):
    def test_open_leads_pass_on_and_come_back(self):
        (self.lead | self.lead2 | self.lead3).user_id = self.rep
        self.lead3.action_set_lost()
        handover = self.env["field.handover"].with_user(self.leader)
        handover = handover.create(
            {"user_id": self.rep.id, "receiver_ids": [(6, 0, self.rep2.ids)]}
        )
        handover.action_confirm()
        self.assertEqual((self.lead | self.lead2).user_id, self.rep2)
        self.assertEqual(self.lead3.user_id, self.rep)
        self.assertEqual(self._history(self.lead)[-1][1], self.rep2)
        handover.action_undo()
        self.assertEqual((self.lead | self.lead2).user_id, self.rep)
