from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.routing.moved import moved_items
from odoo.addons.field_base.tools.times import local_hour

SHOWN_STATES = ("planned", "in_progress", "done")


class FieldRoute(models.Model):
    """The stops of one person's day in their order, with times, way, and what does not fit."""

    _name = "field.route"
    _description = "Route of a day"
    _inherit = ["field.scope.mixin"]
    _order = "date desc, user_id"

    date = fields.Date("Day", required=True, default=fields.Date.context_today)
    visit_ids = fields.One2many(
        "field.visit", "route_id", "Stops", domain=[("state", "in", SHOWN_STATES)]
    )
    visit_count = fields.Integer("Number of stops", compute="_compute_counts")
    left_out_count = fields.Integer("Left out", compute="_compute_counts")
    left_out_text = fields.Text("What does not fit", compute="_compute_counts")
    is_begun = fields.Boolean(compute="_compute_counts")
    leaves_at = fields.Datetime("Leave at", readonly=True)
    ends_at = fields.Datetime("Done at", readonly=True)
    lunch_at = fields.Datetime("Lunch at", readonly=True)
    km = fields.Float("Way (km)", readonly=True, digits=(10, 1))
    travel_min = fields.Integer("On the road (min)", readonly=True)
    waiting_min = fields.Integer("Waiting (min)", readonly=True)
    before_km = fields.Float("Way before (km)", readonly=True, digits=(10, 1))
    before_min = fields.Integer("On the road before (min)", readonly=True)
    late_count = fields.Integer("Too late", readonly=True)
    saved_text = fields.Char("Saved", compute="_compute_saved_text")
    engine = fields.Selection([("pyvrp", "PyVRP"), ("python", "Built in")], readonly=True)
    matrix_source = fields.Selection(
        [
            ("straight", "Straight lines"),
            ("failed", "Straight lines: the road service did not answer"),
            ("osrm", "OSRM"),
            ("valhalla", "Valhalla"),
            ("amap", "Amap"),
            ("baidu", "Baidu Maps"),
        ],
        "Ways from",
        readonly=True,
    )
    matrix_data = fields.Json(readonly=True)
    map_data = fields.Json("Map", compute="_compute_map_data")

    _user_date_uniq = models.Constraint(
        "UNIQUE(user_id, date, company_id)", "This person's day already has a route."
    )

    # ---------------------------------------------------------------- figures

    @api.depends("user_id", "date")
    def _compute_display_name(self):
        for route in self:
            day = fields.Date.to_string(route.date) or ""
            route.display_name = f"{route.user_id.sudo().name or ''} · {day}"

    @api.depends("visit_ids.route_note", "visit_ids.state")
    @api.depends_context("lang")
    def _compute_counts(self):
        reasons = dict(self.visit_ids._fields["route_note"]._description_selection(self.env))
        for route in self:
            left = route.visit_ids.filtered(lambda v: v.state == "planned" and v.route_note)
            route.visit_count = len(route.visit_ids)
            route.left_out_count = len(left)
            route.is_begun = any(v.state != "planned" or v.route_pinned for v in route.visit_ids)
            route.left_out_text = "\n".join(
                f"{visit.partner_id.display_name}: {reasons[visit.route_note]}" for visit in left
            )

    @api.depends("before_km", "before_min", "km", "travel_min")
    def _compute_saved_text(self):
        for route in self:
            minutes = route.before_min - route.travel_min
            km = route.before_km - route.km
            route.saved_text = (
                self.env._(
                    "%(minutes)s min and %(km)s km less on the road than before (%(before)s km)",
                    minutes=minutes,
                    km=f"{km:.1f}",
                    before=f"{route.before_km:.1f}",
                )
                if route.before_km and minutes > 0
                else ""
            )

    @api.depends("visit_ids.route_sequence", "visit_ids.route_note", "visit_ids.state")
    def _compute_map_data(self):
        for route in self:
            route.map_data = route._get_map_data()

    def _get_map_data(self):
        """``{"stops": [{id, lat, lng, number, name, state, left_out}], "start": [lat, lng]}``."""
        stops, number = [], 0
        for visit in self._get_stops():
            number += not visit.route_note
            if visit.channel != "on_site" or not (visit.lat or visit.lng):
                continue
            stops.append(
                {
                    "id": visit.id or visit._origin.id,
                    "lat": visit.lat,
                    "lng": visit.lng,
                    "number": 0 if visit.route_note else number,
                    "name": visit.partner_id.display_name,
                    "state": visit.state,
                    "left_out": bool(visit.route_note),
                }
            )
        start = self._get_start() if self.user_id else None
        return {"stops": stops, "start": start and list(start)}

    def _get_stops(self):
        """The day's visits: done ones as they happened, then in their order, the left out last."""
        self.ensure_one()
        far = fields.Datetime.now() + timedelta(days=3650)
        return self.visit_ids.filtered(lambda v: v.state in SHOWN_STATES).sorted(
            lambda v: (
                v.check_in_at or far,
                bool(v.route_note),
                v.route_sequence or 10**6,
                v.plan_time or 24,
                v._origin.id or 0,
            )
        )

    def _get_start(self):
        """``(lat, lng)`` one leaves from, None when the day begins at the first customer."""
        setup = self.env["field.route.setup"]._get_values(self.user_id, self.company_id)
        values = setup[self.user_id.id]
        if values["start_kind"] != "point" or not (values["start_lat"] or values["start_lng"]):
            return None
        return values["start_lat"], values["start_lng"]

    # ---------------------------------------------------------------- opening

    @api.model_create_multi
    def create(self, vals_list):
        routes = super().create(vals_list)
        routes._adopt_visits()
        return routes

    def _adopt_visits(self):
        """Visits that were there before the route are its stops."""
        Visit = self.env["field.visit"].sudo()
        visits = Visit.search(
            [
                ("user_id", "in", self.user_id.ids),
                ("plan_date", "in", self.mapped("date")),
                ("route_id", "=", False),
            ]
        )
        self.env.add_to_compute(Visit._fields["route_id"], visits)
        visits.flush_recordset(["route_id"])
        self.invalidate_recordset(["visit_ids"])

    @api.model
    def _get_or_create(self, user, date, company=None):
        """The route of a person's day."""
        company = company or self.env.company
        domain = [("user_id", "=", user.id), ("date", "=", date), ("company_id", "=", company.id)]
        return self.search(domain) or self.create(
            {"user_id": user.id, "date": date, "company_id": company.id}
        )

    @api.model
    def action_open_today(self):
        """Open the route of one's own day."""
        route = self._get_or_create(self.env.user, fields.Date.context_today(self))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("My route"),
            "res_model": self._name,
            "res_id": route.id,
            "views": [(False, "form")],
        }

    # ---------------------------------------------------------------- changes by hand

    def write(self, vals):
        """Dragging a stop pins it where it was put; the times follow."""
        if "visit_ids" not in vals:
            return super().write(vals)
        before = {route.id: route._get_stops().ids for route in self}
        result = super().write(vals)
        for route in self:
            route.invalidate_recordset(["visit_ids"])
            now = route._get_stops()
            moved = moved_items([one for one in before[route.id] if one in now.ids], now.ids)
            dragged = now.filtered(lambda v, moved=moved: v.id in moved and v.state == "planned")
            dragged.route_pinned = True
            route._do_schedule()
        return result

    def _do_order(self, visit_ids, pinned_ids):
        """Put what is planned into this order; whatever did not fit is in when it is named.

        Others of the day, such as what was planned meanwhile, come after them.

        :param list visit_ids: in the wanted order, as a phone sent them
        :param list pinned_ids: which of them keep their place
        :returns: the visits that were put in order
        """
        self.ensure_one()
        place = {visit_id: n for n, visit_id in enumerate(visit_ids)}
        planned = self._get_stops().filtered(lambda v: v.state == "planned")
        named = planned.filtered(lambda v: v.id in place).sorted(lambda v: place[v.id])
        for number, visit in enumerate(named + (planned - named), 1):
            values = {"route_sequence": 10 * number}
            if visit in named:
                values |= {"route_note": False, "route_pinned": visit.id in pinned_ids}
            self._write_changed(visit, values)
        if named:
            self._do_schedule()
        return named

    def action_optimise(self):
        """Find the best order of what is still to do; pinned stops keep their place.

        :raises UserError: there is nothing to order
        """
        for route in self:
            route.check_access("write")
            if not route.visit_ids.filtered(lambda v: v.state == "planned"):
                raise UserError(self.env._("There is no planned visit on this day."))
            route._do_optimise()
        return True

    def action_unpin(self):
        """Let all stops of the day go again."""
        self.visit_ids.route_pinned = False
        return True

    def _at(self, seconds):
        """UTC of seconds since the local midnight of the day."""
        self.ensure_one()
        return local_hour(self.date, 0, self.user_id._field_tz()) + timedelta(seconds=seconds)
