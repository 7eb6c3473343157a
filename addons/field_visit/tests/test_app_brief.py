"""What the phone knows of a customer before a visit is as it is now, however long ago the visit itself
came."""

import base64
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase
from .test_sync import SyncCommon
from .test_witness import scene


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestAppBrief(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()

    def _pull(self, since=None):
        self.env.flush_all()
        self.env.invalidate_all()
        App = self.env["field.app"].with_user(self.rita).with_company(self.env.company)
        answer = App._pull(self.device, since, ("visits", "briefs"))
        found = answer["collections"].get("briefs", {"rows": [], "gone": []})
        return {row["id"]: row for row in found["rows"]}, found["gone"], answer["cursor"]

    def _owes(self, amount):
        def overdue(partners):
            return {partner.id: (amount, 2) for partner in partners if amount}

        return patch.object(type(self.env["res.partner"]), "_get_overdue_invoices", overdue)

    def test_comes_two_days_before_and_goes_with_the_visit(self):
        self._plan(plan_date="2026-11-28")
        rows, _gone, cursor = self._pull()
        self.assertNotIn(self.dragon.id, rows)
        with freeze_time("2026-11-26 01:30:00"):
            rows, _gone, cursor = self._pull(cursor)
            self.assertEqual(
                rows[self.dragon.id],
                {
                    "id": self.dragon.id,
                    "overdue": None,
                    "prefill": {},
                    "references": {},
                    "done": {},
                },
            )
            rows, _gone, cursor = self._pull(cursor)
            self.assertFalse(rows, "what has not changed does not travel again")
        with freeze_time("2026-12-10 01:30:00"):
            self.assertEqual(self._pull(cursor)[1], self.dragon.ids)

    def test_paid_since_the_visit_came(self):
        self._plan(plan_date="2026-11-24")
        with self._owes(3200):
            rows, _gone, cursor = self._pull()
            owed = rows[self.dragon.id]["overdue"]
            self.assertEqual((owed["amount"], owed["count"]), (3200, 2))
            self.assertFalse(self._pull(cursor)[0])
        with self._owes(0):
            rows, _gone, cursor = self._pull(cursor)
        self.assertIsNone(rows[self.dragon.id]["overdue"])

    def test_reference_since_the_visit_came(self):
        self._plan(plan_date="2026-11-24")
        cursor = self._pull()[2]
        visit = self._plan(user=self.ravi)
        visit.action_check_in(AT_CUSTOMER)
        step = self._step(visit, "shelf")
        step.add_photo(base64.b64encode(scene()).decode())
        step.photo_ids.with_user(self.lea).action_make_reference()
        rows, _gone, _cursor = self._pull(cursor)
        picture = rows[self.dragon.id]["references"]["shelf"]
        self.assertTrue(picture.startswith("data:image/jpeg;base64,"))

    def test_month_s_step_was_done_by_a_colleague(self):
        self.sop.step_ids.filtered(lambda step: step.key == "look").required_when = "month"
        with freeze_time("2026-11-02 01:30:00"):
            self._do_look()
        with freeze_time("2026-10-30 01:30:00"):
            self._do_look(partner=self.nowhere)
        self._plan(plan_date="2026-11-24", partner=self.nowhere)
        self._plan(plan_date="2026-11-24")
        rows, _gone, cursor = self._pull()
        self.assertEqual(rows[self.dragon.id]["done"], {"look": "2026-11-02"})
        self.assertEqual(rows[self.nowhere.id]["done"], {}, "another month")
        with freeze_time("2026-11-22 01:30:00"):
            self._do_look()
        rows, _gone, _cursor = self._pull(cursor)
        self.assertEqual(rows[self.dragon.id]["done"], {"look": "2026-11-22"}, "the last day")

    def _do_look(self, partner=None):
        visit = self._plan(user=self.ravi, partner=partner)
        visit.action_check_in(AT_CUSTOMER)
        self._step(visit, "look").action_done()
        visit.action_check_out(AT_CUSTOMER)

    def test_who_has_no_visits_has_no_briefs(self):
        collection = self.env["field.app"].with_user(self.nina)._collections()["briefs"]
        self.assertFalse(self.env["res.partner"].with_user(self.nina).search(collection.domain))
