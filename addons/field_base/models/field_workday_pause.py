from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import spans
from ..tools.errors import FieldRejected


class FieldWorkdayPause(models.Model):
    """A break within a workday. Nobody is located meanwhile, and it is no working time."""

    _name = "field.workday.pause"
    _description = "Pause of a workday"
    _inherit = ["field.scope.mixin"]
    _order = "start_at, id"
    _rec_name = "start_at"

    workday_id = fields.Many2one(
        "field.workday", required=True, index=True, ondelete="cascade", readonly=True
    )
    start_at = fields.Datetime("Began at", required=True, readonly=True)
    end_at = fields.Datetime("Ended at", readonly=True)
    limit_at = fields.Datetime(
        "Ends at the latest", readonly=True, help="Then the pauses the policy allows are used up."
    )
    end_source = fields.Selection(
        [("person", "The person"), ("limit", "The limit of the policy"), ("day", "The end of day")],
        "Ended by",
        readonly=True,
    )
    minutes = fields.Float(compute="_compute_minutes", store=True, digits=(8, 1))
    uuid = fields.Char("Event", readonly=True, index="btree_not_null")

    _end_after_start = models.Constraint(
        "CHECK(end_at IS NULL OR end_at >= start_at)", "A pause cannot end before it begins."
    )
    _open_uniq = models.UniqueIndex(
        "(workday_id) WHERE end_at IS NULL", "Only one pause of a day can be open."
    )

    @api.depends("start_at", "end_at")
    def _compute_minutes(self):
        for pause in self:
            seconds = (pause.end_at - pause.start_at).total_seconds() if pause.end_at else 0
            pause.minutes = seconds / 60

    def _end(self, at, source):
        self.write({"end_at": max(at, self.start_at), "end_source": source})

    @api.model
    def _end_due(self, now):
        """End the pauses whose limit has passed, at their limit."""
        due = self.search([("end_at", "=", False), ("limit_at", "<=", now)])
        for pause in due.try_lock_for_update():
            pause._end(pause.limit_at, "limit")
        return due


class FieldWorkday(models.Model):
    _inherit = "field.workday"

    pause_ids = fields.One2many("field.workday.pause", "workday_id", "Pauses", readonly=True)
    pause_min = fields.Float(
        "Pauses (min)", compute="_compute_pause_min", store=True, digits=(8, 1)
    )
    is_paused = fields.Boolean("Pausing", compute="_compute_is_paused")

    @api.depends("pause_ids.minutes")
    def _compute_pause_min(self):
        for day in self:
            day.pause_min = sum(day.pause_ids.mapped("minutes"))

    @api.depends("state", "pause_ids.end_at", "pause_ids.limit_at")
    def _compute_is_paused(self):
        now = fields.Datetime.now()
        for day in self:
            day.is_paused = day.state == "open" and any(
                not pause.end_at and not (pause.limit_at and pause.limit_at <= now)
                for pause in day.pause_ids
            )

    # --- steps ---------------------------------------------------------------------------------

    def _do_pause(self, at, uuid=None):
        """Begin a pause; within a pause the same again changes nothing.

        One that arrives late finds its place among the others. It ends by itself when the policy's
        minutes of the day are used up.

        :param at: naive UTC datetime
        :raises FieldRejected: ``not_in_day`` ``pause_used_up``
        """
        self.ensure_one()
        self._check_can_act_for(self.sudo().user_id)
        at = at.replace(microsecond=0)
        day = self.sudo()
        if at < day.open_at or (day.state == "closed" and at >= day.close_at):
            message = self.env._("A pause lies between the beginning and the end of the day.")
            raise FieldRejected("not_in_day", message)
        if day._pause_at(at):
            return self
        limit_at = day._get_pause_limit(at)
        if limit_at and limit_at <= at:
            message = self.env._("The pauses of this day are used up.")
            raise FieldRejected("pause_used_up", message)
        vals = {"start_at": at, "limit_at": limit_at, "uuid": uuid}
        day.pause_ids.flush_recordset()  # the end of one is written before the next begins
        self.env["field.workday.pause"].sudo().create(day._prepare_pause_vals(vals))
        return self

    def _pause_at(self, at):
        """The pause that lasts at this moment; an open one ends at its limit."""
        return self.pause_ids.filtered(
            lambda pause: (
                pause.start_at <= at
                and at < (pause.end_at or pause.limit_at or at + timedelta(seconds=1))
            )
        )[:1]

    def _prepare_pause_vals(self, vals):
        """A pause before another one ends with it, one of a day that is over with the day."""
        pauses = self.pause_ids.sorted("start_at")
        later = pauses.filtered(lambda pause: pause.start_at > vals["start_at"])[:1]
        ends = [
            (later.start_at, "person"),
            (self.close_at, "day"),
            (bool(later or self.close_at) and vals["limit_at"], "limit"),
        ]
        end_at, source = min(
            ((moment, source) for moment, source in ends if moment and moment > vals["start_at"]),
            default=(False, False),
        )
        owner = {"user_id": self.user_id.id, "company_id": self.company_id.id}
        return {
            **vals,
            **owner,
            "workday_id": self.id,
            "end_at": end_at,
            "end_source": source,
        }

    def _get_pause_limit(self, at):
        """When a pause begun at ``at`` has used up what the policy allows; False without limit."""
        allowed = (self.policy_snapshot or {}).get("pause_limit_min")
        if not allowed:
            return False
        used = spans.minutes(
            (pause.start_at, pause.end_at or pause.limit_at or at) for pause in self.pause_ids
        )
        return at + timedelta(minutes=max(allowed - used, 0))

    def _do_resume(self, at):
        """Go on after a pause; without one it changes nothing. The person's own word replaces an
        end that was only assumed, within the limit.

        :param at: naive UTC datetime
        """
        self.ensure_one()
        self._check_can_act_for(self.sudo().user_id)
        at = at.replace(microsecond=0)
        pauses = self.sudo().pause_ids.filtered(lambda pause: pause.start_at <= at)
        pause = pauses.sorted("start_at")[-1:]
        if not pause or pause.end_source == "person":
            return self
        if pause.limit_at and at > pause.limit_at:
            pause._end(pause.limit_at, "limit")
        else:
            pause._end(at, "person")
        return self

    def _fit_pauses(self):
        """Pauses lie within the day: after a new end, none lasts beyond it."""
        for day in self:
            day.pause_ids.filtered(lambda pause, day=day: pause.start_at >= day.close_at).unlink()
            for pause in day.pause_ids:
                if pause.end_source in (False, "day") or pause.end_at > day.close_at:
                    limited = pause.limit_at and pause.limit_at <= day.close_at
                    source = "limit" if limited else "day"
                    pause._end(pause.limit_at if limited else day.close_at, source)

    # --- spans ---------------------------------------------------------------------------------

    @api.model
    def _get_open_spans(self, users, start, end):
        """When people's workdays were open and not paused, in two queries.

        :returns: ``{user.id: [(start, end)]}``, naive UTC, within ``[start, end]``
        """
        days = self.sudo().search(
            Domain("user_id", "in", users.ids)
            & Domain("open_at", "<=", end)
            & (Domain("close_at", "=", False) | Domain("close_at", ">=", start))
        )
        opened, paused = {}, {}
        for day in days:
            span = (day.open_at, day.close_at or max(day.auto_close_at, day.open_at))
            opened.setdefault(day.user_id.id, []).append(span)
        for pause in days.pause_ids:
            span = (pause.start_at, pause.end_at or pause.limit_at or end)
            paused.setdefault(pause.user_id.id, []).append(span)
        return {
            user_id: spans.intersect(spans.subtract(parts, paused.get(user_id, [])), [(start, end)])
            for user_id, parts in opened.items()
        }

    # --- buttons -------------------------------------------------------------------------------

    def action_pause(self):
        """Pause these days now (button of the web client)."""
        self.check_access("read")
        for day in self:
            day._do_pause(fields.Datetime.now())
        return True

    def action_resume(self):
        """Go on with these days now (button of the web client)."""
        self.check_access("read")
        for day in self:
            day._do_resume(fields.Datetime.now())
        return True
