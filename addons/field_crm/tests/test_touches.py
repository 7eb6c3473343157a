from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .recycle import DAY, HOUR, MONDAY, RecycleCommon


@tagged("post_install", "-at_install")
class TestTouches(RecycleCommon):
    """What counts is data, and an empty note is nothing."""

    def test_call_with_a_result_is_contact(self):
        self._claim()
        self._call(self.lead, MONDAY + HOUR)
        self.assertFalse(self.lead.field_contact_deadline)
        self.assertEqual(self.lead.field_recycle_at, MONDAY + 15 * DAY, "no follow-up yet")

    def test_call_without_a_result_is_nothing(self):
        self._claim()
        self._call(self.lead, MONDAY + HOUR, feedback=" ok ")
        self._call(self.lead, MONDAY + HOUR, feedback=False)
        self.assertEqual(self.lead.field_recycle_at, MONDAY + DAY)

    def test_note_is_nothing(self):
        self._claim()
        with freeze_time(MONDAY + HOUR):
            self.lead.with_user(self.rep).message_post(body="I did a lot today, believe me, a lot")
        self.assertEqual(self.lead.field_recycle_at, MONDAY + DAY)

    def test_message_to_the_customer_is_contact(self):
        self._claim()
        customer = self.env["res.partner"].create({"name": "C", "email": "c@c.example"})
        with freeze_time(MONDAY + HOUR), patch.object(self.env.cr, "now", lambda: MONDAY + HOUR):
            self.lead.with_user(self.rep).message_post(
                body="Good morning, when may I visit you this week?",
                partner_ids=customer.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        self.assertEqual(self.lead.field_contact_at, MONDAY + HOUR)

    def test_what_somebody_else_does_is_nothing(self):
        self._claim()
        self._call(self.lead, MONDAY + HOUR, user=self.leader)
        self.assertEqual(self.lead.field_recycle_at, MONDAY + DAY)

    def test_meeting_counts_when_it_has_taken_place_and_was_long_enough(self):
        self._claim()
        with freeze_time(MONDAY + HOUR):
            self._meet(self.lead, MONDAY + 2 * HOUR, 60)
            self._meet(self.lead, MONDAY + 4 * HOUR, 5)
        self.assertEqual(self.lead.field_recycle_at, MONDAY + DAY, "still to come")
        with freeze_time(MONDAY + 5 * HOUR):
            self.lead._look_at_touches()
        self.assertEqual(self.lead.field_followup_at, MONDAY + 3 * HOUR)
        self.assertEqual(self.lead.field_recycle_at, MONDAY + 3 * HOUR + 15 * DAY)

    def test_quotation_counts_when_it_is_sent(self):
        self._claim()
        partner = self.env["res.partner"].create({"name": "C"})
        with freeze_time(MONDAY + HOUR):
            order = self.env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "opportunity_id": self.lead.id,
                    "user_id": self.rep.id,
                }
            )
            self.assertFalse(self.lead.field_followup_at)
            order.action_quotation_sent()
        self.assertEqual(self.lead.field_followup_at, MONDAY + HOUR)

    def test_rules_are_data(self):
        self.env.ref("field_crm.touch_rule_call").is_followup = True
        self._claim()
        self._call(self.lead, MONDAY + HOUR)
        self.assertEqual(self.lead.field_followup_deadline, MONDAY + HOUR + 15 * DAY)
        self.env.ref("field_crm.touch_rule_call").active = False
        self._claim(self.lead2)
        self._call(self.lead2, MONDAY + HOUR)
        self.assertEqual(self.lead2.field_recycle_at, MONDAY + DAY)

    def test_follow_up_moves_its_deadline_again_and_again(self):
        self.env.ref("field_crm.touch_rule_call").is_followup = True
        self.pool.convert_days = 0
        self._claim()
        for days in (1, 10, 20):
            self._call(self.lead, MONDAY + days * DAY)
            self.assertEqual(self.lead.field_recycle_at, MONDAY + (days + 15) * DAY)

    def test_conversion_ends_all_clocks(self):
        self._claim()
        with freeze_time(MONDAY + HOUR):
            self.lead.convert_opportunity(self.lead.partner_id)
        self.assertFalse(self.lead.field_recycle_at)

    def test_stage_that_counts_as_opportunity(self):
        first, second = self.env["crm.stage"].create(
            [{"name": "First", "sequence": 101}, {"name": "Second", "sequence": 102}]
        )
        self.pool.convert_stage_id = second
        self._claim()
        with freeze_time(MONDAY + HOUR):
            self.lead.convert_opportunity(self.lead.partner_id)
            self.lead.stage_id = first
            self.assertTrue(self.lead.field_convert_deadline)
            self.lead.stage_id = second
        self.assertFalse(self.lead.field_recycle_at)

    def test_reopened_lead_has_the_grace_time(self):
        self._claim()
        with freeze_time(MONDAY + 2 * HOUR):
            self.lead.action_set_lost()
        self._sweep(MONDAY + 5 * DAY)
        self.assertEqual(self.lead.user_id, self.rep, "what is lost is not taken back")
        with freeze_time(MONDAY + 6 * DAY):
            self.lead.action_restore()
        self.assertEqual(self.lead.field_recycle_at, MONDAY + 8 * DAY)
