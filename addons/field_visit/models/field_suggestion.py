from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import scores
from odoo.addons.field_base.tools.geo import haversine_m

_MOST = 10
#: So long a dismissed customer is not suggested again.
_QUIET_DAYS = 14
#: Who is planned within so many days needs no suggestion.
_PLANNED_DAYS = 7
_LIVE = ("planned", "in_progress", "done")


class FieldSuggestion(models.Model):
    """Whom else to visit on a day, with the reason in a sentence."""

    _name = "field.suggestion"
    _description = "Suggestion for the day"
    _inherit = ["field.scope.mixin"]
    _order = "date desc, score desc, id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True, readonly=True)
    score = fields.Integer(readonly=True, aggregator=None)
    parts = fields.Json("Sum", readonly=True)
    reason = fields.Char("Why", readonly=True)
    sum_text = fields.Char("How the score comes about", compute="_compute_sum_text")
    state = fields.Selection(
        [("open", "Open"), ("accepted", "In the plan"), ("dismissed", "Dismissed")],
        required=True,
        readonly=True,
        index=True,
        default="open",
    )
    dismiss_reason = fields.Selection(
        [
            ("later", "Not now"),
            ("phone", "A call is enough"),
            ("not_mine", "Not my customer"),
            ("wrong", "The reason is wrong"),
        ],
        "Dismissed because",
        readonly=True,
    )
    visit_id = fields.Many2one("field.visit", readonly=True, ondelete="set null")

    _day_uniq = models.Constraint(
        "UNIQUE(user_id, partner_id, date)", "This customer is already suggested for the day."
    )

    @api.depends("partner_id")
    def _compute_display_name(self):
        for suggestion in self:
            suggestion.display_name = suggestion.partner_id.display_name

    @api.depends("parts")
    def _compute_sum_text(self):
        for suggestion in self:
            parts = suggestion.parts or []
            suggestion.sum_text = " + ".join(f"{part[1]} {part[2]}" for part in parts)

    # ---------------------------------------------------------------- making

    @api.model
    def action_open_today(self):
        """Work out the suggestions of one's own day and open them."""
        date = fields.Date.context_today(self)
        self._suggest(self.env.user, date)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_visit.field_suggestion_action"
        )
        return {**action, "domain": [("user_id", "=", self.env.uid), ("date", "=", date)]}

    @api.model
    def _suggest(self, user, date):
        """The best ones for a person's day; what was answered before stays answered.

        :returns: the open ones
        """
        company = self.env.company
        mine = [("user_id", "=", user.id), ("date", "=", date), ("company_id", "=", company.id)]
        known = self.sudo().search(mine)
        known.filtered(lambda s: s.state == "open").unlink()
        partners = self._find_candidates(user, date) - known.exists().partner_id
        facts = self._gather(user, date, partners)
        sums = {one.id: parts for one in partners if (parts := self._score(one, facts))}
        rows = [
            (sum(part[1] for part in parts), partner_id, parts)
            for partner_id, parts in self._ask_model(user, date, sums).items()
        ]
        rows.sort(key=lambda row: (-row[0], row[1]))
        return self.sudo().create(
            [
                {
                    "user_id": user.id,
                    "company_id": company.id,
                    "date": date,
                    "partner_id": partner_id,
                    "score": score,
                    "parts": parts,
                    "reason": self._tell(parts),
                    **self._prepare_value_vals(partner_id, facts),
                }
                for score, partner_id, parts in rows[:_MOST]
            ]
        )

    def _get_told(self, parts):
        """The parts the sentence names: the weightiest two, a model's only beside a reason."""
        return sorted(parts, key=lambda part: (part[0] == "model", -part[1]))[:2]

    def _tell(self, parts):
        """The weightiest two parts as one sentence."""
        best = [part[2] for part in self._get_told(parts)]
        first = f"{best[0][:1].upper()}{best[0][1:]}"
        if len(best) == 1:
            return self.env._("%(reason)s.", reason=first)
        return self.env._("%(reason)s, %(other)s.", reason=first, other=best[1])

    def _find_candidates(self, user, date):
        """Customers of the person that nobody goes to these days and that he has not dismissed."""
        Partner = self.env["res.partner"].sudo()
        mine = Domain("user_id", "=", user.id) | Domain("field_co_owner_ids", "in", user.id)
        own = Domain("company_id", "in", (False, self.env.company.id))
        open_ = Domain("field_life", "not in", ("closed", "lost")) & Domain("parent_id", "=", False)
        planned = (
            self.env["field.visit"]
            .sudo()
            .search(
                [
                    ("plan_date", ">=", date),
                    ("plan_date", "<=", date + timedelta(days=_PLANNED_DAYS)),
                    ("state", "in", _LIVE),
                    ("company_id", "=", self.env.company.id),
                ]
            )
        )
        quiet = self.sudo().search(
            [
                ("user_id", "=", user.id),
                ("state", "=", "dismissed"),
                ("date", ">", date - timedelta(days=_QUIET_DAYS)),
                ("date", "<=", date),
            ]
        )
        left = planned.partner_id | quiet.partner_id
        return Partner.search(mine & own & open_, order="id") - left

    # ---------------------------------------------------------------- scoring

    def _gather(self, user, date, partners):
        """Everything the scores need, with a number of queries that does not grow."""
        stops = (
            self.env["field.visit"]
            .sudo()
            .search([("user_id", "=", user.id), ("plan_date", "=", date), ("state", "in", _LIVE)])
        )
        points = [stop.partner_id._field_position() for stop in stops]
        return {
            "date": date,
            "stops": [point for point in points if point],
            "orders": self._get_orders(partners, date),
            "season": self._get_season(partners, date),
            "overdue": self._get_overdue(partners, date),
            "quotes": self._get_quotes(partners, date),
            "others": self._get_reasons_of_others(user, partners, date),
        }

    def _get_reasons_of_others(self, user, partners, date):
        """Hook: ``{partner.id: [[code, points, words]]}`` of modules that know customers too; the
        lead pool says which deals wait for a visit."""
        Lead = self.env.get("crm.lead")
        if Lead is None or not hasattr(Lead, "_field_get_visit_reasons"):
            return {}
        return Lead._field_get_visit_reasons(user, partners, date)

    def _get_orders(self, partners, date):
        """``{partner.id: [day ordinals]}`` of a year's orders."""
        found = {}
        if "sale.order" not in self.env:
            return found
        orders = (
            self.env["sale.order"]
            .sudo()
            .search_fetch(
                [
                    ("partner_id", "child_of", partners.ids),
                    ("company_id", "=", self.env.company.id),
                    ("state", "=", "sale"),
                    ("date_order", ">=", date - timedelta(days=365)),
                ],
                ["partner_id", "date_order"],
            )
        )
        for order in orders:
            top = order.partner_id.commercial_partner_id.id
            found.setdefault(top, []).append(order.date_order.toordinal())
        return found

    def _get_overdue(self, partners, date):
        """``{partner.id: days}`` since the oldest unpaid invoice was due."""
        if "account.move" not in self.env:
            return {}
        groups = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                [
                    ("commercial_partner_id", "in", partners.ids),
                    ("company_id", "=", self.env.company.id),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("payment_state", "in", ("not_paid", "partial")),
                    ("invoice_date_due", "<", date),
                ],
                ["commercial_partner_id"],
                ["invoice_date_due:min"],
            )
        )
        return {partner.id: (date - due).days for partner, due in groups}

    def _get_quotes(self, partners, date):
        """``{partner.id: days}`` until the first open quotation ends."""
        if "sale.order" not in self.env:
            return {}
        groups = (
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "child_of", partners.ids),
                    ("company_id", "=", self.env.company.id),
                    ("state", "in", ("draft", "sent")),
                    ("validity_date", ">=", date),
                    ("validity_date", "<=", date + timedelta(days=7)),
                ],
                ["partner_id"],
                ["validity_date:min"],
            )
        )
        found = {}
        for partner, day in groups:
            top = partner.commercial_partner_id.id
            found[top] = min(found.get(top, 7), (day - date).days)
        return found

    def _score(self, partner, facts):
        """``[[code, points, words]]`` of one customer; nothing without a reason of its own."""
        date, last = facts["date"], partner.field_last_visit_date
        days = (date - last).days if last else None
        allowed = partner.field_grade_id.allowed_days
        orders = facts["orders"].get(partner.id, [])
        rhythm = scores.rhythm_of(orders)
        ordered = date.toordinal() - max(orders) if orders else None
        overdue = facts["overdue"].get(partner.id)
        quote = facts["quotes"].get(partner.id)
        metres = self._get_metres(partner, facts["stops"])
        found = [
            ("cadence", scores.cadence_points(days, allowed), self._tell_cadence(days, allowed)),
            (
                "reorder",
                scores.reorder_points(ordered, rhythm),
                self.env._(
                    "last order %(days)s days ago, usually every %(rhythm)s",
                    days=ordered,
                    rhythm=round(rhythm or 0),
                ),
            ),
            (
                "season",
                scores.season_points(*facts["season"].get(partner.id, (0, 0))),
                self._tell_season(date),
            ),
            (
                "overdue",
                scores.overdue_points(overdue),
                self.env._("an invoice is overdue for %(days)s days", days=overdue),
            ),
            (
                "quote",
                scores.quote_points(quote),
                self.env._("a quotation ends in %(days)s days", days=quote),
            ),
        ]
        parts = [list(part) for part in (*found, *facts["others"].get(partner.id, ())) if part[1]]
        near = scores.near_points(metres)
        if parts and near:
            km = f"{metres / 1000:.1f}"
            parts.append(["near", near, self.env._("%(km)s km from your route", km=km)])
        return parts

    def _tell_cadence(self, days, allowed):
        if days is None:
            return self.env._("never visited")
        return self.env._(
            "not visited for %(days)s days, every %(allowed)s is usual", days=days, allowed=allowed
        )

    def _get_metres(self, partner, stops):
        position = partner._field_position()
        if not position or not stops:
            return None
        return min(haversine_m(*position, *stop) for stop in stops)

    # ---------------------------------------------------------------- answers

    def action_accept(self):
        """Put the customer into the plan of the day."""
        for suggestion in self:
            suggestion._check_open()
            suggestion._accept()
        return True

    def _accept(self):
        """A visit that somebody has planned since is the one; else there is a new one."""
        self.ensure_one()
        about = {
            "partner_id": self.partner_id.id,
            "user_id": self.user_id.id,
            "company_id": self.company_id.id,
            "plan_date": self.date,
        }
        same = [(name, "=", value) for name, value in about.items()]
        Visit = self.env["field.visit"]
        visit = Visit.search([*same, ("state", "in", _LIVE)], order="id", limit=1)
        visit = visit or Visit._with_planner().create({**about, "source": "suggestion"})
        values = {"state": "accepted", "dismiss_reason": False, "visit_id": visit.id}
        self.sudo().write(values)

    def action_dismiss(self, reason=None):
        """Say no, with a reason; the customer is not suggested for two weeks.

        :raises UserError: without a reason
        """
        reason = reason or self.env.context.get("reason")
        if reason not in dict(self._fields["dismiss_reason"].selection):
            raise UserError(self.env._("Choose a reason."))
        for suggestion in self:
            suggestion._check_open()
            suggestion.sudo().write({"state": "dismissed", "dismiss_reason": reason})
        return True

    def _check_open(self):
        self.ensure_one()
        self.check_access("write")
        if self.state != "open":
            raise UserError(self.env._("This suggestion is answered already."))
