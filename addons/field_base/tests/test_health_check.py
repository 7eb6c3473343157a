from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import config

from .common import FieldCase, make_event


@tagged("post_install", "-at_install")
class TestHealthCheck(FieldCase):
    """Each answer turns when its fact does, and opens the records behind it."""

    def check(self, name):
        """The answer with this name, as the administrator gets it."""
        action = self.as_user("field.health.check", self.admin).action_check_now()
        rows = self.as_user("field.health.check", self.admin).search(action["domain"])
        [row] = rows.filtered(lambda one: one.name == name)
        return row

    def opened(self, row):
        action = row.action_open_records()
        return (
            self.env[action["res_model"]].with_context(**action["context"]).search(action["domain"])
        )

    def later(self, **span):
        then = fields.Datetime.now() + timedelta(**span)
        return patch.object(fields.Datetime, "now", lambda: then)

    def test_address(self):
        params = self.env["ir.config_parameter"].sudo()
        for url, state in (
            ("https://field.example.com", "ok"),
            ("http://localhost:8069", "ok"),
            ("http://field.example.com", "problem"),
        ):
            params.set_param("web.base.url", url)
            row = self.check("Address")
            self.assertEqual(row.state, state, url)
            self.assertIn(url, row.text)

    def test_processes(self):
        for workers, state in ((0, "warning"), (4, "ok")):
            with patch.dict(config.options, {"workers": workers}):
                self.assertEqual(self.check("Processes").state, state)

    def test_jobs(self):
        jobs = self.env["field.health.check"]._get_jobs()
        later = fields.Datetime.now() + timedelta(hours=1)
        jobs.write({"nextcall": later, "active": True})
        self.env.cr.execute("UPDATE ir_cron SET failure_count = 0")
        self.env.invalidate_all()
        self.assertEqual(self.check("Scheduled jobs").state, "ok")
        job = self.env.ref("field_base.field_seal_cron")
        job.active = False
        row = self.check("Scheduled jobs")
        self.assertEqual((row.state, self.opened(row)), ("warning", job))
        job.write({"active": True, "nextcall": fields.Datetime.now() - timedelta(hours=2)})
        row = self.check("Scheduled jobs")
        self.assertEqual((row.state, self.opened(row)), ("problem", job))

    def test_phones_and_journal(self):
        self.assertEqual(self.check("Phones").state, "ok")
        ago = fields.Datetime.now() - timedelta(days=2)
        self.device.write({"outbox_count": 3, "last_contact": ago})
        row = self.check("Phones")
        self.assertEqual((row.state, self.opened(row)), ("warning", self.device))
        self.device.last_contact = fields.Datetime.now()
        self.assertEqual(self.check("Phones").state, "ok")
        self.assertEqual(self.check("Journal").state, "ok")

    def test_seals_and_findings(self):
        self.sync([make_event("contact.ping")])
        self.env["field.seal"]._seal_next()
        self.assertEqual(self.check("Seals").state, "ok")
        self.sync([event := make_event("contact.ping")])
        kept = self.env["field.event"].search([("uuid", "=", event["uuid"])])
        with self.later(hours=4):
            row = self.check("Seals")
        self.assertEqual((row.state, self.opened(row)), ("problem", kept))
        self.assertEqual(self.check("Evidence").state, "ok")
        self.env["field.finding"]._note(
            [{"code": "altered", "message": "x", "res_model": "field.event", "res_id": kept.id}]
        )
        self.assertEqual(self.check("Evidence").state, "problem")

    def test_mail(self):
        self.env["res.company"].search([]).field_seal_email = False
        self.env["ir.mail_server"].search([]).active = False
        self.assertEqual(self.check("Mail of the seals").state, "warning")
        self.env.company.field_seal_email = "seal@example.com"
        self.assertEqual(self.check("Mail of the seals").state, "warning")
        self.env["ir.mail_server"].create({"name": "Out", "smtp_host": "mail.example.com"})
        self.assertEqual(self.check("Mail of the seals").state, "ok")

    def test_backup(self):
        self.assertEqual(self.check("Backup").state, "unknown")
        self.as_user("field.health.check", self.admin).note_backup()
        self.assertEqual(self.check("Backup").state, "ok")
        with self.later(hours=50):
            row = self.check("Backup")
        self.assertEqual((row.state, "50" in row.text), ("problem", True))

    def test_what_needs_somebody_stands_first(self):
        checks = self.env["field.health.check"]
        self.check("Backup")
        self.check("Backup")
        rows = checks.search([("create_uid", "=", self.admin.id)])
        self.assertEqual(len(rows), len(checks._get_checks()), "only the newest answers are kept")
        self.assertEqual(rows.mapped("rank"), sorted(rows.mapped("rank")))

    def test_nobody_else_may_look(self):
        for user in (self.rep, self.leader):
            checks = self.as_user("field.health.check", user)
            with self.assertRaises(AccessError):
                checks.action_check_now()
            with self.assertRaises(AccessError):
                checks.note_backup()
