from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError

from ..tools.errors import FieldRejected
from ..tools.payload import read_position
from ..tools.times import local_date, local_hour

# A closing that comes later than this after the opening belongs to no day.
LONGEST_DAY = timedelta(hours=36)


class FieldWorkday(models.Model):
    """One person's working day, from opening to closing, on his own calendar."""

    _name = "field.workday"
    _description = "Workday"
    _inherit = ["field.scope.mixin", "field.webhook.mixin"]
    _order = "date desc, open_at desc, id desc"

    date = fields.Date(required=True, index=True, help="Calendar day in the person's time zone.")
    tz = fields.Char("Time zone", required=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed"), ("auto_closed", "Closed automatically")],
        required=True,
        default="open",
        index=True,
    )
    open_at = fields.Datetime("Started at", required=True)
    close_at = fields.Datetime("Ended at")
    auto_close_at = fields.Datetime("Closes itself", required=True)
    duration = fields.Float("Hours", compute="_compute_duration", store=True, aggregator="sum")
    open_lat = fields.Float("Opening latitude", digits=(10, 7))
    open_lng = fields.Float("Opening longitude", digits=(10, 7))
    open_accuracy = fields.Float("Opening accuracy (m)", digits=(10, 1))
    close_lat = fields.Float("Closing latitude", digits=(10, 7))
    close_lng = fields.Float("Closing longitude", digits=(10, 7))
    close_accuracy = fields.Float("Closing accuracy (m)", digits=(10, 1))
    odometer_open = fields.Float("Odometer at start (km)", digits=(10, 1), aggregator=None)
    odometer_close = fields.Float("Odometer at end (km)", digits=(10, 1), aggregator=None)
    device_id = fields.Many2one("field.device", index="btree_not_null", ondelete="restrict")
    policy_id = fields.Many2one("field.policy", ondelete="set null")
    policy_snapshot = fields.Json(
        help="Copy of the rules of that day, so that a later change rewrites nothing."
    )
    open_uuid = fields.Char("Opening event", copy=False, index="btree_not_null")
    reopen_count = fields.Integer("Reopened", readonly=True)
    end_source = fields.Selection(
        [
            ("person", "The person"),
            ("late", "The person, after it had closed itself"),
            ("auto", "The closing hour"),
            ("next_day", "The next day's opening"),
        ],
        "Ended by",
        readonly=True,
        copy=False,
    )
    assumed_close_at = fields.Datetime(
        "Closed itself at",
        readonly=True,
        copy=False,
        help="The end that was assumed before the person told the real one.",
    )
    needs_confirmation = fields.Boolean(
        help="The day closed itself; the person has not told yet when it really ended."
    )

    _user_date_uniq = models.Constraint(
        "UNIQUE(user_id, date)", "There is one workday per person and day."
    )
    _open_uniq = models.UniqueIndex(
        "(user_id) WHERE state = 'open'", "Only one workday of a person can be open."
    )
    _closed_after_open = models.Constraint(
        "CHECK(close_at IS NULL OR close_at >= open_at)", "A day cannot close before it opens."
    )
    _state_close_at = models.Constraint(
        "CHECK((state = 'open') = (close_at IS NULL))",
        "A closed day has a closing time, an open one has none.",
    )
    _odometer_range = models.Constraint(
        "CHECK(odometer_open >= 0 AND odometer_close >= 0)", "The odometer cannot be negative."
    )

    @api.depends("open_at", "close_at", "pause_min")
    def _compute_duration(self):
        """Hours between opening and closing without the pauses."""
        for day in self:
            seconds = (day.close_at - day.open_at).total_seconds() if day.close_at else 0
            day.duration = max(seconds / 3600 - day.pause_min / 60, 0)

    @api.depends("user_id", "date")
    def _compute_display_name(self):
        for day in self:
            date = fields.Date.to_string(day.date) if day.date else ""
            day.display_name = f"{day.user_id.name or ''} {date}".strip()

    @api.model
    def _get_webhook_topics(self):
        closed = "workday.closed"
        return {"open": "workday.opened", "closed": closed, "auto_closed": closed}

    # --- opening -------------------------------------------------------------------------------

    @api.model
    def _do_open(self, user, at, position=None, device=None, odometer=None, uuid=None):
        """Open the person's day that ``at`` falls on, or give back the one that is there.

        The same opening again changes nothing. An opening that is earlier than the known one (it
        came late) moves the start back. One after the closing opens the day again, counted in
        ``reopen_count``. A day before that was left open closes itself.

        :param at: naive UTC datetime
        :param dict position: as sent or as :func:`read_position` returns it
        :param odometer: km
        :param uuid: of the event that opens it
        :returns: field.workday of the caller's environment
        """
        self._check_can_act_for(user)
        position = read_position(position)
        at = at.replace(microsecond=0)
        tz = user._field_tz()
        date = local_date(at, tz)
        Day = self.sudo()
        day = Day.search([("user_id", "=", user.id), ("date", "=", date)])
        if not day:
            vals = Day._prepare_open_vals(user, at, date, tz, device)
            vals |= {"open_uuid": uuid, "odometer_open": odometer or 0.0}
            vals |= self._prepare_position_vals("open", position)
            day = Day._create_open(user, vals)
        elif at < day.open_at:
            day.write({"open_at": at, **self._prepare_position_vals("open", position)})
            day._sync_attendance()
        elif day.close_at and at > day.close_at:
            day._reopen(at)
        return day.with_env(self.env)

    @api.model
    def _check_can_act_for(self, user):
        """People open and close their own days; administrators and the system anybody's."""
        role = "admin" if user != self.env.user else "rep"
        if not self.env.su and not self.env.user.has_group(f"field_base.field_base_group_{role}"):
            raise AccessError(self.env._("You can only open and close your own workday."))

    @api.model
    def _prepare_open_vals(self, user, at, date, tz, device):
        company = device.sudo().company_id if device else self.env.company
        if company not in user.sudo().company_ids:
            company = user.sudo().company_id
        policies = self.env["field.policy"].with_company(company)
        policy = policies._get_for_users(user, date)[user.id]
        deadline = local_hour(date, policy.day_end_hour, tz)
        if deadline <= at:  # opened after the hour at which days close: it gets until midnight
            deadline = local_hour(date, 24, tz)
        return {
            "user_id": user.id,
            "company_id": company.id,
            "date": date,
            "tz": tz,
            "open_at": at,
            "auto_close_at": deadline,
            "device_id": device.id if device else False,
            "policy_id": policy.id,
            "policy_snapshot": policy._snapshot(),
            **self._prepare_plan_vals(user, date, policy),
        }

    @api.model
    def _prepare_position_vals(self, prefix, position):
        if not position:
            return {}
        return {
            f"{prefix}_lat": position["lat"],
            f"{prefix}_lng": position["lng"],
            f"{prefix}_accuracy": position["accuracy"] or 0.0,
        }

    @api.model
    def _create_open(self, user, vals):
        """Create the day. A twin request that was faster makes this one start over, not fail."""
        newer = self.search([("user_id", "=", user.id), ("date", ">", vals["date"])], limit=1)
        if newer:  # the opening came days late: the day is long over
            vals |= self._prepare_auto_close_vals(vals["auto_close_at"])
        else:
            self._close_forgotten(user, vals["open_at"])
        try:
            with self.env.cr.savepoint():
                day = self.create(vals)
        except UniqueViolation as exc:
            raise ConcurrencyError("Another request opens the same workday") from exc
        day._sync_attendance()
        return day

    @api.model
    def _close_forgotten(self, user, at):
        for day in self.search([("user_id", "=", user.id), ("state", "=", "open")]):
            day._auto_close(max(day.open_at, min(day.auto_close_at, at)), "next_day")

    def _reopen(self, at):
        """Closed too early by mistake: go on. The journal keeps the closing that was."""
        self.ensure_one()
        if self.search_count(
            [("user_id", "=", self.user_id.id), ("date", ">", self.date)], limit=1
        ):
            return
        deadline = (
            self.auto_close_at if self.auto_close_at > at else local_hour(self.date, 24, self.tz)
        )
        self.write(
            {
                "state": "open",
                "close_at": False,
                "auto_close_at": deadline,
                "needs_confirmation": False,
                "end_source": False,
                "reopen_count": self.reopen_count + 1,
            }
        )
        self._sync_attendance()

    # --- closing -------------------------------------------------------------------------------

    @api.model
    def _find_to_close(self, user, at, uuid=None):
        """The day a closing at ``at`` belongs to; after midnight that is the day before's."""
        domain = [("user_id", "=", user.id)]
        if uuid:
            domain.append(("open_uuid", "=", uuid))
        else:
            domain += [("open_at", "<=", at), ("open_at", ">=", at - LONGEST_DAY)]
        return self.sudo().search(domain, order="open_at desc", limit=1).with_env(self.env)

    def _do_close(self, at, position=None, odometer=None):
        """Close the day; the same again changes nothing. A day that closed itself takes the
        real time.

        :param at: naive UTC datetime
        :raises FieldRejected: ``before_open``
        """
        self.ensure_one()
        self._check_can_act_for(self.sudo().user_id)
        position = read_position(position)
        at = at.replace(microsecond=0)
        day = self.sudo()
        if day.state == "closed":
            return self
        if at < day.open_at:
            message = self.env._("The day cannot be closed before it was opened.")
            raise FieldRejected("before_open", message)
        vals = {
            "state": "closed",
            "close_at": at,
            "needs_confirmation": False,
            "end_source": "late" if day.state == "auto_closed" else "person",
        }
        if odometer:
            vals["odometer_close"] = odometer
        day.write(vals | self._prepare_position_vals("close", position))
        day._after_end()
        return self

    @api.model
    def _prepare_auto_close_vals(self, at, source="auto"):
        return {
            "state": "auto_closed",
            "close_at": at,
            "assumed_close_at": at,
            "end_source": source,
            "needs_confirmation": True,
        }

    def _auto_close(self, at, source="auto"):
        self.ensure_one()
        self.write(self._prepare_auto_close_vals(at, source))
        self._after_end()

    def _after_end(self):
        """What follows from a new or corrected end of these days; modules extend it."""
        self._fit_pauses()
        self._sync_attendance()

    @api.model
    def _cron_auto_close(self, batch=200):
        """Close the days nobody closed, at the hour their policy set; nothing of them is lost."""
        now = fields.Datetime.now()
        domain = [("state", "=", "open"), ("auto_close_at", "<=", now)]
        Cron = self.env["ir.cron"]
        self.env["field.workday.pause"]._end_due(now)
        Cron._commit_progress(remaining=self.search_count(domain))
        days = self.search(domain, limit=batch, order="auto_close_at, id").try_lock_for_update()
        days._auto_close_due()
        Cron._commit_progress(len(days))

    def _auto_close_due(self):
        for day in self:
            day._auto_close(max(day.open_at, day.auto_close_at))

    # --- buttons -------------------------------------------------------------------------------

    @api.model
    def action_open_today(self, position=None):
        """Open the current user's day now (button of the web client)."""
        self.env["field.workday"].check_access("read")
        day = self._do_open(self.env.user, fields.Datetime.now(), position)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": day.id,
            "views": [(False, "form")],
        }

    def action_close(self, position=None):
        """Close these days now (button of the web client)."""
        self.check_access("read")
        for day in self:
            day._do_close(fields.Datetime.now(), position)
        return True
