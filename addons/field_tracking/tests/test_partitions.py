import logging
from dataclasses import replace
from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import sql

from ..models.field_position import _month, _month_of
from .common import TrackCase


@tagged("post_install", "-at_install")
class TestPartitions(TrackCase, TransactionCase):
    def test_coming_months_exist(self):
        today = date.today().replace(day=1)
        months = self.Position._existing_months()
        self.assertTrue({_month(today, n) for n in range(-1, 4)} <= months)

    def test_the_system_check_names_a_missing_month(self):
        Check = self.env["field.health.check"]
        self.assertEqual(Check._check_months().state, "ok")
        today = date.today().replace(day=1)
        months = self.Position._existing_months() - {_month(today, 1)}
        with patch.object(type(self.Position), "_existing_months", lambda self: months):
            check = Check._check_months()
        self.assertEqual(check.state, "problem")
        self.assertIn(f"{_month(today, 1):%Y-%m}", check.text)

    def test_a_late_month_is_made_on_demand(self):
        moment = datetime.utcnow() - timedelta(days=900)
        ts = int((moment - datetime(1970, 1, 1)).total_seconds())
        self.assertNotIn(_month_of(ts), self.Position._existing_months())
        fix = replace(self.workday_fixes()[0], ts=ts)
        self.assertEqual(self.store([fix]), 1)
        self.assertIn(_month_of(ts), self.Position._existing_months())
        self.env.cr.execute(
            "SELECT tableoid::regclass::text FROM field_position WHERE device_id = %s",
            [self.device.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(f"field_position_{moment:%Y_%m}",)])

    def test_the_job_is_idempotent(self):
        before = self.Position._existing_months()
        self.env.ref("field_tracking.field_position_cron_months")
        self.Position._cron_months_ahead()
        self.Position.init()
        self.assertEqual(self.Position._existing_months(), before)

    def test_months_of_a_year(self):
        self.assertEqual(_month(date(2026, 12, 1), 1), date(2027, 1, 1))
        self.assertEqual(_month(date(2026, 1, 1), -1), date(2025, 12, 1))
        self.assertEqual(_month_of(0), date(1970, 1, 1))

    def test_the_registry_does_not_miss_a_table(self):
        self.assertFalse(sql.table_exists(self.env.cr, "field_position"), "it is partitioned")
        with self.assertNoLogs("odoo.registry", logging.WARNING):
            self.env.registry.check_tables_exist(self.env.cr)

    def test_orm_reads_groups_and_finds_by_id(self):
        self.store(self.workday_fixes())
        domain = [("device_id", "=", self.device.id)]
        rows = self.Position.search(domain, limit=3, order="ts")
        self.env.invalidate_all()
        self.assertEqual(len(set(rows.mapped("ts"))), 3)
        self.assertEqual(rows.exists(), rows)
        [(user, count)] = self.Position._read_group(domain, ["user_id"], ["__count"])
        self.assertEqual((user, count), (self.rep, self.Position.search_count(domain)))

    def test_reading_by_id_uses_the_key(self):
        self.store(self.workday_fixes())
        rows = self.Position.search([("device_id", "=", self.device.id)], limit=2)
        query = rows._as_query().select("ts")
        self.env.cr.execute("EXPLAIN " + query.code, query.params)
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        self.assertLessEqual(plan.count("field_position_2"), 4, plan)
        self.assertIn("Index", plan)

    def test_storage_per_position(self):
        fixes = self.workday_fixes()
        first = fixes[0]
        many = [
            replace(
                first, ts=first.ts - 20000 + n, speed=1.2, course=5.0, battery=0.5, charging=False
            )
            for n in range(20000)
        ]
        month = f"field_position_{datetime.utcfromtimestamp(first.ts):%Y_%m}"
        self.env.cr.execute("SELECT pg_total_relation_size(%s), count(*) FROM " + month, [month])
        size, count = self.env.cr.fetchone()
        self.store(many)
        self.env.cr.execute("SELECT pg_total_relation_size(%s), count(*) FROM " + month, [month])
        size_after, count_after = self.env.cr.fetchone()
        if count_after - count > 15000:  # else the month has just begun
            self.assertLessEqual((size_after - size) / (count_after - count), 150)
