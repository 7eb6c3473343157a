"""Whom one met at a customer: said on the phone, kept once the visit is over."""

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestMet(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Partner = cls.env["res.partner"]
        cls.wang, cls.li = Partner.create(
            [
                {"name": "Dr Wang", "parent_id": cls.dragon.id, "function": "Surgeon"},
                {"name": "Dr Li", "parent_id": cls.dragon.id},
            ]
        )
        Partner.create({"name": "Bills", "parent_id": cls.dragon.id, "type": "invoice"})
        cls.stranger = Partner.create({"name": "Mr Wu", "parent_id": cls.lucky.id})

    def _begin(self):
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        return visit

    def _send(self, visit, ids, at="2026-11-23 01:40:00", user=None):
        event = self.env["field.event"].with_user(user or self.rita).new({"happened_at": at})
        return event._apply_visit_contacts({"visit_uuid": visit.uuid, "contact_ids": ids})

    def test_all_whom_one_met(self):
        visit = self._begin()
        self._send(visit, [self.li.id, self.wang.id])
        self.assertEqual(visit.contact_ids, self.wang | self.li)
        words = [said for what, said in visit._get_report_facts() if what == "Contacts met"]
        self.assertEqual(sorted(words[0].split(", ")), ["Dr Li", "Dr Wang (Surgeon)"])
        self._send(visit, [self.wang.id])
        self.assertEqual(visit.contact_ids, self.wang, "in place of those before")

    def test_only_people_of_the_customer(self):
        visit = self._begin()
        bills = self.dragon.child_ids.filtered(lambda one: one.name == "Bills")
        self._send(visit, [self.stranger.id, bills.id, 2**31 - 1, self.li.id, self.li.id])
        self.assertEqual(visit.contact_ids, self.li)
        with self.assertRaises(ValidationError):
            visit.contact_ids = self.stranger

    def test_wrong_payloads(self):
        visit = self._begin()
        for wrong in (["1"], [True], [None], [1] * 201, "1", None):
            self.assertRejected("bad_payload", self._send, visit, wrong)

    def test_kept_once_the_visit_is_over(self):
        visit = self._begin()
        self._send(visit, [self.li.id])
        with freeze_time("2026-11-23 02:00:00"):
            visit.action_check_out(AT_CUSTOMER)
            self.assertRejected(
                "not_checked_in", self._send, visit, [self.wang.id], "2026-11-23 02:10:00"
            )
            self._send(visit, [self.wang.id, self.li.id], "2026-11-23 01:50:00")
        self.assertEqual(visit.contact_ids, self.wang | self.li, "said during the visit, sent late")
        for user in (self.rita, self.lea, self.dora):
            with self.assertRaises(UserError):
                visit.with_user(user).contact_ids = self.wang
        self.assertEqual(visit.contact_ids, self.wang | self.li)

    def test_not_at_a_visit_that_was_called_off(self):
        visit = self._begin()
        visit._do_cancel("Nobody there")
        self.assertRejected("not_checked_in", self._send, visit, [self.li.id])

    def test_nobody_else_says_it(self):
        visit = self._begin()
        with self.assertRaises(Exception) as caught:
            self._send(visit, [self.li.id], user=self.ravi)
        self.assertIn(type(caught.exception).__name__, ("FieldWaiting", "FieldRejected"))
        self.assertFalse(visit.contact_ids)

    def _row(self):
        app = self.env["field.app"].with_user(self.rita)
        [row] = app._customers(app.env["res.partner"].browse(self.dragon.id))
        return row

    def test_phone_knows_the_people(self):
        contacts = [
            {"id": self.li.id, "name": "Dr Li", "function": None},
            {"id": self.wang.id, "name": "Dr Wang", "function": "Surgeon"},
        ]
        self.assertEqual(self._row()["contacts"], contacts)
        (self.wang | self.li).active = False
        self.assertNotIn("contacts", self._row())

    def _touched(self, model, change):
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM field_change")
        change()
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT DISTINCT res_id FROM field_change WHERE res_model = %s", [model]
        )
        return {res_id for (res_id,) in self.env.cr.fetchall()}

    def test_phones_are_told(self):
        def move():
            self.li.parent_id = self.lucky

        made = []
        for change in (
            lambda: self.wang.write({"function": "Head of surgery"}),
            lambda: made.append(self.wang.copy({"name": "Dr Zhao"})),
            lambda: made[0].unlink(),
        ):
            self.assertIn(self.dragon.id, self._touched("res.partner", change))
        both = {self.dragon.id, self.lucky.id}
        self.assertLessEqual(both, self._touched("res.partner", move))
        quiet = self._touched("res.partner", lambda: self.wang.write({"comment": "x"}))
        self.assertNotIn(self.dragon.id, quiet)
        visit = self._begin()
        met = self._touched("field.visit", lambda: self._send(visit, [self.wang.id]))
        self.assertIn(visit.id, met)
