"""What the page and the phone's copy of a customer tell before a visit: competitors, prices, rhythm,
stage, price agreement, time line."""

from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestBrief(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dragon.user_id = cls.rita

    def _page(self, user=None):
        page = self.dragon.with_user(user or self.rita).get_field_360()
        return page, {section["key"]: section for section in page["sections"]}

    def _visit(self, day, **values):
        with freeze_time(f"{day} 02:00:00"):
            visit = self._plan(plan_date=day)
            visit.action_check_in(AT_CUSTOMER)
        with freeze_time(f"{day} 02:30:00"):
            visit.action_check_out(AT_CUSTOMER, **values)
        return visit

    def test_competing_products_and_their_prices(self):
        brand = self.env["field.rival.brand"].create({"name": "Clear Spring"})
        rival = self.env["field.rival.product"].create({"brand_id": brand.id, "name": "Spring 500"})
        template = {"sop_id": self.sop.id, "name": "Rivals", "kind": "competitor", "key": "rivals"}
        self.env["field.sop.step"].create(template)
        visit = self._plan(plan_date="2026-11-23")
        visit.action_check_in(AT_CUSTOMER)
        line = {"rival_id": rival.id, "price": 2.5, "promo": "Two for three"}
        self._step(visit, "rivals")._do_done(lines=[line])
        _page, sections = self._page()
        rivals = sections["rivals"]
        self.assertEqual((rivals["count"], rivals["model"]), (1, "field.price.observation"))
        (row,) = rivals["rows"]
        self.assertIn("Spring 500 · 2.5", row["title"])
        self.assertEqual((row["note"], row["date"]), ("Two for three", "2026-11-23"))
        copy = self.dragon.with_user(self.rita)._field_360_copy()
        self.assertIn("rivals", [section["key"] for section in copy["sections"]])

    def test_what_a_colleague_has_open_is_in_the_brief(self):
        self.env["field.visit"].with_user(self.ravi)._add_followup(self.dragon, "New cooler")
        _page, sections = self._page()
        (row,) = sections["issues"]["rows"]
        self.assertEqual((row["title"], row["note"]), ("New cooler", self.ravi.name))

    def test_price_agreement(self):
        product = self.env["product.template"].create({"name": "Cola", "list_price": 4})
        items = [
            {"applied_on": "1_product", "product_tmpl_id": product.id, "fixed_price": 3.2},
            {"fixed_price": 9, "date_end": datetime(2026, 11, 1)},
        ]
        pricelist = self.env["product.pricelist"].create(
            {"name": "Gold", "item_ids": [Command.create(item) for item in items]}
        )
        page, sections = self._page()
        self.assertEqual(page["card"]["pricelist"], "")
        self.assertNotIn("agreement", sections)
        self.dragon.specific_property_product_pricelist = pricelist
        page, sections = self._page()
        self.assertEqual(page["card"]["pricelist"], "Gold")
        (row,) = sections["agreement"]["rows"]
        self.assertIn("Cola", row["title"])
        self.assertIn("3.20", row["note"], "what holds no more is not told")
        copy = self.dragon.with_user(self.rita)._field_360_copy()
        self.assertIn("Price agreement Gold", copy["facts"])

    def test_time_line_joins_every_kind_of_contact(self):
        self._visit("2026-11-18").note = "Wants a cooler"
        self.env["calendar.event"].with_user(self.rita).create(
            {
                "name": "Contract talk",
                "start": "2026-11-19 06:00:00",
                "stop": "2026-11-19 07:00:00",
                "partner_ids": [Command.link(self.dragon.id)],
            }
        )
        Visit = self.env["field.visit"].with_user(self.rita)
        uuid = "0190b3f4-0000-7000-8000-0000000000b1"
        at = datetime(2026, 11, 20, 18, 0)  # the 21st in Shanghai
        Visit._log_contact(self.dragon, "call", uuid, note="Asks for prices", at=at)
        self.env["mail.message"].create(
            {
                "model": "res.partner",
                "res_id": self.dragon.id,
                "message_type": "email",
                "subject": "Our offer",
                "body": "<p>Please  <b>confirm</b></p>",
                "date": "2026-11-22 05:00:00",
            }
        )
        page, _sections = self._page()
        found = [(row["date"], row["kind"], row["note"]) for row in page["timeline"]]
        self.assertEqual(
            found,
            [
                ("2026-11-22", "Mail", "Please confirm"),
                ("2026-11-21", "Call", "Asks for prices"),
                ("2026-11-19", "Meeting", self.rita.name),
                ("2026-11-18", "Visit", "Wants a cooler"),
            ],
        )
        for row in page["timeline"]:
            record = self.env[row["model"]].with_user(self.rita).browse(row["id"])
            self.assertTrue(record.has_access("read"), row)

    def test_time_line_is_capped_on_the_phone_and_shows_each_what_he_may_see(self):
        for day in range(1, 16):
            visit = self._visit(f"2026-11-{day:02}")
            visit.note = "x" * 300
        page, _sections = self._page()
        self.assertEqual(len(page["timeline"]), 12)
        self.assertEqual(page["timeline"][0]["date"], "2026-11-15")
        copy = self.dragon.with_user(self.rita)._field_360_copy()
        self.assertEqual(len(copy["timeline"]), 6)
        self.assertEqual(set(copy["timeline"][0]), {"kind", "title", "note", "date"})
        self.assertEqual({len(row["note"]) for row in copy["timeline"]}, {120})
        page, _sections = self._page(self.olga)
        self.assertEqual(page["timeline"], [], "Rita's visits are not Olga's")

    def test_orders_rhythm_and_stage(self):
        if "sale.order" not in self.env:
            self.skipTest("without sales nobody orders")
        seller = self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.rita.sudo().group_ids += seller
        product = self.env["product.product"].create({"name": "Cola"})
        for day in ("10-04", "10-14", "10-24", "11-03", "11-13", "11-13"):
            line = {"product_id": product.id, "product_uom_qty": 1}
            order = {"partner_id": self.dragon.id, "order_line": [Command.create(line)]}
            made = self.env["sale.order"].create(order)
            made.action_confirm()
            made.date_order = f"2026-{day} 03:00:00"
        self.env.flush_all()
        page, sections = self._page()
        self.assertEqual(page["card"]["rhythm"], "Orders every 10 days, last 10 days ago")
        copy = self.dragon.with_user(self.rita)._field_360_copy()
        orders = next(one for one in copy["sections"] if one["key"] == "orders")
        self.assertEqual((orders["count"], len(orders["rows"])), (6, 5))
        self.assertIn(page["card"]["rhythm"], copy["facts"])
        if "crm.lead" in self.env:
            lead = {"name": "Coolers", "partner_id": self.dragon.id, "type": "opportunity"}
            made = self.env["crm.lead"].create({**lead, "user_id": self.rita.id})
            _page, sections = self._page()
            (row,) = sections["opportunities"]["rows"]
            self.assertEqual(row["note"], made.stage_id.name)
