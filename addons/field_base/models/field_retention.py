import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.erased import RetentionKind, erased
from ..tools.retention import KEY, RETENTION

_logger = logging.getLogger(__name__)


class FieldRetention(models.AbstractModel):
    """Erases what has been kept as long as each person's policy says, and certifies it.

    A module adds a kind of data by extending :meth:`_get_kinds` and writing ``_erase_<key>``, or
    extends one that is there (a visit's photos are photos).
    """

    _name = "field.retention"
    _description = "Retention of personal data"

    @api.model
    def _get_kinds(self):
        """:returns: list of tools.erased.RetentionKind"""
        return [
            RetentionKind("place", "retention_place_days", self.env._("Places")),
            RetentionKind("photo", "retention_photo_days", self.env._("Photos")),
            RetentionKind("audio", "retention_audio_days", self.env._("Recordings")),
            RetentionKind("journal", "retention_journal_days", self.env._("Journal")),
            RetentionKind("hours", "retention_hours_days", self.env._("Working hours")),
            RetentionKind("log", "retention_log_days", self.env._("Access log")),
        ]

    # --- the job -------------------------------------------------------------------------------

    @api.model
    def _cron_erase(self, limit=1000):
        """Nightly, in batches that are committed one by one: it goes on where it stopped."""
        Cron = self.env["ir.cron"]
        Cron._commit_progress(remaining=1)
        for kind, company, users, days in self._get_jobs():
            while done := self._erase_batch(kind, company, users, days, limit):
                if not Cron._commit_progress(done, remaining=1):
                    return
        Cron._commit_progress(remaining=0)

    @api.model
    def _get_jobs(self):
        """``[(kind, company, people with the same time, days)]``; a time of 0 erases nothing."""
        jobs = {}
        Users = self.env["res.users"].sudo().with_context(active_test=False)
        every = [("active", "in", (True, False))]  # what archived companies keep is erased too
        for company in self.env["res.company"].sudo().search(every, order="id"):
            users = Users.search([("company_ids", "in", company.ids), ("share", "=", False)])
            policies = self.env["field.policy"].with_company(company)._get_for_users(users)
            for user in users:
                for kind in self._get_kinds():
                    days = policies[user.id][kind.rule]
                    if days:
                        jobs.setdefault((kind, company, days), []).append(user.id)
        return [
            (kind, company, Users.browse(ids), days) for (kind, company, days), ids in jobs.items()
        ]

    @api.model
    def _erase_batch(self, kind, company, users, days, limit):
        """Erase one batch and certify it.

        :returns: how many rows went; 0 when nothing is left
        """
        cutoff = fields.Datetime.now() - timedelta(days=days)
        done = 0
        for what in getattr(self.sudo(), f"_erase_{kind.key}")(company, users, cutoff, limit):
            if what.count:
                self.env["field.retention.certificate"]._certify(kind, company, days, cutoff, what)
                done += what.count
        return done

    # --- kinds of this module ------------------------------------------------------------------

    @api.model
    def _mine(self, company, users):
        return Domain("company_id", "=", company.id) & Domain("user_id", "in", users.ids)

    @api.model
    def _erase_log(self, company, users, cutoff, limit):
        """Who looked, beyond its time."""
        domain = self._mine(company, users) & Domain("at", "<", cutoff)
        rows = self.env["field.access.log"].search(domain, order="at, id", limit=limit)
        what = erased(rows._name, [(r.at, f"{r.id} {r.viewer_id.id} {r.kind}") for r in rows])
        rows._opened().unlink()
        return [what]

    @api.model
    def _erase_hours(self, company, users, cutoff, limit):
        """Closed workdays with their pauses."""
        domain = self._mine(company, users) & Domain("close_at", "<", cutoff)
        days = self.env["field.workday"].search(domain, order="close_at, id", limit=limit)
        what = erased(days._name, [(d.close_at, f"{d.id} {d.user_id.id} {d.date}") for d in days])
        days.unlink()
        return [what, self._erase_alarms(company, users, cutoff, limit)]

    @api.model
    def _erase_alarms(self, company, users, cutoff, limit):
        """Alarms that are over, with what was said about them."""
        domain = self._mine(company, users) & Domain("ended_at", "<", cutoff)
        alarms = self.env["field.alarm"].search(domain, order="ended_at, id", limit=limit)
        what = erased(alarms._name, [(a.ended_at, f"{a.id} {a.user_id.id}") for a in alarms])
        alarms.unlink()
        return what

    @api.model
    def _erase_place(self, company, users, cutoff, limit):
        """Where workdays began and ended, and where help was called for; the rest stays."""
        names = ("open_lat", "open_lng", "close_lat", "close_lng")
        whose = (company, users, cutoff, limit)
        return [
            self._erase_coordinates("field.workday", "open_at", names, *whose),
            self._erase_coordinates("field.alarm", "started_at", ("lat", "lng"), *whose),
        ]

    @api.model
    def _erase_coordinates(self, model, moment, names, company, users, cutoff, limit):
        """Empty the coordinates of old rows; their model's guards are for people."""
        known = Domain.OR([(name, "not in", (False, 0))] for name in names)
        domain = self._mine(company, users) & Domain(moment, "<", cutoff) & known
        rows = self.env[model].search(domain, order=f"{moment}, id", limit=limit)
        facts = [(row[moment], " ".join(str(row[name]) for name in ("id", *names))) for row in rows]
        what = erased(model, facts)
        if rows:
            empty = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in names)
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s WHERE id IN %s",
                    SQL.identifier(rows._table),
                    empty,
                    tuple(rows.ids),
                )
            )
            rows.invalidate_recordset(names, flush=False)
        return what

    @api.model
    def _erase_journal(self, company, users, cutoff, limit):
        """What the phone sent; its digests stay in the seals, so that the rest can be verified."""
        domain = self._mine(company, users) & Domain("happened_at", "<", cutoff)
        domain &= Domain("state", "!=", "waiting")
        rows = self.env["field.event"].search(domain, order="happened_at, id", limit=limit)
        what = erased(rows._name, [(r.happened_at, f"{r.uuid} {r.hash}") for r in rows])
        if rows:
            rows._erase_evidence(self._describe_rule(cutoff))
        return [what]

    @api.model
    def _describe_rule(self, cutoff):
        return self.env._("Retention: older than %(date)s", date=f"{cutoff:%Y-%m-%d}")

    @api.model
    def _erase_photo(self, company, users, cutoff, limit):
        return [self._erase_files("image/%", company, users, cutoff, limit)]

    @api.model
    def _erase_audio(self, company, users, cutoff, limit):
        return [self._erase_files("audio/%", company, users, cutoff, limit)]

    @api.model
    def _erase_files(self, mimetype, company, users, cutoff, limit):
        """Uploads with their files; their digests stay in the seals."""
        domain = self._mine(company, users) & Domain("create_date", "<", cutoff)
        domain &= Domain("mimetype", "=like", mimetype)
        blobs = self.env["field.blob"].search(domain, order="id", limit=limit)
        what = erased(blobs._name, [(b.create_date, f"{b.uuid} {b.sha256}") for b in blobs])
        if blobs:
            self._release_files(blobs.attachment_id)
            blobs._erase_evidence(self._describe_rule(cutoff))
        return what

    @api.model
    def _release_files(self, files):
        """Hook: rows that hold on to these files let go of them."""

    @api.model
    def _unlink_files(self, files):
        """Files of evidence that are no uploads of a phone."""
        files.with_context(**{KEY: RETENTION}).unlink()


class FieldRetentionCertificate(models.Model):
    """Proof that something was erased: what, how much, from when to when, by which rule."""

    _name = "field.retention.certificate"
    _description = "Certificate of erasure"
    _inherit = ["field.append.mixin"]
    _order = "erased_at desc, id desc"
    _rec_name = "kind"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    kind = fields.Char(required=True, readonly=True)
    label = fields.Char("What", compute="_compute_label")
    res_model = fields.Char("Model", required=True, readonly=True)
    count = fields.Integer("How many", required=True, readonly=True)
    first_at = fields.Datetime("From", readonly=True)
    last_at = fields.Datetime("To", readonly=True)
    days = fields.Integer("Kept for (days)", required=True, readonly=True, aggregator=None)
    cutoff = fields.Datetime("Older than", required=True, readonly=True)
    digest = fields.Char("SHA-256", required=True, readonly=True)
    previous = fields.Char("SHA-256 of the one before", readonly=True)
    erased_at = fields.Datetime("Erased", required=True, readonly=True, index=True)

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_label(self):
        """In the reader's language; the job has none."""
        labels = {kind.key: kind.label for kind in self.env["field.retention"]._get_kinds()}
        for certificate in self:
            certificate.label = labels.get(certificate.kind, certificate.kind)

    @api.model
    def _certify(self, kind, company, days, cutoff, what):
        """Each certificate carries the digest of the one before, so that none can be taken out."""
        Certificate = self.sudo()
        last = Certificate.search([("company_id", "=", company.id)], order="id desc", limit=1)
        _logger.info("Erased %s rows of %s, older than %s", what.count, what.model, cutoff)
        return Certificate.create(
            {
                "company_id": company.id,
                "kind": kind.key,
                "res_model": what.model,
                "count": what.count,
                "first_at": what.first,
                "last_at": what.last,
                "days": days,
                "cutoff": cutoff,
                "digest": what.digest,
                "previous": last.digest,
                "erased_at": fields.Datetime.now(),
            }
        )
