"""What a planned visit asks of its day, and the place it has got there."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.priority import PRIORITIES, PRIZES
from ..tools.routing.day import Stop
from .field_route_solve import NO_TIMES

#: How late one may be at a fixed time (seconds).
APPOINTMENT_GRACE = 600


class FieldVisit(models.Model):
    _inherit = "field.visit"

    source = fields.Selection(
        [
            ("manual", "By hand"),
            ("rule", "Frequency"),
            ("period", "Period plan"),
            ("line", "Fixed line"),
            ("task", "Work package"),
            ("appointment", "Appointment"),
            ("suggestion", "Suggestion"),
        ],
        "Planned by",
        required=True,
        readonly=True,
        copy=False,
        default="manual",
    )
    priority = fields.Selection(PRIORITIES, required=True, default="1")
    plan_minutes = fields.Integer(
        "Expected minutes", help="0 takes what is usual for the representative."
    )
    time_from = fields.Float("Not before")
    time_to = fields.Float("Not after", help="The visit begins by this time; 0 for any time.")
    route_id = fields.Many2one(
        "field.route",
        compute="_compute_route_id",
        store=True,
        index="btree_not_null",
        copy=False,
        ondelete="set null",
    )
    route_sequence = fields.Integer("Place on the route", copy=False)
    route_pinned = fields.Boolean(
        "Keeps its place", copy=False, help="Optimising leaves this stop where it stands."
    )
    route_at = fields.Datetime("Expected at", copy=False, readonly=True)
    route_wait_min = fields.Integer(
        "Waits (min)", copy=False, readonly=True, help="One is there so long before it can begin."
    )
    route_late_min = fields.Integer("Too late by (min)", copy=False, readonly=True)
    route_note = fields.Selection(
        [
            ("unfit", "Does not fit into the day"),
            ("unknown", "Nobody knows where this customer is"),
            ("closed", "Receives nobody on this day"),
        ],
        "Not on the route",
        copy=False,
        readonly=True,
    )

    _time_window = models.Constraint(
        "CHECK(COALESCE(time_from, 0) BETWEEN 0 AND 24 AND COALESCE(time_to, 0) BETWEEN 0 AND 24"
        " AND (COALESCE(time_to, 0) = 0 OR COALESCE(time_from, 0) <= time_to))",
        "The time before which a visit must not begin comes before the time after which it must "
        "not.",
    )

    @api.depends("user_id", "plan_date", "company_id")
    def _compute_route_id(self):
        """The route of the person's day, if it has been opened."""
        routes = (
            self.env["field.route"]
            .sudo()
            .search_fetch(
                [
                    ("user_id", "in", self.user_id.ids),
                    ("date", "in", [date for date in set(self.mapped("plan_date")) if date]),
                ],
                ["user_id", "date", "company_id"],
            )
        )
        known = {(r.user_id.id, r.date, r.company_id.id): r.id for r in routes}
        for visit in self:
            visit.route_id = known.get((visit.user_id.id, visit.plan_date, visit.company_id.id))

    def write(self, vals):
        """A visit that goes to another day or person loses its place on the route."""
        if {"plan_date", "user_id"} & vals.keys():
            lost = {"route_sequence": 0, "route_note": False, "route_pinned": False}
            vals = {**lost, **NO_TIMES, **vals}
        return super().write(vals)

    def _prepare_stop(self, node, windows, minutes, place=None):
        """This visit for the engine.

        :param int node: its row in the matrix
        :param windows: ``[(from, to)]`` hours of the customer, None when he has none
        :param int minutes: what a visit usually takes
        """
        self.ensure_one()
        return Stop(
            self.id,
            node,
            60 * (self.plan_minutes or minutes),
            tuple(self._get_stop_windows(windows, 60 * (self.plan_minutes or minutes))),
            PRIZES["3" if self.plan_time else self.priority],
            required=False,
            place=place,
        )

    def _get_stop_windows(self, windows, seconds):
        """``[(earliest, latest)]`` begin in seconds: the fixed time, else the customer's hours
        within the visit's own bounds."""
        if self.plan_time:
            at = round(3600 * self.plan_time)
            return [(at, at + APPOINTMENT_GRACE)]
        early, late = 3600 * self.time_from, 3600 * (self.time_to or 24)
        if windows is None:
            bounded = self.time_from or self.time_to
            return [(round(early), round(late))] if bounded else []
        found = []
        for start, end in sorted(windows):
            first = max(early, 3600 * start)
            # one leaves before the customer closes, if the visit is shorter than the hours
            last = min(late, max(3600 * start, 3600 * end - seconds))
            if first <= last:
                found.append((round(first), round(last)))
        return found

    def action_navigate(self):
        """Open the way to the customer in the map app the person likes.

        :raises UserError: nobody knows where the customer is
        """
        self.ensure_one()
        links = self.partner_id._field_navigation_links()
        if not links:
            raise UserError(self.env._("Nobody knows yet where this customer is."))
        favourite = self.env.user.field_navigation_app
        link = next((one for one in links if one["app"] == favourite), links[0])
        return {"type": "ir.actions.act_url", "url": link["url"], "target": "new"}

    def action_pin(self):
        """Keep the stop where it stands, or let it go again."""
        for visit in self:
            visit.route_pinned = not visit.route_pinned
        return True
