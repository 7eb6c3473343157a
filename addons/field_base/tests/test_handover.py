from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import FieldCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestHandover(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Shop {n}", "user_id": cls.rep.id, "zip": zip_code}
                for n, zip_code in enumerate(("200001", "300001", "200002", "300002"))
            ]
        )

    def handover(self, user=None, receivers=None, **values):
        receivers = receivers or (self.senior | self.junior)
        form = Form(self.as_user("field.handover", user or self.leader))
        form.user_id = self.rep
        for receiver in receivers:
            form.receiver_ids.add(receiver)
        for name, value in values.items():
            form[name] = value
        return form.save()

    def lines(self, handover, model="res.partner"):
        return handover.line_ids.filtered(lambda line: line.res_model == model)

    def owners(self):
        self.customers.invalidate_recordset()
        return self.customers.mapped("user_id.login")

    def test_the_preview_moves_nothing(self):
        handover = self.handover()
        handover.action_preview()
        self.assertEqual(len(self.lines(handover)), 4)
        self.assertEqual(self.customers.user_id, self.rep)
        handover.action_preview()
        self.assertEqual(len(self.lines(handover)), 4)

    def test_several_share_evenly_and_neighbours_stay_together(self):
        handover = self.handover()
        handover.action_preview()
        handover.action_confirm()
        first, second = (self.senior | self.junior).sorted("id")
        east = self.customers.filtered(lambda c: c.zip.startswith("200"))
        self.assertEqual(east.user_id, first)
        self.assertEqual((self.customers - east).user_id, second)
        self.assertEqual(set(self.lines(handover).mapped("state")), {"moved"})
        self.assertEqual((handover.state, handover.done_by_id), ("done", self.leader))

    def test_shared_by_area(self):
        """A city goes to who is there already, however many its customers are."""
        first, second = (self.senior | self.junior).sorted("id")
        self.customers[:3].city = "Suzhou"
        self.customers[3].city = "Wuxi"
        self.env["res.partner"].create(
            [{"name": "Known", "user_id": second.id, "city": "SUZHOU ", "zip": "9"}]
        )
        handover = self.handover(share_by="area")
        handover.action_confirm()
        self.assertEqual(self.customers[:3].user_id, second)
        self.assertEqual(self.customers[3].user_id, first, "nobody's city: to who has got least")

    def test_shared_by_turnover(self):
        turnover = dict(zip(self.customers.ids, (100.0, 60.0, 50.0, 5.0), strict=True))
        self.patch(type(self.env["field.handover"]), "_get_turnover", lambda *_a: turnover)
        handover = self.handover(share_by="turnover")
        handover.action_confirm()
        first, second = (self.senior | self.junior).sorted("id")
        got = {
            user: sum(turnover[one.id] for one in self.customers if one.user_id == user)
            for user in (first, second)
        }
        self.assertEqual(got, {first: 105.0, second: 110.0})

    def test_turnover_counts_the_orders_of_a_year(self):
        handover = self.handover(share_by="turnover")
        if "sale.order" not in self.env:
            self.assertEqual(handover.sudo()._get_turnover(self.customers), {})
            self.skipTest("the sales app is not installed")
        product = self.env["product.product"].create({"name": "Cooler"})
        line = {"product_id": product.id, "price_unit": 100, "tax_ids": False}
        contact = self.env["res.partner"].create({"name": "x", "parent_id": self.customers[0].id})
        for partner, day in (
            (self.customers[0], "2026-11-01"),
            (contact, "2026-10-01"),
            (self.customers[1], "2025-10-01"),
        ):
            self.env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "date_order": f"{day} 04:00:00",
                    "order_line": [(0, 0, line)],
                    "state": "sale",
                }
            )
        found = handover.sudo()._get_turnover(self.customers)
        self.assertEqual(found, {self.customers[0].id: 200.0})

    def test_customers_are_written_to(self):
        told, kept, silent, _bare = self.customers
        (told | kept).email = "shop@example.com"
        silent.email = False
        handover = self.handover(receivers=self.senior, tell_customers=True)
        handover.action_preview()
        self.lines(handover).filtered(lambda line: line.res_id == kept.id).skip = True
        handover.action_confirm()
        written = self.lines(handover).filtered("is_told")
        self.assertEqual(written.partner_id, told)
        [mail] = self.env["mail.mail"].search(
            [("model", "=", "field.handover.line"), ("res_id", "in", handover.line_ids.ids)]
        )
        self.assertEqual(mail.recipient_ids, told)
        self.assertEqual(mail.subject, f"{self.senior.name} looks after you now")
        for user in (self.rep, self.senior):
            self.assertIn(user.name, mail.body_html)
        with self.assertRaises(UserError):
            written[:1].with_user(self.leader).is_told = False

    def test_nobody_is_written_to_unasked(self):
        self.customers.email = "shop@example.com"
        self.handover(receivers=self.senior).action_confirm()
        self.assertFalse(self.env["mail.mail"].search([("model", "=", "field.handover.line")]))

    def test_one_note_for_each_customer(self):
        handover = self.handover(receivers=self.senior)
        handover.action_preview()
        told, kept, *_rest = self.lines(handover)
        told.note = "Wants a call on Monday"
        kept.write({"note": "Closed in July", "skip": True})
        handover.action_confirm()
        customers = self.env["res.partner"].browse((told | kept).mapped("res_id"))
        said = ["".join(one.sudo().message_ids.mapped("body")) for one in customers]
        self.assertIn("Wants a call on Monday", said[0])
        self.assertNotIn("Closed in July", said[1], "he has not passed")
        notice = self.env["field.notice"].search([("user_id", "=", self.senior.id)])
        self.assertIn(f"{told.record_name}: Wants a call on Monday", notice.body)
        self.assertNotIn("Closed in July", notice.body)
        with self.assertRaises(UserError):
            told.with_user(self.leader).note = "Too late"

    def test_a_line_can_stay_or_go_to_another(self):
        handover = self.handover(receivers=self.senior)
        handover.action_preview()
        keep, move = self.lines(handover)[:2]
        keep.skip = True
        move.to_user_id = self.junior
        handover.action_confirm()
        customers = self.env["res.partner"]
        self.assertEqual(customers.browse(keep.res_id).user_id, self.rep)
        self.assertEqual(customers.browse(move.res_id).user_id, self.junior)
        self.assertEqual(keep.state, "kept")

    def test_devices_of_who_leaves_are_disconnected(self):
        token = self.device._issue_token()
        handover = self.handover()
        handover.action_confirm()  # without a preview it lists first
        self.assertEqual(self.device.state, "revoked")
        self.assertFalse(self.env["field.device"]._authenticate(token))
        self.assertEqual(self.lines(handover, "field.device").state, "revoked")
        handover.action_undo()
        self.assertEqual(self.device.state, "revoked")

    def test_who_is_away_keeps_customers_and_devices(self):
        handover = self.handover(reason="away", date_to="2026-11-30")
        handover.action_preview()
        self.assertFalse(self.lines(handover))
        self.assertFalse(self.lines(handover, "field.device"))

    def test_undo_gives_back_what_is_still_there(self):
        handover = self.handover(receivers=self.senior)
        handover.action_confirm()
        self.customers[0].user_id = self.junior
        handover.action_undo()
        self.assertEqual(self.customers[0].user_id, self.junior)
        self.assertEqual(self.customers[1:].user_id, self.rep)
        states = self.lines(handover).mapped("state")
        self.assertEqual((states.count("undone"), states.count("changed")), (3, 1))
        with self.assertRaises(UserError):
            handover.action_undo()

    def test_undo_within_14_days(self):
        handover = self.handover()
        handover.action_confirm()
        with freeze_time(handover.undo_until):
            handover.invalidate_recordset()
            self.assertTrue(handover.can_undo)
        with freeze_time(handover.undo_until + timedelta(seconds=1)):
            handover.invalidate_recordset()
            with self.assertRaises(UserError):
                handover.action_undo()

    def test_what_changed_since_the_preview_is_left_alone(self):
        handover = self.handover(receivers=self.senior)
        handover.action_preview()
        self.customers[0].user_id = self.other_rep
        handover.action_confirm()
        self.assertEqual(self.customers[0].user_id, self.other_rep)
        self.assertIn("changed", self.lines(handover).mapped("state"))

    def test_receivers_get_one_message(self):
        handover = self.handover(receivers=self.senior, note="Call on Monday")
        handover.action_confirm()
        messages = self.env["mail.message"].search(
            [("partner_ids", "in", self.senior.partner_id.ids), ("subject", "like", "Handover")]
        )
        self.assertEqual(len(messages), 1)
        self.assertIn("4 records of Rep are yours now. Call on Monday", messages.body)

    def test_leaders_hand_over_among_their_people(self):
        with self.assertRaises(UserError):
            self.handover(receivers=self.other_rep).action_preview()
        with self.assertRaises(AccessError):
            self.handover(self.sibling)
        with self.assertRaises(UserError):
            self.handover(receivers=self.rep).action_preview()
        self.handover(self.director, receivers=self.other_rep).action_confirm()
        self.assertEqual(self.customers.user_id, self.other_rep)

    def test_who_may_not(self):
        handover = self.handover()
        handover.action_preview()
        for user in (self.rep, self.senior, self.internal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                handover.with_user(user).read(["note"])
        for user in (self.sibling, self.stranger):
            with self.subTest(user=user.login):
                self.assertFalse(self.as_user("field.handover", user).search([]))
                self.assertFalse(self.as_user("field.handover.line", user).search([]))
                self.assertFalse(
                    self.as_user("field.handover.line", user)._read_group([], ["code"])
                )
        with self.assertRaises(AccessError):
            handover.with_user(self.auditor).action_confirm()
        self.assertTrue(self.as_user("field.handover", self.auditor).search([]))

    def test_the_log_cannot_be_forged(self):
        handover = self.handover()
        handover.action_preview()
        line = handover.line_ids[:1]
        victim = self.env["res.partner"].create({"name": "Not his", "user_id": self.other_rep.id})
        with self.assertRaises(AccessError):
            handover.line_ids.create(
                {
                    "handover_id": handover.id,
                    "code": "customers",
                    "res_model": "res.partner",
                    "res_id": victim.id,
                    "to_user_id": self.senior.id,
                }
            )
        with self.assertRaises(UserError):
            line.res_id = victim.id
        line.to_user_id = self.other_rep  # not one of his people
        with self.assertRaises(UserError):
            handover.action_confirm()
        line.to_user_id = self.senior
        handover.action_confirm()
        with self.assertRaises(UserError):
            line.skip = True
        with self.assertRaises(UserError):
            handover.action_confirm()

    def test_number_of_queries_does_not_grow(self):
        def count():
            handover = self.handover(receivers=self.senior)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            handover.action_confirm()
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
            handover.action_undo()
            return queries

        count()
        few = count()
        self.env["res.partner"].create(
            [{"name": f"More {n}", "user_id": self.rep.id} for n in range(40)]
        )
        self.assertLessEqual(count(), few + 5)
