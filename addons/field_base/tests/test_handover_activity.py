from odoo.tests import freeze_time, tagged

from .common import FieldCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestHandoverActivity(FieldCase):
    """What somebody has planned passes with the records it is about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.near, cls.far = cls.env["res.partner"].create(
            [{"name": n, "user_id": cls.rep.id, "zip": z} for n, z in (("A", "1"), ("B", "2"))]
        )
        cls.other = cls.env["res.partner"].create({"name": "Nobody's customer"})
        cls.on_near = cls.plan(cls.near, "Call")
        cls.on_far = cls.plan(cls.far, "Bring samples", "2026-12-24")
        cls.on_other = cls.plan(cls.other, "Ask for the price")

    @classmethod
    def plan(cls, record, summary, deadline="2026-11-25", user=None):
        return record.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            date_deadline=deadline,
            user_id=(user or cls.rep).id,
        )

    def handover(self, receivers=None, **values):
        receivers = receivers or (self.senior | self.junior)
        handover = self.as_user("field.handover", self.leader).create(
            {"user_id": self.rep.id, "receiver_ids": receivers.ids, **values}
        )
        handover.action_preview()
        return handover

    def owners(self):
        self.env.invalidate_all()
        return [a.user_id for a in (self.on_near, self.on_far, self.on_other)]

    def hide(self, record, role):
        """From one role only; the others keep seeing it by a rule of theirs."""
        model = self.env["ir.model"]._get_id(record._name)
        domains = {role: f"[('id', '!=', {record.id})]"}
        for group in ("rep", "leader"):
            self.env["ir.rule"].create(
                {
                    "name": group,
                    "model_id": model,
                    "domain_force": domains.get(group, "[(1, '=', 1)]"),
                    "groups": [(4, self.env.ref(f"field_base.field_base_group_{group}").id)],
                }
            )

    def lines(self, handover):
        return handover.line_ids.filtered(lambda line: line.res_model == "mail.activity")

    def test_activities_follow_their_records(self):
        self.handover().action_confirm()
        near, far, other = self.owners()
        self.assertEqual((near, far), (self.near.user_id, self.far.user_id))
        self.assertNotEqual(near, far)
        self.assertIn(other, self.senior | self.junior)

    def test_undo_gives_back_what_is_still_open(self):
        handover = self.handover(self.senior)
        handover.action_confirm()
        self.on_near.with_user(self.senior).action_feedback("Done")
        handover.action_undo()
        self.assertEqual(self.owners()[1:], [self.rep, self.rep])
        self.assertEqual(self.on_near.user_id, self.senior)
        states = self.lines(handover).mapped("state")
        self.assertEqual((states.count("undone"), states.count("changed")), (2, 1))

    def test_who_is_away_passes_what_is_due_meanwhile(self):
        handover = self.handover(self.senior, reason="away", date_to="2026-11-30")
        self.assertEqual(len(self.lines(handover)), 2)
        handover.action_confirm()
        self.assertEqual(self.owners(), [self.senior, self.rep, self.senior])
        self.assertEqual(self.near.user_id, self.rep)

    def test_what_the_leader_may_not_read_is_not_shown_to_him(self):
        rule = {"name": "Not for him", "domain_force": f"[('id', '!=', {self.other.id})]"}
        rule["model_id"] = self.env["ir.model"]._get_id("res.partner")
        # one without a group takes away from everybody
        self.env["ir.rule"].create(rule)
        names = self.lines(self.handover()).mapped("record_name")
        self.assertEqual(sorted(names), ["Bring samples", "Call"])

    def test_what_no_receiver_may_read_stays(self):
        self.hide(self.other, "rep")
        handover = self.handover(self.junior)
        self.assertEqual(len(self.lines(handover)), 2)
        handover.action_confirm()
        self.assertEqual(self.owners()[2], self.rep)

    def test_receivers_are_not_notified_one_by_one(self):
        handover = self.handover(self.senior)
        before = self.env["mail.message"].search_count([("subject", "like", "assigned to you")])
        handover.action_confirm()
        after = self.env["mail.message"].search_count([("subject", "like", "assigned to you")])
        self.assertEqual(before, after)
