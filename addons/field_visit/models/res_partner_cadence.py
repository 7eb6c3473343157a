"""How long ago a customer was visited. Only the day of the last visit is kept; everything that
changes with the calendar is worked out by the database when somebody asks."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner import FIELD_GROUPS

#: Shares of the days a grade allows.
SOON, OVERDUE, DORMANT = 0.8, 1.0, 2.0
#: What is asked for on a complete card: ``{code: columns of which one is filled}``.
CARD = {
    "phone": ("phone", "email"),
    "street": ("street",),
    "city": ("city",),
    "position": ("partner_latitude",),
    "owner": ("user_id",),
    "grade": ("field_grade_id",),
    "channel": ("field_channel_id",),
}

COMPARISONS = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}


class ResPartner(models.Model):
    _inherit = "res.partner"

    field_last_visit_date = fields.Date(
        "Last valid visit",
        compute="_compute_field_last_visit_date",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        groups=FIELD_GROUPS,
        help="The last visit that counts: verified at the customer's and long enough, or accepted "
        "by a leader. The company may let every visit count, calls too; none that was refused.",
    )
    field_days_unvisited = fields.Integer(
        "Days unvisited",
        compute="_compute_field_cadence",
        search="_search_field_cadence_days",
        aggregator="avg",
        groups=FIELD_GROUPS,
    )
    field_cadence_ratio = fields.Float(
        "Cadence",
        compute="_compute_field_cadence",
        search="_search_field_cadence_ratio",
        aggregator="avg",
        digits=(8, 2),
        groups=FIELD_GROUPS,
        help="Days unvisited by the days that the grade allows: over 1 is overdue.",
    )
    field_cadence_state = fields.Selection(
        [
            ("ok", "In time"),
            ("soon", "Due soon"),
            ("overdue", "Overdue"),
            ("dormant", "Long overdue"),
            ("never", "Never visited"),
            ("none", "No grade"),
        ],
        "Due",
        compute="_compute_field_cadence",
        search="_search_field_cadence_state",
        groups=FIELD_GROUPS,
    )
    field_line_count = fields.Integer(
        "Number of lines",
        compute="_compute_field_line_count",
        search="_search_field_line_count",
        groups=FIELD_GROUPS,
        help="On how many fixed lines the customer is; those that have ended do not count.",
    )
    field_completeness = fields.Integer(
        "Complete (%)",
        compute="_compute_field_completeness",
        search="_search_field_completeness",
        aggregator="avg",
        groups=FIELD_GROUPS,
    )
    field_missing = fields.Char(
        "Missing", compute="_compute_field_completeness", groups=FIELD_GROUPS
    )

    @api.depends(
        "field_visit_ids.state",
        "field_visit_ids.verdict",
        "field_visit_ids.review_state",
        "field_visit_ids.is_denied",
        "field_visit_ids.channel",
        "field_visit_ids.plan_date",
    )
    def _compute_field_last_visit_date(self):
        """One query for all customers, and no write where the day stays the same."""
        groups = self.env["field.visit"]._read_group(
            Domain("partner_id", "in", self.ids) & self._field_valid_visit_domain(),
            ["partner_id"],
            ["plan_date:max"],
        )
        last = {partner.id: day for partner, day in groups}
        for partner in self:
            partner.field_last_visit_date = last.get(partner._origin.id)

    @api.model
    def _field_valid_visit_domain(self):
        """Visits that count, each by the rule of its company; see ``field_visits_counted``."""
        verified = Domain("channel", "=", "on_site") & Domain("verdict", "in", ("valid", "long"))
        verified |= Domain("company_id", "in", self.env["res.company"]._get_ids_counting_all())
        accepted = Domain("review_state", "=", "accepted")
        undisputed = Domain("review_state", "=", False) & Domain("is_denied", "=", False)
        return Domain("state", "=", "done") & (accepted | (undisputed & verified))

    @api.depends("field_last_visit_date", "field_grade_id.allowed_days")
    @api.depends_context("tz")
    def _compute_field_cadence(self):
        today = fields.Date.context_today(self)
        for partner in self:
            last, allowed = partner.field_last_visit_date, partner.field_grade_id.allowed_days
            days = (today - last).days if last else 0
            ratio = days / allowed if last and allowed else 0.0
            partner.field_days_unvisited = days
            partner.field_cadence_ratio = ratio
            partner.field_cadence_state = (
                "never" if not last else "none" if not allowed else _state_of(ratio)
            )

    @api.depends(*{name for names in CARD.values() for name in names})
    def _compute_field_completeness(self):
        labels = self._field_card_labels()
        for partner in self:
            missing = [
                labels[code]
                for code, names in CARD.items()
                if not any(partner[name] for name in names)
            ]
            partner.field_completeness = round(100 * (1 - len(missing) / len(CARD)))
            partner.field_missing = ", ".join(missing)

    def _field_card_labels(self):
        return {
            "phone": self.env._("phone or e-mail"),
            "street": self.env._("street"),
            "city": self.env._("city"),
            "position": self.env._("position"),
            "owner": self.env._("salesperson"),
            "grade": self.env._("grade"),
            "channel": self.env._("channel"),
        }

    # ---------------------------------------------------------------- in the database

    def _field_to_sql(self, alias, field_expr, query=None):
        """The computed figures as SQL: searched, sorted, grouped and averaged like columns.

        As of today in the reader's zone.
        """
        build = {
            "field_days_unvisited": self._field_sql_days,
            "field_cadence_ratio": self._field_sql_ratio,
            "field_cadence_state": self._field_sql_state,
            "field_completeness": self._field_sql_completeness,
            "field_line_count": self._field_sql_lines,
        }.get(field_expr)
        if build:
            self._check_field_access(self._fields[field_expr], "read")
            return build(alias)
        return super()._field_to_sql(alias, field_expr, query)

    def _field_sql_last(self, alias):
        return SQL.identifier(
            alias, "field_last_visit_date", to_flush=self._fields["field_last_visit_date"]
        )

    def _field_sql_days(self, alias):
        """Nothing for who was never visited: no mean is made of him, and the longest come first."""
        today = fields.Date.context_today(self)
        return SQL("(%s - %s)", SQL("%s::date", today), self._field_sql_last(alias))

    def _field_sql_allowed(self, alias):
        return SQL(
            "(SELECT allowed_days FROM field_grade WHERE id = %s)",
            SQL.identifier(alias, "field_grade_id", to_flush=self._fields["field_grade_id"]),
        )

    def _field_sql_ratio(self, alias):
        return SQL("(%s::float8 / %s)", self._field_sql_days(alias), self._field_sql_allowed(alias))

    def _field_sql_state(self, alias):
        return SQL(
            """CASE WHEN %(last)s IS NULL THEN 'never' WHEN %(allowed)s IS NULL THEN 'none'
                    WHEN %(ratio)s > %(dormant)s THEN 'dormant'
                    WHEN %(ratio)s > %(overdue)s THEN 'overdue'
                    WHEN %(ratio)s >= %(soon)s THEN 'soon' ELSE 'ok' END""",
            last=self._field_sql_last(alias),
            allowed=self._field_sql_allowed(alias),
            ratio=self._field_sql_ratio(alias),
            dormant=DORMANT,
            overdue=OVERDUE,
            soon=SOON,
        )

    def _field_sql_completeness(self, alias):
        """The share of the fields of a card that are filled, as whole percent."""
        terms = [
            SQL(
                "(%s)::int",
                SQL(" OR ").join(self._field_sql_filled(alias, name) for name in names),
            )
            for names in CARD.values()
        ]
        return SQL("round(100.0 * (%s) / %s)::int", SQL(" + ").join(terms), len(CARD))

    def _field_sql_filled(self, alias, name):
        field = self._fields[name]
        column = SQL.identifier(alias, name, to_flush=field)
        if field.type == "char":
            return SQL("COALESCE(%s, '') <> ''", column)
        if field.type == "float":
            return SQL("COALESCE(%s, 0) <> 0", column)
        return SQL("%s IS NOT NULL", column)

    def _compute_field_line_count(self):
        today = fields.Date.context_today(self)
        groups = (
            self.env["field.line.stop"]
            .sudo()
            ._read_group(
                Domain("partner_id", "in", self.ids)
                & Domain("line_id.active", "=", True)
                & (Domain("line_id.date_to", "=", False) | Domain("line_id.date_to", ">=", today)),
                ["partner_id"],
                ["__count"],
            )
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.field_line_count = counts.get(partner._origin.id, 0)

    def _field_sql_lines(self, alias):
        self.env["field.line"].flush_model(["active", "date_to"])
        self.env["field.line.stop"].flush_model(["partner_id", "line_id"])
        return SQL(
            """(SELECT count(*) FROM field_line_stop stop
                  JOIN field_line line ON line.id = stop.line_id AND line.active
                   AND (line.date_to IS NULL OR line.date_to >= %s)
                 WHERE stop.partner_id = %s)::int""",
            fields.Date.context_today(self),
            SQL.identifier(alias, "id"),
        )

    def _search_field_line_count(self, operator, value):
        return self._field_search_sql("field_line_count", operator, value)

    def _search_field_cadence_days(self, operator, value):
        return self._field_search_sql("field_days_unvisited", operator, value)

    def _search_field_cadence_ratio(self, operator, value):
        return self._field_search_sql("field_cadence_ratio", operator, value)

    def _search_field_cadence_state(self, operator, value):
        return self._field_search_sql("field_cadence_state", operator, value)

    def _search_field_completeness(self, operator, value):
        return self._field_search_sql("field_completeness", operator, value)

    @api.model
    def _field_search_sql(self, name, operator, value):
        """Compare the SQL of the field; a customer never visited is found by no number of days."""
        if operator not in ("in", "not in", *COMPARISONS):
            return NotImplemented

        def to_sql(model, alias, _query):
            term = model._field_to_sql(alias, name)
            if operator in ("in", "not in"):
                values = tuple(one for one in value if one is not False) or (None,)
                found = SQL("%s IN %s", term, values)
            else:
                found = SQL("%s %s %s", term, COMPARISONS[operator], value)
            if name in ("field_days_unvisited", "field_cadence_ratio"):
                found = SQL("(%s IS NOT NULL AND %s)", term, found)
            return found

        return Domain.custom(to_sql=to_sql)


def _state_of(ratio):
    if ratio > DORMANT:
        return "dormant"
    if ratio > OVERDUE:
        return "overdue"
    return "soon" if ratio >= SOON else "ok"
