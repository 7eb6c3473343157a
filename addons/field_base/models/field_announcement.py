from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.times import in_quiet_hours

MOST_READERS = 20000


class FieldAnnouncement(models.Model):
    """A message to people in the field that they have to have read; who has, and when, is kept.

    A leader writes to his people, an administrator to everybody. It is on the phone at once; the
    notification waits for the end of each reader's quiet hours, unless it is urgent.
    """

    _name = "field.announcement"
    _description = "Announcement"
    _order = "published_at desc, id desc"
    _check_company_auto = True

    name = fields.Char("Subject", required=True)
    body = fields.Html("Text", sanitize_attributes=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    author_id = fields.Many2one(
        "res.users",
        "From",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    audience = fields.Selection(
        [
            ("team", "My people"),
            ("some", "Chosen people"),
            ("all", "Everybody in field sales"),
        ],
        "To",
        required=True,
        default="team",
        help="Leaders write to the people below them, administrators to everybody.",
    )
    user_ids = fields.Many2many("res.users", string="People", check_company=True)
    is_urgent = fields.Boolean("Urgent", help="Notifies at once, in quiet hours too.")
    must_read = fields.Boolean(
        "Must be read", default=True, help="Everybody confirms that he has read it."
    )
    remind_hours = fields.Integer(
        "Remind after (hours)",
        default=24,
        help="Who has not read it by then is reminded, once. 0 reminds nobody.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
    )
    published_at = fields.Datetime(readonly=True, copy=False)
    expires_on = fields.Date("Shown until", help="Empty shows it until it is closed.")
    receipt_ids = fields.One2many("field.announcement.receipt", "announcement_id", "Receipts")
    reader_count = fields.Integer("Readers", compute="_compute_counts")
    read_count = fields.Integer("Have read", compute="_compute_counts")
    unread_count = fields.Integer("Have not read", compute="_compute_counts")
    is_read = fields.Boolean("Read by me", compute="_compute_is_read")

    _remind_range = models.Constraint(
        "CHECK(remind_hours BETWEEN 0 AND 8760)", "A reminder comes within a year, or with 0 never."
    )

    @api.depends("receipt_ids.read_at")
    def _compute_counts(self):
        """Of the receipts the user may see: a leader counts his people."""
        groups = self.env["field.announcement.receipt"]._read_group(
            [("announcement_id", "in", self.ids)],
            ["announcement_id"],
            ["__count", "read_at:count"],
        )
        counts = {announcement: (total, read) for announcement, total, read in groups}
        for announcement in self:
            total, read = counts.get(announcement, (0, 0))
            announcement.reader_count = total
            announcement.read_count = read
            announcement.unread_count = total - read

    @api.depends("receipt_ids.read_at")
    @api.depends_context("uid")
    def _compute_is_read(self):
        domain = [("announcement_id", "in", self.ids), ("user_id", "=", self.env.uid)]
        Receipt = self.env["field.announcement.receipt"].sudo()
        unread = Receipt.search([*domain, ("read_at", "=", False)]).announcement_id
        for announcement in self:
            announcement.is_read = announcement not in unread

    # --- who may write to whom -----------------------------------------------------------------

    def _get_readers(self):
        """The people it goes to: of the author's own choice, those he may write to."""
        self.ensure_one()
        author = self.author_id.sudo()
        group = self.env.ref("field_base.field_base_group_rep")
        domain = Domain("all_group_ids", "in", group.id) & Domain(
            "company_ids", "in", self.company_id.ids
        )
        if not author.has_group("field_base.field_base_group_admin"):
            domain &= Domain("field_leader_ids", "in", author.ids)
        if self.audience == "some":
            domain &= Domain("id", "in", self.user_ids.ids)
        elif self.audience == "team":
            domain &= Domain("field_leader_ids", "in", author.ids)
        return self.env["res.users"].sudo().search(domain, limit=MOST_READERS) - author

    def _check_readers(self):
        for announcement in self:
            author, audience = announcement.author_id.sudo(), announcement.audience
            is_admin = author.has_group("field_base.field_base_group_admin")
            if audience == "all" and not is_admin:
                raise AccessError(self.env._("Only administrators write to everybody."))
            readers = announcement._get_readers()
            if audience == "some" and announcement.user_ids.sudo() - author - readers:
                others = announcement.user_ids.sudo() - author - readers
                raise AccessError(
                    self.env._(
                        "You cannot write to %(names)s: you write to the people below you.",
                        names=", ".join(others.mapped("name")),
                    )
                )
            if not readers:
                raise UserError(self.env._("There is nobody to read this."))

    # --- life ----------------------------------------------------------------------------------

    def write(self, vals):
        """What people have confirmed reading stays as they read it."""
        self.check_access("write")
        fixed = {"name", "body", "author_id", "company_id", "audience", "user_ids", "must_read"}
        if not self.env.su and "state" in vals:
            raise AccessError(self.env._("Use the buttons to publish or close an announcement."))
        if fixed & vals.keys() and any(a.state != "draft" for a in self):
            raise UserError(
                self.env._("It is published and stays as it is. Close it and write a new one.")
            )
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {**vals, "author_id": self.env.uid, "state": "draft", "published_at": False}
                for vals in vals_list
            ]
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if any(announcement.state != "draft" for announcement in self):
            raise UserError(self.env._("What was published is kept. Close it instead."))

    def action_publish(self):
        """Send it to its readers."""
        self.check_access("write")
        drafts = self.filtered(lambda announcement: announcement.state == "draft")
        drafts._check_readers()
        now = fields.Datetime.now()
        self.env["field.announcement.receipt"].sudo().create(
            [
                {"announcement_id": a.id, "user_id": reader.id, "company_id": a.company_id.id}
                for a in drafts
                for reader in a._get_readers()
            ]
        )
        drafts.sudo().write({"state": "published", "published_at": now})
        self.env.ref("field_base.field_announcement_cron_notify")._trigger()
        return True

    def action_close(self):
        """Take it off everybody's screen; the receipts stay."""
        self.check_access("write")
        self.filtered(lambda a: a.state == "published").sudo().write({"state": "closed"})
        return True

    def action_read(self):
        """Confirm that the current user has read these."""
        self.check_access("read")
        self._do_read(self.env.user, fields.Datetime.now(), "web")
        return True

    def _do_read(self, user, at, source):
        """Note that a reader has read it; the first time counts.

        :returns: his receipts
        """
        domain = [("announcement_id", "in", self.ids), ("user_id", "=", user.id)]
        receipts = self.env["field.announcement.receipt"].sudo().search(domain)
        unread = receipts.filtered(lambda receipt: not receipt.read_at)
        unread.write({"read_at": at.replace(microsecond=0), "source": source})
        return receipts

    def action_open_unread(self):
        """Who has not read it yet."""
        return self._open_receipts({"search_default_unread": 1})

    def action_open_receipts(self):
        """Everybody it went to."""
        return self._open_receipts({})

    def _open_receipts(self, context):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "field_base.field_announcement_receipt_action"
        )
        return action | {"domain": [("announcement_id", "=", self.id)], "context": context}

    def action_remind(self):
        """Remind those who have not read it, at once or after their quiet hours."""
        self.check_access("write")
        published = self.filtered(lambda announcement: announcement.state == "published")
        unread = published.sudo().receipt_ids.filtered(lambda receipt: not receipt.read_at)
        unread.write({"remind": True})
        self.env.ref("field_base.field_announcement_cron_notify")._trigger()
        return True

    def _notify(self, readers, is_reminder=False):
        """A message in each reader's inbox or mailbox, in his language."""
        self.ensure_one()
        for lang, users in readers.grouped("lang").items():
            announcement = self.with_context(lang=lang)
            subject = announcement.name
            if is_reminder:
                subject = announcement.env._("Please read: %(subject)s", subject=subject)
            self.env["field.notice"].with_company(self.company_id)._notify(
                "announcement",
                users,
                subject,
                announcement.body or subject,
                author=self.author_id,
                record=self,
                urgent=self.is_urgent,
            )


class FieldAnnouncementReceipt(models.Model):
    """One reader of an announcement: notified, reminded, read."""

    _name = "field.announcement.receipt"
    _description = "Receipt of an announcement"
    _inherit = ["field.scope.mixin"]
    _order = "announcement_id desc, read_at, id"
    _rec_name = "user_id"

    announcement_id = fields.Many2one(
        "field.announcement", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(string="Reader", readonly=True)
    notified_at = fields.Datetime("Notified", readonly=True)
    reminded_at = fields.Datetime("Reminded", readonly=True)
    remind = fields.Boolean("To be reminded", readonly=True)
    read_at = fields.Datetime("Read", readonly=True)
    source = fields.Selection(
        [("web", "Web client"), ("app", "Phone app")], "Read on", readonly=True
    )

    _reader_uniq = models.UniqueIndex("(announcement_id, user_id)", "One receipt per reader.")
    _due_idx = models.Index("(announcement_id) WHERE read_at IS NULL")

    @api.model
    def _due_domain(self):
        unread = Domain("announcement_id.state", "=", "published") & Domain("read_at", "=", False)
        return unread & (Domain("notified_at", "=", False) | Domain("remind", "=", True))

    @api.model
    def _cron_notify(self, batch=500):
        """Notify readers whose quiet hours are over, and remind those who are late."""
        Cron = self.env["ir.cron"]
        self._mark_late()
        due = self.search(self._due_domain(), order="id")
        ready = due._outside_quiet_hours(fields.Datetime.now())
        Cron._commit_progress(remaining=len(ready))
        for start in range(0, len(ready), batch):
            part = ready[start : start + batch].try_lock_for_update()
            part._do_notify()
            if not Cron._commit_progress(len(part)):
                break

    @api.model
    def _mark_late(self):
        """A reader is reminded once, the announcement's hours after he was notified."""
        unread = Domain("read_at", "=", False) & Domain("reminded_at", "=", False)
        domain = unread & Domain("notified_at", "!=", False) & Domain("remind", "=", False)
        domain &= Domain("announcement_id.state", "=", "published")
        domain &= Domain("announcement_id.must_read", "=", True)
        domain &= Domain("announcement_id.remind_hours", ">", 0)
        now = fields.Datetime.now()
        late = self.search(domain).filtered(
            lambda r: r.notified_at + timedelta(hours=r.announcement_id.remind_hours) <= now
        )
        late.write({"remind": True})

    def _outside_quiet_hours(self, now):
        """Those that may be notified now: urgent ones, and readers who are awake."""
        result = self.browse()
        for company, receipts in self.grouped("company_id").items():
            policies = self.env["field.policy"].with_company(company)
            found = policies._get_for_users(receipts.user_id)
            result |= receipts.filtered(
                lambda r, found=found: (
                    r.announcement_id.is_urgent
                    or not in_quiet_hours(
                        now,
                        r.user_id._field_tz(),
                        found[r.user_id.id].quiet_from,
                        found[r.user_id.id].quiet_until,
                    )
                )
            )
        return result

    def _do_notify(self):
        now = fields.Datetime.now()
        for announcement, receipts in self.grouped("announcement_id").items():
            first = receipts.filtered(lambda receipt: not receipt.notified_at)
            again = receipts - first
            if first:
                announcement._notify(first.user_id)
            if again:
                announcement._notify(again.user_id, is_reminder=True)
            first.write({"notified_at": now, "remind": False})
            again.write({"reminded_at": now, "remind": False})
