from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .common import PIN, VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestCustomerColours(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ours = cls.dragon | cls.lucky | cls.nowhere
        cls.ours.write({"partner_latitude": PIN[0], "partner_longitude": PIN[1]})

    def _points(self, name, user=None):
        spec = {"lat": "partner_latitude", "lng": "partner_longitude", "fields": [name]}
        ours = [("id", "in", self.ours.ids)]
        answer = (
            self.env["field.map"].with_user(user or self.lea).get_points("res.partner", ours, spec)
        )
        return dict(zip(answer["ids"], answer["columns"][name], strict=True))

    def test_map_of_customers_can_be_coloured_by_all_four(self):
        views = self.env["res.partner"].with_user(self.lea).get_views([(False, "field_map")])
        arch = views["views"]["field_map"]["arch"]
        self.assertIn('color="user_id"', arch)
        self.assertIn("field_grade_id", arch)
        sent = views["models"]["res.partner"]["fields"]
        wanted = {"user_id", "field_grade_id", "field_unvisited_band", "field_cadence_state"}
        self.assertLessEqual(wanted, set(sent))
        self.assertEqual("field_debt_band" in arch, "account.move" in self.env)

    def test_days_unvisited_in_bands(self):
        self.dragon.field_grade_id = self.env.ref("field_visit.field_grade_a")
        for day, band in (
            ("2026-11-23", "week"),
            ("2026-11-16", "week"),
            ("2026-11-15", "fortnight"),
            ("2026-11-09", "fortnight"),
            ("2026-11-08", "month"),
            ("2026-10-24", "month"),
            ("2026-10-23", "quarter"),
            ("2026-08-25", "quarter"),
            ("2026-08-24", "longer"),
        ):
            self.dragon.field_last_visit_date = date.fromisoformat(day)
            self.env.flush_all()
            self.assertEqual(self.dragon.field_unvisited_band, band, day)
            self.assertEqual(self._points("field_unvisited_band")[self.dragon.id], band, day)
            found = self.env["res.partner"].search([("field_unvisited_band", "=", band)])
            self.assertIn(self.dragon, found)
        self.assertEqual(self._points("field_unvisited_band")[self.lucky.id], "never")
        groups = self.env["res.partner"]._read_group(
            [("id", "in", self.ours.ids)], ["field_unvisited_band"], ["__count"]
        )
        self.assertEqual(dict(groups), {"longer": 1, "never": 2})

    def test_map_reads_the_bands_without_one_record_at_a_time(self):
        self.env.flush_all()
        for name in ("field_unvisited_band", "field_cadence_state"):
            self._points(name)
            with self.assertQueryCount(6):
                self._points(name)

    def test_overdue_invoices_for_those_who_may_see_them(self):
        if "account.move" not in self.env:
            self.skipTest("Without the accounting app nothing is overdue.")
        income = self.env["account.account"].search([("account_type", "=", "income")], limit=1)
        for partner, due in ((self.dragon, "2026-11-12"), (self.lucky, "2026-12-24")):
            move = self.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": "2026-11-01",
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        (0, 0, {"name": "Noodles", "price_unit": 100, "account_id": income.id})
                    ],
                }
            )
            move.action_post()
        self.lea.group_ids += self.env.ref("account.group_account_readonly")
        bands = self._points("field_debt_band")
        self.assertEqual(
            (bands[self.dragon.id], bands[self.lucky.id], bands[self.nowhere.id]),
            ("month", "nothing", "nothing"),
        )
        self.env.invalidate_all()
        with patch.object(type(self.env["account.move"]), "has_access", return_value=False):
            self.assertFalse(self._points("field_debt_band", self.rita)[self.dragon.id])
