"""Does everything run that must run? Asked by an administrator before somebody calls him."""

from collections import namedtuple
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import config

from ..tools import fonts, secret

STATES = ("problem", "warning", "unknown", "ok")  # what needs somebody stands first
LATE = timedelta(hours=1)
LOOP = {"localhost", "127.0.0.1", "::1"}
BACKUP_AT = "field_base.backup_at"

#: One answer: `state` of STATES, what was looked at, a sentence, and the records behind it.
Check = namedtuple("Check", "state name text res_model domain", defaults=(None, None))


class FieldHealthCheck(models.TransientModel):
    _name = "field.health.check"
    _description = "System check"
    _order = "rank, id"

    rank = fields.Integer(readonly=True)
    state = fields.Selection(
        [
            ("problem", "Problem"),
            ("warning", "Warning"),
            ("unknown", "Not known"),
            ("ok", "Good"),
        ],
        required=True,
        readonly=True,
    )
    name = fields.Char("Checked", required=True, readonly=True)
    text = fields.Char("Result", required=True, readonly=True)
    res_model = fields.Char(readonly=True)
    domain = fields.Json(readonly=True)

    def action_check_now(self):
        """Look again, and show what was found.

        :returns: the window of the answers, what needs somebody first
        """
        self._require_administrator()
        self.search([("create_uid", "=", self.env.uid)]).unlink()
        checks = sorted(self._get_checks(), key=lambda check: STATES.index(check.state))
        self.create([{**check._asdict(), "rank": STATES.index(check.state)} for check in checks])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_base.field_health_check_action"
        )
        return {**action, "domain": [("create_uid", "=", self.env.uid)]}

    @api.model
    def note_backup(self):
        """For the job that backs up the database: call it when a backup is complete."""
        self._require_administrator()
        now = fields.Datetime.to_string(fields.Datetime.now())
        self.env["ir.config_parameter"].sudo().set_param(BACKUP_AT, now)

    def action_open_records(self):
        """The records behind an answer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.res_model,
            "domain": self.domain,
            "view_mode": "list,form",
            "context": {"active_test": False},
        }

    def _require_administrator(self):
        if not self.env.user.has_group("field_base.field_base_group_admin"):
            raise AccessError(self.env._("Only a field sales administrator may check the system."))

    # --- what is looked at ---------------------------------------------------------------------

    @api.model
    def _get_checks(self):
        """Hook: modules add their own answers.

        :rtype: list[Check]
        """
        return [
            self._check_address(),
            self._check_workers(),
            self._check_jobs(),
            self._check_phones(),
            self._check_waiting(),
            self._check_seals(),
            self._check_findings(),
            self._check_mail(),
            self._check_backup(),
            self._check_secret(),
            self._check_font(),
        ]

    @api.model
    def _check_address(self):
        name = self.env._("Address")
        url = self.env["ir.config_parameter"].sudo().get_param("web.base.url") or ""
        parts = urlsplit(url)
        if parts.scheme == "https" or parts.hostname in LOOP:
            return Check("ok", name, url)
        sentence = self.env._(
            "%(url)s is not HTTPS: without it phones give no camera and no position, and the app "
            "does not start without a network.",
            url=url,
        )
        return Check("problem", name, sentence)

    @api.model
    def _check_workers(self):
        name = self.env._("Processes")
        if config["workers"]:
            count = self.env._("%(count)s workers", count=config["workers"])
            return Check("ok", name, count)
        sentence = self.env._("Odoo runs in one process: phones wait for each other. Set workers.")
        return Check("warning", name, sentence)

    @api.model
    def _check_jobs(self):
        """Our jobs that failed, are late or were switched off."""
        name = self.env._("Scheduled jobs")
        jobs = self._get_jobs()
        due = fields.Datetime.now() - LATE
        wrong = jobs.filtered(lambda job: job.failure_count or job.nextcall < due or not job.active)
        if not wrong:
            return Check("ok", name, self.env._("%(count)s jobs run in time", count=len(jobs)))
        sentence = self.env._(
            "Late, failed or off: %(names)s", names=", ".join(wrong.mapped("name"))
        )
        is_down = any(job.failure_count or job.active for job in wrong)
        state = "problem" if is_down else "warning"
        return Check(state, name, sentence, "ir.cron", [("id", "in", wrong.ids)])

    @api.model
    def _get_jobs(self):
        """The jobs that came with the modules of this suite."""
        ours = [("model", "=", "ir.cron"), ("module", "=like", "field\\_%")]
        ids = self.env["ir.model.data"].sudo().search(ours).mapped("res_id")
        return self.env["ir.cron"].sudo().with_context(active_test=False).browse(ids).exists()

    @api.model
    def _check_phones(self):
        """Phones that had something to send and have been silent for a day."""
        domain = [
            ("kind", "=", "app"),
            ("state", "=", "active"),
            ("outbox_count", ">", 0),
            ("last_contact", "<", self._day_ago()),
        ]
        return self._check_none(
            self.env._("Phones"),
            "field.device",
            domain,
            self.env._("Silent for a day, with work not sent: %(count)s"),
            self.env._("No phone holds back work"),
        )

    @api.model
    def _check_waiting(self):
        domain = [("state", "=", "waiting"), ("received_at", "<", self._day_ago())]
        return self._check_none(
            self.env._("Journal"),
            "field.event",
            domain,
            self.env._("Waiting for more than a day for what they refer to: %(count)s"),
            self.env._("Nothing waits"),
        )

    @api.model
    def _check_seals(self):
        """Evidence is sealed each hour; what is older and is not is not protected."""
        before = fields.Datetime.now() - 3 * LATE
        domain = [("seal_id", "=", False), ("received_at", "<", before)]
        return self._check_none(
            self.env._("Seals"),
            "field.event",
            domain,
            self.env._("Evidence not sealed for hours: %(count)s"),
            self.env._("All evidence is sealed"),
            state="problem",
        )

    @api.model
    def _check_findings(self):
        return self._check_none(
            self.env._("Evidence"),
            "field.finding",
            [],
            self.env._("Does not fit: %(count)s"),
            self.env._("All evidence fits"),
            state="problem",
        )

    @api.model
    def _check_mail(self):
        """The day's seal is worth something because it leaves this server."""
        name = self.env._("Mail of the seals")
        addressed = self.env["res.company"].sudo().search_count([("field_seal_email", "!=", False)])
        if not addressed:
            sentence = self.env._(
                "No company has an address for the seal of the day: who can change the whole "
                "database could change the evidence in it."
            )
            return Check("warning", name, sentence)
        if not self.env["ir.mail_server"].sudo().search_count([], limit=1):
            sentence = self.env._(
                "No server for outgoing mail is set up: this machine has to send it by itself."
            )
            return Check("warning", name, sentence)
        return Check("ok", name, self.env._("The seal of each day is mailed"))

    @api.model
    def _check_backup(self):
        name = self.env._("Backup")
        told = self.env["ir.config_parameter"].sudo().get_param(BACKUP_AT)
        if not told:
            sentence = self.env._(
                "No backup was noted. Let the job that makes it call note_backup of "
                "field.health.check."
            )
            return Check("unknown", name, sentence)
        at = fields.Datetime.to_datetime(told)
        age = fields.Datetime.now() - at
        state = "ok" if age < timedelta(days=2) else "problem"
        hours = int(age / timedelta(hours=1))
        return Check(state, name, self.env._("The last one is %(hours)s h old", hours=hours))

    @api.model
    def _check_secret(self):
        """Homes are encrypted: with a key from outside a copy of the database tells none."""
        name = self.env._("Encryption of homes")
        Home = self.env["field.home"].sudo()
        homes = Home.search([("user_id", "!=", False)])
        lost = sum(not Home._read_place(home.user_id.id) for home in homes)
        if lost:
            sentence = self.env._(
                "%(count)s homes cannot be read: the key has changed. They are not hidden until "
                "their people name them again.",
                count=lost,
            )
            return Check("problem", name, sentence)
        if homes and not secret.has_own_key():
            sentence = self.env._(
                "The key lies in the same database. Set %(variable)s in the server's environment "
                "before people name their homes.",
                variable=secret.VARIABLE,
            )
            return Check("warning", name, sentence)
        count = self.env._("%(count)s homes, all readable", count=len(homes))
        return Check("ok", name, count)

    @api.model
    def _check_font(self):
        """Watermarks are drawn on the server; without a font Chinese names are empty boxes."""
        name = self.env._("Chinese characters on photos")
        if fonts.find_chinese():
            return Check("ok", name, self.env._("A font is installed"))
        sentence = self.env._(
            "The server has no font for them: watermarks show empty boxes. Install the package "
            "fonts-noto-cjk and restart."
        )
        return Check("warning", name, sentence)

    # --- tools for checks ----------------------------------------------------------------------

    @api.model
    def _day_ago(self):
        return fields.Datetime.now() - timedelta(days=1)

    @api.model
    def _check_none(self, name, model, domain, bad, good, state="warning"):
        """Good when there are no such records; `bad` has a placeholder ``count``."""
        count = self.env[model].sudo().search_count(domain)
        if not count:
            return Check("ok", name, good)
        rows = [(left, operator, _plain(right)) for left, operator, right in domain]
        return Check(state, name, bad % {"count": count}, model, rows)


def _plain(value):
    """Fit for JSON."""
    return fields.Datetime.to_string(value) if hasattr(value, "year") else value
