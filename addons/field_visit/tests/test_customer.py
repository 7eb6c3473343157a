from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import AT_CUSTOMER, FAR, METRE, PIN, VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestCustomer(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grade_a = cls.env.ref("field_visit.field_grade_a")
        cls.grade_d = cls.env.ref("field_visit.field_grade_d")
        (cls.dragon | cls.lucky | cls.nowhere).user_id = cls.rita
        cls.Partner = cls.env["res.partner"]

    def _done(self, partner, day, position=AT_CUSTOMER, **kwargs):
        with freeze_time(f"{day} 02:00:00"):
            visit = self._plan(partner=partner, plan_date=date.fromisoformat(day))
            visit.action_check_in(position, **kwargs)
        with freeze_time(f"{day} 02:30:00"):
            visit.action_check_out(position)
        return visit

    # ------------------------------------------------------------ cadence

    def test_days_and_cadence_follow_the_calendar_without_a_write(self):
        self.dragon.field_grade_id = self.grade_a
        self._done(self.dragon, "2026-11-09")
        self.env.flush_all()
        self.assertEqual(self.dragon.field_last_visit_date, date(2026, 11, 9))
        for day, days, state in (
            ("2026-11-18", 9, "ok"),
            ("2026-11-22", 13, "soon"),
            ("2026-11-24", 15, "overdue"),
            ("2026-12-08", 29, "dormant"),
        ):
            with freeze_time(f"{day} 03:00:00"):
                self.env.invalidate_all()
                self.assertEqual(self.dragon.field_days_unvisited, days)
                self.assertEqual(self.dragon.field_cadence_state, state)
                self.assertAlmostEqual(self.dragon.field_cadence_ratio, days / 14, 2)
                found = self.Partner.search([("field_cadence_state", "=", state)])
                self.assertIn(self.dragon, found)
                self.assertIn(
                    self.dragon, self.Partner.search([("field_days_unvisited", "=", days)])
                )
                self.assertIn(
                    self.dragon,
                    self.Partner.search([("field_cadence_ratio", ">", (days - 1) / 14)]),
                )
                self.assertNotIn(
                    self.dragon, self.Partner.search([("field_days_unvisited", ">", days)])
                )

    def test_grouped_and_sorted_by_what_is_not_stored(self):
        mine = [("id", "in", (self.dragon | self.lucky | self.nowhere).ids)]
        self.dragon.field_grade_id = self.lucky.field_grade_id = self.grade_a
        self._done(self.dragon, "2026-11-20")
        lucky = {**AT_CUSTOMER, "lat": PIN[0] + 5000 * METRE}
        self._done(self.lucky, "2026-10-01", lucky)
        groups = dict(self.Partner._read_group(mine, ["field_cadence_state"], ["__count"]))
        self.assertEqual(groups, {"ok": 1, "dormant": 1, "never": 1})
        rows = self.Partner.formatted_read_group(
            mine, ["field_cadence_state"], ["field_days_unvisited:avg"]
        )
        for row in rows:
            found = self.Partner.search([*mine, *row["__extra_domain"]])
            self.assertEqual(len(found), 1)
        self.assertTrue(
            self.Partner.fields_get(["field_cadence_state"])["field_cadence_state"]["groupable"]
        )
        order = self.Partner.search(mine, order="field_days_unvisited desc")
        self.assertEqual(list(order), [self.nowhere, self.lucky, self.dragon])

    def test_no_mean_is_made_of_who_was_never_visited(self):
        self.dragon.field_grade_id = self.nowhere.field_grade_id = self.grade_a
        self._done(self.dragon, "2026-11-16")
        mine = [("id", "in", (self.dragon | self.nowhere).ids)]
        aggregates = ["field_days_unvisited:avg", "field_cadence_ratio:avg"]
        [(days, ratio)] = self.Partner._read_group(mine, [], aggregates)
        self.assertEqual((days, ratio), (7, 0.5))
        for name in ("field_days_unvisited", "field_cadence_ratio"):
            self.assertEqual(self.Partner.search([*mine, (name, "<", 9)]), self.dragon)

    def test_only_valid_visits_count(self):
        self._done(self.dragon, "2026-11-10")
        self._done(self.dragon, "2026-11-18", FAR, reason="Met at the station")
        self.assertEqual(self.dragon.field_last_visit_date, date(2026, 11, 10))
        self._plan(partner=self.dragon, plan_date=date(2026, 11, 20))
        self.assertEqual(self.dragon.field_last_visit_date, date(2026, 11, 10))

    def _last(self):
        return self.dragon.field_last_visit_date

    def test_doubtful_visit_counts_when_a_leader_accepts_it(self):
        visit = self._done(self.dragon, "2026-11-18", FAR, reason="Met at the station")
        self.assertFalse(self._last())
        visit.with_user(self.lea).action_review("accepted")
        self.assertEqual(self._last(), date(2026, 11, 18))

    def test_refused_or_denied_visit_does_not_count(self):
        visit = self._done(self.dragon, "2026-11-18")
        self.assertEqual(self._last(), date(2026, 11, 18))
        visit.with_user(self.lea).action_review("refused")
        self.assertFalse(self._last())
        denied = self._done(self.dragon, "2026-11-19")
        self.assertEqual(self._last(), date(2026, 11, 19))
        denied.sudo()._with_evidence().is_denied = True
        self.assertFalse(self._last())

    def test_healed_pin_and_word_of_the_customer_make_it_count(self):
        healed = self._done(self.dragon, "2026-11-17", FAR, reason="Wrong pin")
        heard = self._done(self.dragon, "2026-11-18", FAR, reason="Wrong pin")
        healed.sudo()._with_evidence().fence_now = "inside"
        self.assertEqual(self._last(), date(2026, 11, 17))
        heard.sudo()._with_evidence().is_witnessed = True
        self.assertEqual(self._last(), date(2026, 11, 18))

    def test_calls_and_visits_without_a_place_count_where_the_company_says_so(self):
        self._done(self.dragon, "2026-11-17", None)
        with freeze_time("2026-11-18 02:00:00"):
            call = self._plan(partner=self.dragon, channel="phone")
            call.action_check_in()
        call._do_check_out()
        self.assertFalse(self._last())
        self.env.company.field_visits_counted = "all"
        self.assertEqual(self._last(), date(2026, 11, 18))
        call.with_user(self.lea).action_review("refused")
        self.assertEqual(self._last(), date(2026, 11, 17))
        self.env.company.field_visits_counted = "verified"
        self.assertFalse(self._last())

    def test_last_visit_of_many_takes_one_query(self):
        counts = []
        for partners in (self.dragon, self.dragon | self.lucky | self.nowhere):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners._compute_field_last_visit_date()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_completeness_names_what_is_missing(self):
        card = self.Partner.create({"name": "Bare"})
        self.assertEqual(card.field_completeness, 0)
        card.write({"phone": "021 5550 1234", "user_id": self.rita.id, "city": "Shanghai"})
        self.assertEqual(card.field_completeness, round(300 / 7))
        self.assertIn("street", card.field_missing)
        self.assertNotIn("phone", card.field_missing)
        self.assertIn(card, self.Partner.search([("field_completeness", "=", 43)]))
        self.assertIn(card, self.Partner.search([("field_completeness", "<", 50)]))

    # ------------------------------------------------------------ grade and life

    def test_grade_has_a_history(self):
        self.dragon.field_grade_id = self.grade_a
        self.dragon.field_grade_id = self.grade_a
        self.dragon.with_user(self.dora).sudo().field_grade_id = self.grade_d
        changes = self.dragon.field_grade_change_ids
        self.assertEqual(len(changes), 2)
        self.assertEqual(
            (changes[0].old_grade_id, changes[0].new_grade_id, changes[0].user_id),
            (self.grade_a, self.grade_d, self.dora),
        )

    def test_history_begins_with_the_first_grade(self):
        cards = [{"name": "New", "field_grade_id": self.grade_a.id}, {"name": "Without"}]
        graded, bare = self.Partner.with_context(import_file=True).create(cards)
        change = graded.field_grade_change_ids
        self.assertFalse(change.old_grade_id)
        self.assertEqual((change.new_grade_id, change.source), (self.grade_a, "import"))
        self.assertFalse(bare.field_grade_change_ids)

    def test_proposal_shows_who_moves_before_anybody_does(self):
        self.grade_a.threshold = 2
        (self.env["field.grade"].search([]) - self.grade_a - self.grade_d).active = False
        self._done(self.dragon, "2026-11-10")
        self._done(self.dragon, "2026-11-18")
        self.lucky.field_grade_id = self.grade_d
        wizard = (
            self.env["field.grade.proposal"]
            .with_user(self.lea)
            .create(
                {"domain": repr([("id", "in", (self.dragon | self.lucky).ids)]), "metric": "visits"}
            )
        )
        wizard.action_preview()
        self.assertEqual(wizard.line_ids.partner_id, self.dragon, "Lucky stays where he is")
        self.assertEqual(wizard.line_ids.new_grade_id, self.grade_a)
        self.assertIn("1 of 2", wizard.summary)
        self.assertFalse(self.dragon.field_grade_id, "nothing has moved yet")
        wizard.action_apply()
        self.assertEqual(self.dragon.field_grade_id, self.grade_a)
        change = self.dragon.field_grade_change_ids
        self.assertEqual(change.source, "proposal")
        self.assertIn("2", change.reason)
        with self.assertRaises(AccessError):
            self.env["field.grade.proposal"].with_user(self.rita).create({})

    def test_life_follows_the_visits_and_closed_stays(self):
        self.env["res.partner"].search([("user_id", "!=", False)]).filtered(
            lambda p: p not in self.dragon | self.lucky | self.nowhere
        ).user_id = False
        if "sale.order" in self.env:
            self.env["sale.order"].search([("state", "=", "sale")]).state = "cancel"
        self.dragon.field_grade_id = self.grade_a
        self._done(self.dragon, "2026-11-10")
        self.nowhere.field_life = "closed"

        def lives(day):
            with freeze_time(f"{day} 03:00:00"):
                changed = self.Partner._field_find_changed_lives(100)
                for life, ids in changed.items():
                    self.Partner.browse(ids).field_life = life
            return self.dragon.field_life, self.lucky.field_life, self.nowhere.field_life

        self.assertEqual(lives("2026-11-23"), ("active", "prospect", "closed"))
        self.assertFalse(self.Partner._field_find_changed_lives(100), "nothing is written twice")
        self.assertEqual(lives("2026-12-20"), ("dormant", "prospect", "closed"))
        self.assertEqual(lives("2027-12-20"), ("lost", "prospect", "closed"))

    def test_where_customers_order_an_order_makes_a_customer(self):
        if "sale.order" not in self.env:
            self.skipTest("Nobody orders without the sales app.")
        (self.dragon | self.lucky).write({"user_id": self.rita.id, "field_life": False})
        self._done(self.dragon, "2026-11-10")
        order = self.env["sale.order"].create({"partner_id": self.lucky.id})
        order.write({"state": "sale", "date_order": "2026-11-12 04:00:00"})
        for life, ids in self.Partner._field_find_changed_lives(1000).items():
            self.Partner.browse(ids).field_life = life
        self.assertEqual((self.dragon.field_life, self.lucky.field_life), ("prospect", "active"))

    def test_co_owner_has_the_customer_on_the_phone(self):
        domain = self.env["field.app"].with_user(self.ravi)._customers_domain()
        mine = [("id", "=", self.dragon.id)]
        self.assertFalse(self.Partner.search([*mine, *domain]))
        self.dragon.field_co_owner_ids = self.ravi
        self.assertTrue(self.Partner.search([*mine, *domain]))

    # ------------------------------------------------------------ proposals from the field

    def test_change_waits_for_a_leader(self):
        Change = self.env["field.partner.change"].with_user(self.rita)
        change = Change.action_propose(
            self.dragon.id, {"name": "Silver Dragon", "city": "Suzhou"}, "New sign"
        )
        self.assertEqual(change.state, "open")
        self.assertEqual(self.dragon.name, "Golden Dragon")
        self.assertIn("Golden Dragon → Silver Dragon", change.text)
        with self.assertRaises(AccessError):
            change.action_apply()
        with self.assertRaises(AccessError):
            change.with_user(self.otis).action_apply()
        change.with_user(self.lea).action_apply()
        self.assertEqual((self.dragon.name, self.dragon.city), ("Silver Dragon", "Suzhou"))
        with self.assertRaises(UserError):
            change.with_user(self.lea).action_refuse("Too late")
        with self.assertRaises(UserError):
            change.write({"new_values": {"name": "x"}})

    def test_policy_lets_harmless_changes_through(self):
        self._policy(customer_change="identity")
        Change = self.env["field.partner.change"].with_user(self.rita)
        self.assertEqual(Change.action_propose(self.dragon.id, {"phone": "1"}).state, "applied")
        self.assertEqual(self.dragon.phone, "1")
        closed = Change.action_propose(self.dragon.id, {"field_life": "closed"})
        self.assertEqual(closed.state, "open")
        self._policy(customer_change="none")
        self.assertEqual(Change.action_propose(self.lucky.id, {"name": "L"}).state, "applied")

    def test_what_cannot_be_proposed(self):
        Change = self.env["field.partner.change"].with_user(self.rita)
        for values in (
            {},
            {"credit_limit": 5.0},
            {"name": ""},
            {"phone": 5},
            {"field_life": "active"},
            {"name": "Golden Dragon"},
        ):
            self.assertRejected("bad_payload", Change.action_propose, self.dragon.id, values)
        with self.assertRaises(AccessError):
            self.env["field.partner.change"].with_user(self.nina).action_propose(
                self.dragon.id, {"name": "x"}
            )

    def test_who_sees_proposals(self):
        change = (
            self.env["field.partner.change"]
            .with_user(self.rita)
            .action_propose(self.dragon.id, {"phone": "1"})
        )
        for user, seen in (
            (self.rita, 1),
            (self.lea, 1),
            (self.dora, 1),
            (self.audra, 1),
            (self.ravi, 0),
            (self.otis, 0),
        ):
            found = (
                self.env["field.partner.change"].with_user(user).search([("id", "=", change.id)])
            )
            self.assertEqual(len(found), seen, user.name)
        with self.assertRaises(AccessError):
            change.with_user(self.audra).action_refuse("No")

    # ------------------------------------------------------------ duplicates

    def test_duplicates_by_phone_tax_number_name_and_place(self):
        self.dragon.write({"phone": "+86 21 5550 1001", "vat": "91310000MA1FL0AB1C"})
        find = self.Partner.with_user(self.rita).field_find_duplicates

        def why(values, position=None):
            return {row["id"]: row["reasons"] for row in find(values, position)}

        self.assertEqual(
            why({"name": "Other", "phone": "021-55501001"}), {self.dragon.id: ["phone"]}
        )
        found = why({"name": "Other", "vat": "91310000ma1fl0ab1c"})
        self.assertEqual(found, {self.dragon.id: ["vat"]})
        self.assertEqual(why({"name": "GOLDEN DRAGON Co., Ltd."}), {self.dragon.id: ["name"]})
        near = {"lat": PIN[0] + 60 * METRE, "lng": PIN[1]}
        self.assertEqual(why({"name": "Goldan Dragon"}, near), {self.dragon.id: ["place"]})
        self.assertFalse(why({"name": "Blue Whale"}, near))
        far = {"lat": PIN[0] + 900 * METRE, "lng": PIN[1]}
        self.assertFalse(why({"name": "Goldan Dragon"}, far))
        self.assertFalse(why({}))

    def test_branches_of_a_shop_and_spellings_of_a_company(self):
        shop = self.Partner.create({"name": "全家便利店（人民路店）"})
        company = self.Partner.create({"name": "上海红点商贸有限责任公司"})
        find = self.Partner.with_user(self.rita).field_find_duplicates
        self.assertEqual(find({"name": "全家便利店（南京路店）"}), [])
        self.assertEqual([one["id"] for one in find({"name": "紅點商貿"})], company.ids)
        self.assertEqual([one["id"] for one in find({"name": "全家便利店 人民路店"})], shop.ids)
        for odd in ("100%", "a_b\\", "\\", "%%%"):
            self.assertEqual(find({"name": odd, "vat": odd, "phone": odd}), [], odd)

    def test_customer_added_on_the_phone_names_whom_it_may_repeat(self):
        self.dragon.phone = "+86 21 5550 1001"
        place = {"name": "Jin Long", "phone": "55501001", "vat": "X1", "lat": 30.1, "lng": 120.1}
        Provider = self.env["field.prospect.provider"].with_user(self.rita)
        made = self.Partner.browse(Provider.add_prospect(place)["partner_id"])
        self.assertIn("Golden Dragon", made.message_ids[0].body)
        self.assertEqual(made.vat, "X1")

    def test_note_on_a_new_customer_names_nobody_whom_the_person_may_not_see(self):
        self.dragon.phone = "+86 21 5550 1001"
        self.env["ir.rule"].create(
            {
                "name": "Customers of one's own",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "['|', ('user_id', '=', user.id), ('partner_share', '=', False)]",
            }
        )
        self.dragon.user_id = self.dora
        place = {"name": "Jin Long", "phone": "55501001", "lat": 30.1, "lng": 120.1}
        Provider = self.env["field.prospect.provider"].with_user(self.rita)
        made = self.Partner.browse(Provider.add_prospect(place)["partner_id"])
        self.assertNotIn("Golden Dragon", "".join(made.message_ids.mapped("body")))

    def test_form_of_a_new_customer_warns(self):
        with Form(self.Partner.with_user(self.dora).sudo()) as form:
            form.name = "Golden Dragon Ltd"
            self.assertIn(self.dragon, form.field_duplicate_ids[:])
            form.name = "Blue Whale"
            self.assertFalse(form.field_duplicate_ids[:])

    # ------------------------------------------------------------ at a glance

    def test_page_counts_what_its_links_open(self):
        self._done(self.dragon, "2026-11-10")
        self._plan(partner=self.dragon, plan_date=date(2026, 11, 25))
        page = self.dragon.with_user(self.rita).get_field_360()
        sections = {section["key"]: section for section in page["sections"]}
        self.assertEqual(sections["visits"]["count"], 1)
        self.assertEqual(sections["ahead"]["count"], 1)
        for section in page["sections"]:
            found = self.env[section["model"]].with_user(self.rita).search_count(section["domain"])
            self.assertEqual(found, section["count"], section["key"])
        self.assertEqual(page["card"]["last_visit"], "2026-11-10")
        self.assertTrue(page["as_of"].startswith("2026-11-23 01:30"))
        self.assertEqual(self.dragon.action_field_360()["params"], {"partner_id": self.dragon.id})

    def test_competitors_of_its_deals(self):
        if "field.competitor" not in self.env:
            self.skipTest("without field_crm nobody knows competitors")
        rival = self.env["field.competitor"].create({"name": "Morning Dew"})
        lead = {"name": "Coolers", "partner_id": self.dragon.id, "type": "opportunity"}
        self.env["crm.lead"].create({**lead, "field_competitor_ids": [(4, rival.id)]})
        sections = self.dragon.with_user(self.dora).get_field_360()["sections"]
        found = next(one for one in sections if one["key"] == "competitors")
        self.assertEqual([row["title"] for row in found["rows"]], ["Morning Dew"])

    def test_page_shows_each_reader_what_he_may_see(self):
        self._done(self.dragon, "2026-11-10")
        if "account.move" in self.env:
            self._invoice()
        page = self.dragon.with_user(self.olga).get_field_360()
        sections = {section["key"]: section for section in page["sections"]}
        self.assertEqual(sections["visits"]["count"], 0, "Rita's visits are not Olga's")
        # a representative sees no books; with the right to own documents, none of her colleagues'
        self.assertFalse(sections.get("invoices", {}).get("count"))

    def test_orders_of_several_currencies(self):
        if "sale.order" not in self.env:
            self.skipTest("the sales app is not installed")
        company = self.env.company
        foreign = self.env["res.currency"].create({"name": "ZZF", "symbol": "z"})
        rate = {"currency_id": foreign.id, "company_id": company.id, "name": "2020-01-01"}
        self.env["res.currency.rate"].create({**rate, "rate": 4})
        prices = self.env["product.pricelist"].create(
            [{"name": "Own", "currency_id": one.id} for one in (company.currency_id, foreign)]
        )
        line = {"name": "Coolers", "product_uom_qty": 1, "price_unit": 100, "tax_ids": False}
        product = self.env["product.product"].create({"name": "Cooler"})
        for pricelist in prices:
            order = self.env["sale.order"].create(
                {
                    "partner_id": self.dragon.id,
                    "pricelist_id": pricelist.id,
                    "order_line": [Command.create({**line, "product_id": product.id})],
                }
            )
            self.assertEqual(order.amount_total, 100)
        sections = {one["key"]: one for one in self.dragon.get_field_360()["sections"]}
        self.assertEqual(sections["quotations"]["total"], 125)

    def _invoice(self):
        line = {"name": "Coolers", "quantity": 1, "price_unit": 100, "tax_ids": False}
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.dragon.id,
                "invoice_user_id": self.rita.id,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        invoice.action_post()
        page = self.dragon.get_field_360()
        [invoices] = [part for part in page["sections"] if part["key"] == "invoices"]
        self.assertEqual((invoices["count"], invoices["total"]), (1, 100))
