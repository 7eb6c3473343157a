import re
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import AT_CUSTOMER, VisitCase

DAY = date(2026, 11, 24)  # a Tuesday


@tagged("post_install", "-at_install")
class TestWorkReport(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["field.work.report"]

    def _work(self, user=None):
        """A day with one visit done, one missed and one nobody had planned."""
        user = user or self.rita
        with freeze_time("2026-11-24 01:00:00"):
            day = self.env["field.workday"].with_user(user).action_open_today()
            done = self._plan(user=user, plan_date=DAY)
            self._plan(user=user, partner=self.lucky, plan_date=DAY)
            done.action_check_in(AT_CUSTOMER)
        with freeze_time("2026-11-24 01:30:00"):
            done.action_check_out(AT_CUSTOMER)
            visits = self.env["field.visit"].with_user(user)
            more = visits._find_or_create_today(self.nowhere, fields.Datetime.now())
            more.action_check_in(None)
        with freeze_time("2026-11-24 01:45:00"):
            more.action_check_out(None)
        with freeze_time("2026-11-24 09:00:00"):
            self.env["field.workday"].browse(day["res_id"]).with_user(user).action_close()

    def _run_cron(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_work_report").method_direct_trigger()

    def _report(self, kind="day", user=None, viewer=None):
        domain = [("kind", "=", kind), ("user_id", "=", (user or self.rita).id)]
        return self.Report.with_user(viewer or self.rita).search(domain)

    def test_end_of_the_day_writes_it(self):
        self._work()
        report = self._report()
        figures = ("planned_count", "done_count", "missed_count", "unplanned_count", "work_min")
        self.assertEqual([report[name] for name in figures], [2, 2, 0, 1, 480])
        self.assertEqual((report.visit_min, report.customer_count), (45, 2))
        self.assertEqual((report.date_from, report.date_to), (DAY, DAY))

    def test_late_news_of_a_week_are_followed_later_ones_by_the_button(self):
        self._work()
        self.env["field.visit"].search([("state", "=", "planned")])._do_miss()
        self._run_cron("2026-11-25 00:30:00")
        report = self._report()
        self.assertEqual(report.missed_count, 1)
        self.env["field.visit"].search([("state", "=", "missed")]).sudo().plan_date = "2026-11-25"
        self._run_cron("2026-12-20 00:30:00")
        self.assertEqual(report.missed_count, 1)
        report.action_refresh()
        self.assertEqual(report.missed_count, 0)

    def test_weeks_and_months_when_they_are_over(self):
        self._work()
        self._run_cron("2026-11-26 00:30:00")
        self.assertFalse(self._report("week"))
        self._run_cron("2026-11-29 20:00:00")  # Monday in Shanghai
        week = self._report("week")
        self.assertEqual((week.date_from, week.date_to), (date(2026, 11, 23), date(2026, 11, 29)))
        self.assertEqual((week.done_count, week.planned_count), (2, 2))
        self.assertFalse(self._report("month"))
        self._run_cron("2026-11-30 20:00:00")
        self.assertEqual(self._report("month").date_from, date(2026, 11, 1))
        self._run_cron("2026-11-30 21:00:00")
        self.assertEqual(len(self._report("month")), 1)

    def test_day_without_a_workday_gets_one_too(self):
        self._plan(plan_date=DAY)
        self._run_cron("2026-11-24 10:00:00")
        self.assertFalse(self._report(), "the day is not over")
        self._run_cron("2026-11-24 16:30:00")  # half past midnight in Shanghai
        self.assertEqual(self._report().planned_count, 1)

    def test_each_figure_opens_its_records(self):
        self._work()
        report = self._report()
        for figure in self.Report._get_figures():
            action = report.with_context(figure=figure.name).action_open_figure()
            found = self.env[action["res_model"]].sudo().search(action["domain"])
            if figure.measure == "__count":
                self.assertEqual(len(found), report[figure.name], figure.name)
        self.assertEqual(report.photo_count, 0)

    def test_what_is_of_no_company_stands_in_one_report(self):
        """Customers of all companies and promises; the person works for two companies."""
        other = self.env["res.company"].create({"name": "Other"})
        self.rita.company_ids |= other
        with freeze_time("2026-11-24 03:00:00"):
            mine, theirs = (
                self._plan(partner=self.nowhere, plan_date=DAY, company_id=company.id)
                for company in (self.env.company, other)
            )
            promises = [
                visit._add_followup(self.nowhere, "Call", visit=visit) for visit in (mine, theirs)
            ]
        found = self.env["res.partner"].create({"name": "New"})
        self._date(found, *promises)
        counts = []
        for company in (self.env.company, other):
            report = self.Report.sudo()._make("day", company, DAY, self.rita)
            counts.append((report.new_customer_count, report.followup_count))
        self.assertEqual(counts, [(1, 1), (0, 1)])

    def _date(self, *records):
        """The database's clock is not the frozen one."""
        self.env.flush_all()
        for record in records:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_uid = %s, create_date = '2026-11-24 03:00' WHERE id = %s",
                    SQL.identifier(record._table),
                    self.rita.id,
                    record.id,
                )
            )
        self.env.invalidate_all()

    def test_orders_count_in_the_companys_money(self):
        if "sale.order" not in self.env:
            self.skipTest("the sales app is not installed")
        self._work()
        order = self.env["sale.order"].create(
            {
                "partner_id": self.dragon.id,
                "user_id": self.rita.id,
                "order_line": [
                    (0, 0, {"name": "Tea", "product_uom_qty": 3, "price_unit": 10, "tax_ids": []})
                ],
            }
        )
        order.write({"state": "sale", "date_order": "2026-11-24 15:59:00"})
        report = self._report()
        report.action_refresh()
        self.assertEqual((report.order_count, report.order_amount), (1, order.amount_total))
        order.date_order = "2026-11-24 16:01:00"  # the next day in Shanghai
        report.action_refresh()
        self.assertEqual((report.order_count, report.order_amount), (0, 0))

    def test_what_customers_gave_and_promised(self):
        self._work()
        step = {"sop_id": self.sop.id, "name": "Money", "kind": "collection", "key": "money"}
        self.env["field.sop.step"].create(step | {"required": False})
        visit = self._plan(plan_date="2026-11-24", partner=self.lucky)
        at = datetime(2026, 11, 24, 3, 0)
        visit._do_check_in(at=at, reason="There", exception=True)
        money = {"received": 120.5, "promised": 80, "on": "2026-11-30"}
        self._step(visit, "money")._do_done(money=money, at=at)
        self.assertEqual((visit.amount_received, visit.amount_promised), (120.5, 80))
        visit._do_check_out(at=at + timedelta(minutes=20))
        report = self._report()
        report.action_refresh()
        self.assertEqual((report.received_amount, report.promised_amount), (120.5, 80))
        action = report.with_context(figure="received_amount").action_open_figure()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, visit.with_env(found.env))
        App = self.env["field.app"].with_user(self.rita)
        (row,) = App._work_reports(report.with_user(self.rita))
        self.assertEqual((row["received_amount"], row["promised_amount"]), (120.5, 80))

    def test_leads_and_opportunities(self):
        if "crm.lead" not in self.env:
            self.skipTest("without the CRM app there are none")
        self._work()
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        Lead = self.env["crm.lead"].sudo().with_context(mail_create_nolog=True)
        lead, deal, old = Lead.create(
            [
                {"name": "Shop", "type": "lead", "user_id": self.ravi.id},
                {"name": "Coolers", "type": "opportunity", "user_id": self.ravi.id},
                {"name": "Old", "type": "opportunity", "user_id": self.rita.id},
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_uid = %s, create_date = %s WHERE id IN %s",
            (self.rita.id, "2026-11-24 15:59:00", (lead.id, deal.id)),
        )
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = '2026-10-01', stage_id = %s, date_closed = %s"
            " WHERE id = %s",
            (won.id, "2026-11-24 05:00:00", old.id),
        )
        self.env.invalidate_all()
        report = self._report()
        report.action_refresh()
        self.assertEqual((report.lead_count, report.opportunity_count, report.won_count), (1, 1, 1))
        self.assertTrue(report.has_leads)

    def test_nobody_writes_a_figure_and_only_the_person_his_words(self):
        self._work()
        report = self._report()
        report.blockers = "The road was closed"
        for user in (self.rita, self.lea, self.dora):
            with self.assertRaises(AccessError):
                report.with_user(user).done_count = 9
        for user in (self.lea, self.dora, self.audra):
            with self.assertRaises(AccessError):
                report.with_user(user).blockers = "He was lazy"
        with self.assertRaises(AccessError):
            self.Report.with_user(self.dora).create({"date_from": DAY, "date_to": DAY})
        report.with_user(self.lea).message_post(body="Well done", message_type="comment")
        report.message_post(body="Thank you", message_type="comment")
        self.assertEqual(report.comment_count, 2)

    def test_who_sees_it(self):
        self._work()
        for user, seen in (
            (self.rita, True),
            (self.lea, True),
            (self.dora, True),
            (self.audra, True),
            (self.ravi, False),
            (self.otis, False),
        ):
            self.assertEqual(bool(self._report(viewer=user)), seen, user.name)
            rows = self.Report.with_user(user)._read_group([], [], ["done_count:sum"])
            self.assertEqual(bool(rows[0][0]), seen, user.name)
        with self.assertRaises(AccessError):
            self._report(viewer=self.nina)

    def test_queries_do_not_grow_with_people(self):
        self._work()
        reports = self._report()
        self._work(self.ravi)
        both = reports.sudo() | self._report(user=self.ravi, viewer=self.ravi).sudo()

        def count(some):
            self.env.invalidate_all()
            some._refresh()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env.invalidate_all()
            some._refresh()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(count(both), count(reports.sudo()) + 1)

    # ---------------------------------------------------------------- digest

    def _get_digests(self, moment, lang=None):
        sent = []

        def notify(_thread, **values):
            sent.append(values)

        with patch.object(type(self.env["mail.thread"]), "message_notify", notify):
            self._run_cron(moment)
        return sent

    def test_leader_gets_a_digest_when_his_policy_says_so(self):
        self._work()
        self._work(self.ravi)
        self._report().blockers = "Out of stock: green tea"
        self.assertEqual(self._get_digests("2026-11-24 23:00:00"), [])
        self._policy(self.lea, report_digest="day", quiet_until=7)
        sent = [
            mail
            for mail in self._get_digests("2026-11-24 23:15:00")
            if mail["partner_ids"] == self.lea.partner_id.ids
        ]
        self.assertEqual(sent, [], "this morning is told of already")
        self.lea.field_digest_date = False
        self.assertEqual(self._get_digests("2026-11-24 22:55:00"), [], "five to seven")
        sent = [
            mail
            for mail in self._get_digests("2026-11-24 23:30:00")
            if mail["partner_ids"] == self.lea.partner_id.ids
        ]
        self.assertEqual(len(sent), 1)
        body = str(sent[0]["body"])
        for text in ("Rita", "Ravi", "Out of stock: green tea", "2 / 2"):
            self.assertIn(text, body)
        self.assertNotIn("Olga", body)

    def test_day_that_ends_after_the_leader_s_breakfast(self):
        """It is told of the next morning, once."""
        self._policy(self.lea, report_digest="day", quiet_until=7)
        self.lea.tz = "Asia/Shanghai"
        self.rita.tz = "America/New_York"
        self._work()
        self._work(self.ravi)
        found = []
        for moment in ("2026-11-24 23:30:00", "2026-11-25 23:30:00", "2026-11-26 23:30:00"):
            mails = self._get_digests(moment)
            mine = [mail for mail in mails if mail["partner_ids"] == self.lea.partner_id.ids]
            numbers = re.findall(r"field-reports/(\d+)", str(mine))
            reports = self.Report.browse(int(number) for number in numbers)
            found.append([(one.user_id.name, one.date_from.day) for one in reports])
        # she came to work at 01:00 UTC, which is the evening of the 23rd there
        self.assertEqual(found, [[("Ravi", 24), ("Rita", 23)], [("Rita", 24)], []])

    def test_digest_takes_the_way_that_the_leader_has_chosen(self):
        self._work()
        self._policy(self.lea, report_digest="day")
        choice = {"user_id": self.lea.id, "kind": "work_report", "channel": "app"}
        self.env["field.notice.choice"].sudo().create(choice)
        self.assertEqual(self._get_digests("2026-11-24 23:30:00"), [])
        mine = [("user_id", "=", self.lea.id), ("kind", "=", "work_report")]
        notice = self.env["field.notice"].sudo().search(mine)
        self.assertEqual((len(notice), notice.channel), (1, "app"))
        self.assertIn("Rita", notice.body)

    def test_person_is_told_what_others_say_to_his_report(self):
        self._work()
        report = self._report()
        told = [("user_id", "=", self.rita.id), ("kind", "=", "work_report")]
        Notice = self.env["field.notice"].sudo()
        report.with_user(self.lea).message_post(body="Well done", message_type="comment")
        notice = Notice.search(told)
        self.assertEqual((notice.author_id, notice.res_id), (self.lea, report.id))
        self.assertIn("Well done", notice.body)
        report.with_user(self.rita).message_post(body="Thanks", message_type="comment")
        report.with_user(self.lea).message_post(body="A note", message_type="notification")
        self.assertEqual(Notice.search(told), notice)

    def test_weekly_digest_comes_on_mondays(self):
        Report = self.Report
        self._policy(self.lea, report_digest="week")
        for day, kinds in (
            (date(2026, 11, 27), []),
            (date(2026, 11, 30), ["week"]),
            (date(2026, 12, 1), ["month"]),
        ):
            self.assertEqual(Report._get_digest_kinds(self.lea, day), kinds, day)
