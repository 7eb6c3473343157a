from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.collection import Collection, plain
from ..tools.times import in_quiet_hours, local_date, local_hour

CHANNELS = [
    ("usual", "As set in Odoo"),
    ("mail", "Mail"),
    ("digest", "One mail a day"),
    ("app", "Only in the app and in Odoo"),
]
KEPT_DAYS = 90


class FieldNotice(models.Model):
    """A message to somebody in the field, by the way he has chosen for this kind of message.

    Each stays in his list, whatever way it takes. In his quiet hours nothing is sent that can wait;
    a digest goes out once a day, when they are over. Calls for help do not come this way.
    """

    _name = "field.notice"
    _description = "Message"
    _inherit = ["field.scope.mixin"]
    _order = "id desc"
    _rec_name = "subject"

    user_id = fields.Many2one(readonly=True)
    kind = fields.Selection(selection="_select_kind", required=True, readonly=True)
    subject = fields.Char(required=True, readonly=True)
    body = fields.Html("Text", readonly=True)
    channel = fields.Selection(CHANNELS, "Sent by", required=True, readonly=True)
    author_id = fields.Many2one("res.users", "From", readonly=True, ondelete="set null")
    res_model = fields.Char("Document model", readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", readonly=True)
    due_at = fields.Datetime("To be sent", required=True, readonly=True)
    sent_at = fields.Datetime("Sent", readonly=True)

    _due_idx = models.Index("(due_at) WHERE sent_at IS NULL")

    @api.model
    def _select_kind(self):
        return list(self._get_kinds().items())

    @api.model
    def _get_kinds(self):
        """What people choose the way of; modules add theirs.

        :returns: ``{key: words}``
        """
        return {
            "announcement": self.env._("Announcements"),
            "privacy": self.env._("Answers to objections and corrections"),
            "handover": self.env._("Handovers"),
        }

    # --- writing -------------------------------------------------------------------------------

    @api.model
    def _notify(self, kind, users, subject, body, author=None, record=None, urgent=False):
        """Tell people something, each by the way he has chosen for this kind.

        :param users: res.users; subject and body are in their language
        :param record: what it is about, or None
        :param bool urgent: at once, in quiet hours and past the digest too
        """
        channels = self.env["field.notice.choice"]._get_channels(kind, users)
        company = self.env.company
        if record and "company_id" in record:
            company = record.company_id or company
        vals = {"kind": kind, "subject": subject, "body": body, "company_id": company.id}
        vals |= {"author_id": author.id if author else False}
        if record:
            vals |= {"res_model": record._name, "res_id": record.id}
        policies = self.env["field.policy"].with_company(company)._get_for_users(users)
        now, rows = fields.Datetime.now(), []
        for user in users:
            channel = channels[user.id]
            if urgent and channel == "digest":
                channel = "usual"
            due = now if urgent else self._get_due(user, policies[user.id], channel, now)
            rows.append({**vals, "user_id": user.id, "channel": channel, "due_at": due})
        notices = self.sudo().create(rows)
        notices.filtered(lambda notice: notice.due_at <= now)._send()
        for due in set(notices.filtered(lambda notice: not notice.sent_at).mapped("due_at")):
            self.env.ref("field_base.field_notice_cron_send").sudo()._trigger(due)
        return notices

    @api.model
    def _get_due(self, user, policy, channel, now):
        """Now, or when the quiet hours end; a digest when the next ones do."""
        tz, start, end = user._field_tz(), policy.quiet_from, policy.quiet_until
        if channel == "app" or (channel != "digest" and not in_quiet_hours(now, tz, start, end)):
            return now
        today = local_date(now, tz)
        morning = local_hour(today, end, tz)
        return morning if morning > now else local_hour(today + timedelta(days=1), end, tz)

    # --- sending -------------------------------------------------------------------------------

    @api.model
    def _cron_send(self, batch=500):
        """Send what is due; one mail for all of a person's digest."""
        Cron = self.env["ir.cron"]
        domain = Domain("sent_at", "=", False) & Domain("due_at", "<=", fields.Datetime.now())
        Cron._commit_progress(remaining=self.search_count(domain))
        while due := self.search(domain, limit=batch, order="id").try_lock_for_update():
            due._send()
            if not Cron._commit_progress(len(due)):
                break

    def _send(self):
        digests = self.filtered(lambda notice: notice.channel == "digest")
        for user, notices in digests.grouped("user_id").items():
            notices._send_digest(user)
        mails = self.filtered(lambda notice: notice.channel == "mail")
        mails._mail_each()
        for notice in self.filtered(lambda notice: notice.channel == "usual"):
            notice._send_usual()
        self.write({"sent_at": fields.Datetime.now()})

    def _send_usual(self):
        """Inbox or mail as the person has it in Odoo, and the browser's own notification."""
        author = self.author_id.partner_id.id
        self.env["mail.thread"].with_context(lang=self.user_id.lang).message_notify(
            subject=self.subject,
            body=self.body or self.subject,
            partner_ids=self.user_id.partner_id.ids,
            model=self.res_model or False,
            res_id=self.res_id or False,
            **({"author_id": author} if author else {}),
        )

    def _mail_each(self):
        for notice in self:
            notice.user_id._field_mail(notice.subject, notice.body or notice.subject)

    def _send_digest(self, user):
        env = self.with_context(lang=user.lang).env
        subject = env._("%(count)s messages from field sales", count=len(self))
        parts = [
            Markup("<h3>%s</h3><div>%s</div>") % (notice.subject, notice.body or "")
            for notice in self.sorted("id")
        ]
        user._field_mail(subject, Markup("").join(parts))

    @api.autovacuum
    def _gc_old(self):
        """Read or not, nobody looks for them after a quarter of a year."""
        before = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("create_date", "<", before), ("sent_at", "!=", False)], limit=5000).unlink()


class FieldNoticeChoice(models.Model):
    """By which way somebody wants one kind of message."""

    _name = "field.notice.choice"
    _description = "Way of a kind of message"
    _order = "user_id, kind"
    _rec_name = "kind"

    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
    )
    kind = fields.Selection(selection="_select_kind", string="Messages about", required=True)
    channel = fields.Selection(CHANNELS, "Sent by", required=True, default="usual")

    _once = models.Constraint("UNIQUE(user_id, kind)", "This kind of message has a way already.")

    @api.model
    def _select_kind(self):
        return self.env["field.notice"]._select_kind()

    @api.model
    def _get_channels(self, kind, users):
        """``{user.id: channel}``"""
        found = self.sudo().search([("kind", "=", kind), ("user_id", "in", users.ids)])
        chosen = {choice.user_id.id: choice.channel for choice in found}
        return {user.id: chosen.get(user.id, "usual") for user in users}

    @api.model
    def action_open_mine(self):
        """All kinds with the way each takes, to be changed in the list."""
        mine = self.search([("user_id", "=", self.env.uid)])
        missing = self.env["field.notice"]._get_kinds().keys() - set(mine.mapped("kind"))
        self.create([{"kind": kind} for kind in sorted(missing)])
        return self.env["ir.actions.actions"]._for_xml_id("field_base.field_notice_choice_action")

    @api.model_create_multi
    def create(self, vals_list):
        """Everybody chooses for himself."""
        if not self.env.su:
            vals_list = [{**vals, "user_id": self.env.uid} for vals in vals_list]
        return super().create(vals_list)


class ResUsers(models.Model):
    _inherit = "res.users"

    def _field_mail(self, subject, body):
        """A plain mail to one person, past the inbox."""
        self.ensure_one()
        mail = {"subject": subject, "body_html": body, "auto_delete": True}
        to = self.sudo().email_formatted
        if to:
            self.env["mail.mail"].sudo().create({**mail, "email_to": to})


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _collections(self):
        """The last messages, whatever way they took; announcements have a list of their own."""
        notices = Collection(
            "field.notice",
            Domain("user_id", "=", self.env.uid)
            & Domain("kind", "!=", "announcement")
            & Domain("create_date", ">=", "-30d"),
            ("subject", "body", "author_id", "create_date"),
            order="id desc",
            cap=100,
            rows=self._notices,
        )
        return {**super()._collections(), "notices": notices}

    @api.model
    def _notices(self, notices):
        return [
            {
                "id": notice.id,
                "subject": notice.subject,
                "body": notice.body or "",
                "from": notice.sudo().author_id.name or "",
                "at": plain(notice.create_date),
            }
            for notice in notices
        ]
