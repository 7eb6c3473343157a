"""Leads whose time has run out go back: in batches, by as many workers as there are."""

from collections import Counter
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

BATCH = 1000
TRIES = 5
HOLD_HOURS = 48  # an unanswered request for more time holds a lead so long
NAMES = 5

_CLOCK = SQL(
    """CASE WHEN l.field_contact_deadline = l.field_recycle_at THEN 'contact'
            WHEN l.field_followup_deadline = l.field_recycle_at THEN 'followup'
            ELSE 'convert' END"""
)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _cron_recycle(self):
        """Take back what is due; several of these may run at once."""
        Cron = self.env["ir.cron"]
        now = fields.Datetime.now()
        Cron._commit_progress(remaining=self._count_due(now))
        gone = Counter()
        names = {}
        while rows := self._next_batch(now):
            for user_id, name in rows["gone"]:
                gone[user_id] += 1
                names.setdefault(user_id, [])
                if len(names[user_id]) < NAMES:
                    names[user_id].append(name)
            if not Cron._commit_progress(rows["seen"]):
                break
        else:
            Cron._commit_progress(remaining=0)  # the rest is with another worker, or not due at all
        for user_id, count in gone.items():
            user = self.env["res.users"].browse(user_id)
            self._tell_recycled(user, count, names[user_id])
            Cron._commit_progress()

    @api.model
    def _next_batch(self, now):
        """One batch; again when another worker has just committed some of its rows."""
        for _attempt in range(TRIES):
            try:
                return self._recycle_batch(now)
            except SerializationFailure:
                # nosemgrep: field-commit (nothing but this batch: those before are committed)
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
        return self._recycle_batch(now)

    @api.model
    def _count_due(self, now):
        return self.sudo().search_count(self._clock_domain() & _due(now))

    @api.model
    def _recycle_batch(self, now, size=BATCH):
        """Lock the next due leads, look at each again, release those that are still due.

        :returns: dict of ``seen`` and ``gone`` (``[(user.id, lead name)]``); falsy at the end
        """
        periods = self._lock_due(now, size)
        if not periods:
            return {}
        ids = [lead_id for lead_id, _user, _since, _until in periods]
        self.sudo().browse(ids)._check_again(periods, now)
        gone = self._release_due(ids, now)
        leads = self.sudo().browse([row[0] for row in gone])
        leads.invalidate_recordset(flush=False)
        leads._after_recycling(gone)
        self.env.flush_all()
        self.env.invalidate_all(flush=False)
        return {"seen": len(ids), "gone": [(user_id, name) for _lead, user_id, name in gone]}

    @api.model
    def _lock_due(self, now, size):
        """Nobody waits: what another worker has locked is skipped."""
        self.flush_model()
        query = SQL(
            """SELECT l.id, l.user_id, l.field_clock_start, NULL FROM crm_lead l
                WHERE l.field_recycle_at <= %(now)s AND l.user_id IS NOT NULL AND l.active
                  AND l.won_status = 'pending'
                  AND l.field_pool_id IN (SELECT id FROM field_lead_pool WHERE recycle_on)
                  AND NOT EXISTS (
                    SELECT FROM field_lead_extension e WHERE e.lead_id = l.id AND e.state = 'asked'
                       AND e.create_date > %(asked)s)
                ORDER BY l.field_recycle_at LIMIT %(size)s
                  FOR NO KEY UPDATE OF l SKIP LOCKED""",
            now=now,
            asked=now - timedelta(hours=HOLD_HOURS),
            size=size,
        )
        return self.env.execute_query(query)

    def _check_again(self, periods, now):
        """Inside the lock: a meeting that has ended, leave that was approved … moves a deadline."""
        rules = self.env["field.lead.touch.rule"].sudo().search([("active", "=", True)])
        touched = set()
        for index in rules._collect(periods):
            touched.add(periods[index][0])
        users = self.env["res.users"].browse({user for _lead, user, _s, _u in periods})
        low = min(since or now for _lead, _user, since, _until in periods)
        on_leave = self.env["field.lead.pool"]._get_leave_spans(users, low, now)
        doubtful = [lead for lead, user, _s, _u in periods if lead in touched or user in on_leave]
        leads = self.browse(doubtful)
        if leads:
            leads._count_touches()
            leads._refresh_deadlines()
            leads.flush_recordset()

    @api.model
    def _release_due(self, ids, now):
        """Release what is due and write its history, both in one statement each.

        :returns: ``[(lead.id, user.id, lead name)]``
        """
        gone = self.env.execute_query(
            SQL(
                """INSERT INTO field_lead_claim (lead_id, lead_name, pool_id, user_id, company_id,
                        claimed_at, event, clock, reason, contact_at,
                        create_uid, create_date, write_uid, write_date)
                   SELECT l.id, l.name, l.field_pool_id, l.user_id, p.company_id,
                          %(now)s, 'recycle', %(clock)s, r.reason, l.field_contact_at,
                          %(uid)s, %(now)s, %(uid)s, %(now)s
                     FROM crm_lead l JOIN field_lead_pool p ON p.id = l.field_pool_id
                     JOIN unnest(%(pools)s::int[], %(clocks)s::text[], %(reasons)s::text[])
                          AS r(pool_id, clock, reason)
                       ON r.pool_id = p.id AND r.clock = %(clock)s
                    WHERE l.id = ANY(%(ids)s) AND l.field_recycle_at <= %(now)s
                RETURNING lead_id, user_id, lead_name""",
                **self._get_recycle_reasons(),
                clock=_CLOCK,
                ids=ids,
                now=now,
                uid=self.env.uid,
            )
        )
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead SET user_id = NULL, date_open = NULL, day_open = 0,
                          field_clock_start = NULL, field_contact_at = NULL,
                          field_followup_at = NULL, field_contact_deadline = NULL,
                          field_followup_deadline = NULL, field_convert_deadline = NULL,
                          field_recycle_at = NULL, field_warn_at = NULL, field_warned = 0,
                          field_extensions = 0, write_uid = %s, write_date = %s
                    WHERE id = ANY(%s)""",
                self.env.uid,
                now,
                [row[0] for row in gone],
            )
        )
        return gone

    @api.model
    def _get_recycle_reasons(self):
        """The reason of every clock of every pool, in words."""
        pools, clocks, reasons = [], [], []
        for pool in self.env["field.lead.pool"].sudo().search([("recycle_on", "=", True)]):
            lang = pool.company_id.partner_id.lang or self.env.lang
            for clock, reason in pool.with_context(lang=lang)._describe_clocks().items():
                pools.append(pool.id)
                clocks.append(clock)
                reasons.append(reason)
        return {"pools": pools, "clocks": clocks, "reasons": reasons}

    def _after_recycling(self, gone):
        """Hook: these leads (sudo) have gone back to their pools.

        :param gone: ``[(lead.id, user.id of the last owner, name)]``
        """
        self._forget_owners([(lead_id, user_id) for lead_id, user_id, _name in gone])
        self.env["field.lead.extension"].sudo()._lapse(self)
        drawn = self.env["field.lead.pool"].sudo().search_count([("draw_minutes", ">", 0)], limit=1)
        if drawn:
            hot = self.filtered(lambda le: le.field_pool_id.draw_minutes and le._is_hot())
            hot._after_entering_pool()

    @api.model
    def _forget_owners(self, pairs):
        """Who has lost a lead neither follows it nor keeps activities on it.

        :param pairs: ``[(lead.id, user.id)]``
        """
        if not pairs:
            return
        leads, users = (list(column) for column in zip(*pairs, strict=True))
        query = SQL(
            """SELECT f.id FROM unnest(%s::int[], %s::int[]) AS g(lead_id, user_id)
                 JOIN res_users u ON u.id = g.user_id
                 JOIN mail_followers f ON f.res_model = 'crm.lead' AND f.res_id = g.lead_id
                  AND f.partner_id = u.partner_id""",
            leads,
            users,
        )
        self.env["mail.followers"].flush_model()
        follower_ids = [row[0] for row in self.env.execute_query(query)]
        self.env["mail.followers"].sudo().browse(follower_ids).unlink()
        owners = dict(pairs)
        activities = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [("res_model", "=", "crm.lead"), ("res_id", "in", leads), ("user_id", "in", users)]
            )
        )
        activities.filtered(lambda a: owners.get(a.res_id) == a.user_id.id).unlink()

    @api.model
    def _tell_recycled(self, user, count, names):
        env = self.with_context(lang=user.lang).env
        body = env._(
            "%(count)s of your leads went back to the pool because their time ran out: %(names)s",
            count=count,
            names=", ".join(names) + ("…" if count > len(names) else ""),
        )
        self._tell(user, env._("Leads taken back"), body)

    @api.model
    def _tell(self, user, subject, body):
        Notice = self.env["field.notice"].with_company(user.sudo().company_id)
        Notice._notify("lead_clock", user, subject, body)

    # --- warnings ------------------------------------------------------------------------------

    @api.model
    def _cron_warn(self):
        """Warn owners whose time is half over, and again at nine tenths; then their leaders too."""
        Cron = self.env["ir.cron"]
        now = fields.Datetime.now()
        due = self.sudo()._clock_domain() & _due(now, "field_warn_at")
        Cron._commit_progress(remaining=self.sudo().search_count(due))
        while leads := self.sudo().search(due, order="field_warn_at, id", limit=BATCH):
            leads = leads.try_lock_for_update()
            leads._warn_due(now)
            if not leads or not Cron._commit_progress(len(leads)):
                break

    def _warn_due(self, now):
        self._count_touches()._refresh_deadlines()
        still = self.filtered(lambda lead: lead.field_warn_at and lead.field_warn_at <= now)
        for user, leads in still.grouped("user_id").items():
            late = leads.filtered(lambda lead: lead.field_warned >= 50)
            leads._tell_warning(user)
            for leader in user._field_nearest_leader() if late else ():
                late._tell_warning(leader, owner=user)
        for lead in still:
            warned = 90 if lead.field_warned >= 50 else 50
            at = lead._get_warning_at(90) if warned == 50 else False
            lead.write({"field_warned": warned, "field_warn_at": at})

    def _tell_warning(self, receiver, owner=None):
        env = self.with_context(lang=receiver.lang, tz=receiver._field_tz()).env
        lines = [
            env._("%(lead)s: until %(at)s", lead=lead.name, at=lead._format_deadline(env))
            for lead in self.sorted("field_recycle_at")[:NAMES]
        ]
        if len(self) > NAMES:
            lines.append(env._("%(count)s more", count=len(self) - NAMES))
        subject = env._("Leads that soon go back to the pool")
        if owner:
            subject = env._("%(user)s: leads that soon go back to the pool", user=owner.name)
        self._tell(receiver, subject, " · ".join(lines))


def _due(now, name="field_recycle_at"):
    return fields.Domain(name, "<=", now)
