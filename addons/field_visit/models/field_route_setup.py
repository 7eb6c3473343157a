from odoo import api, fields, models

DEFAULTS = {
    "start_kind": "first",
    "start_lat": 0.0,
    "start_lng": 0.0,
    "returns": True,
    "end_lat": 0.0,
    "end_lng": 0.0,
    "day_start": 8.5,
    "day_end": 17.5,
    "lunch_minutes": 45,
    "lunch_from": 11.5,
    "lunch_to": 13.5,
    "visit_minutes": 30,
    "minimise": "time",
}


class FieldRouteSetup(models.Model):
    """Where somebody's days begin and end, and when he eats. Without one the defaults hold."""

    _name = "field.route.setup"
    _description = "Day of a representative"
    _inherit = ["field.scope.mixin"]

    start_kind = fields.Selection(
        [("first", "At the first customer"), ("point", "At a fixed place")],
        "Days begin",
        required=True,
        default=DEFAULTS["start_kind"],
    )
    start_lat = fields.Float("Start latitude", digits=(10, 7))
    start_lng = fields.Float("Start longitude", digits=(10, 7))
    returns = fields.Boolean(
        "Ends where it began", default=True, help="The way back belongs to the day."
    )
    end_lat = fields.Float(
        "End latitude", digits=(10, 7), help="Without a place the day ends at the last customer."
    )
    end_lng = fields.Float("End longitude", digits=(10, 7))
    day_start = fields.Float("Earliest start", required=True, default=DEFAULTS["day_start"])
    day_end = fields.Float("Latest end", required=True, default=DEFAULTS["day_end"])
    lunch_minutes = fields.Integer(
        "Lunch (min)", default=DEFAULTS["lunch_minutes"], help="0: no lunch break is planned."
    )
    lunch_from = fields.Float("Lunch begins from", default=DEFAULTS["lunch_from"])
    lunch_to = fields.Float("Lunch begins until", default=DEFAULTS["lunch_to"])
    visit_minutes = fields.Integer(
        "Minutes of a visit", required=True, default=DEFAULTS["visit_minutes"]
    )
    minimise = fields.Selection(
        [("time", "Least time on the road"), ("distance", "Shortest way")],
        "Routes are made for",
        required=True,
        default="time",
    )

    _user_uniq = models.Constraint(
        "UNIQUE(user_id, company_id)", "This person's day is already described."
    )
    _hours = models.Constraint(
        "CHECK(day_start >= 0 AND day_start < day_end AND day_end <= 24"
        " AND lunch_from >= 0 AND lunch_from <= lunch_to AND lunch_to <= 24"
        " AND lunch_minutes BETWEEN 0 AND 300 AND visit_minutes BETWEEN 1 AND 600)",
        "A day begins before it ends; lunch takes up to 5 hours, a visit 1 to 600 minutes.",
    )

    @api.depends("user_id")
    def _compute_display_name(self):
        for setup in self:
            setup.display_name = setup.user_id.sudo().name

    @api.model
    def _get_values(self, users, company):
        """``{user.id: values}`` like :data:`DEFAULTS`: what the person has set, or they."""
        setups = self.sudo().search([("user_id", "in", users.ids), ("company_id", "=", company.id)])
        own = {setup.user_id.id: {name: setup[name] for name in DEFAULTS} for setup in setups}
        return {user.id: own.get(user.id, dict(DEFAULTS)) for user in users}

    @api.model
    def action_open_mine(self):
        """Open one's own day; make it from the defaults at the first time."""
        mine = [("user_id", "=", self.env.uid), ("company_id", "=", self.env.company.id)]
        setup = self.search(mine, limit=1) or self.create({})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("My day"),
            "res_model": self._name,
            "res_id": setup.id,
            "views": [(False, "form")],
        }
