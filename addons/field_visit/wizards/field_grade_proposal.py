from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class FieldGradeProposal(models.TransientModel):
    """What grades the customers would have by a figure: shown first, applied if wanted."""

    _name = "field.grade.proposal"
    _description = "Proposal of grades"

    metric = fields.Selection(
        selection="_selection_metric", required=True, default="visits", string="By"
    )
    months = fields.Integer("Of the last months", required=True, default=12)
    domain = fields.Char("Customers", required=True, default="[]")
    line_ids = fields.One2many("field.grade.proposal.line", "proposal_id", "Who moves")
    summary = fields.Text(readonly=True)

    @api.model
    def _selection_metric(self):
        """What there are data of in this database."""
        found = [("visits", self.env._("Number of visits"))]
        if "sale.order" in self.env:
            found.insert(0, ("turnover", self.env._("Orders (untaxed)")))
        return found

    def action_preview(self):
        """Work out who would move; nothing is changed."""
        self.ensure_one()
        self._check_may_propose()
        if self.months < 1:
            raise UserError(self.env._("At least one month is needed."))
        grades = (
            self.env["field.grade"]
            .search([("company_id", "in", (False, self.env.company.id))])
            .sorted("threshold", reverse=True)
        )
        partners = self._find_partners()
        self.line_ids.unlink()
        self.line_ids = [fields.Command.create(line) for line in self._find_moves(partners, grades)]
        self.summary = self._get_summary(len(partners))
        return self._reopen()

    def _find_moves(self, partners, grades):
        """Values of the lines of those whose grade would be another one."""
        values, shares = self._get_values(partners), self._get_paid_shares(partners)
        if self.metric in self._get_unknown_metrics():
            partners = partners.filtered(lambda partner: partner.id in values)
        moves = []
        for partner in partners:
            value, share = values.get(partner.id, 0.0), shares.get(partner.id)
            grade = self._find_grade(grades, value, share)
            if grade and grade != partner.field_grade_id:
                moves.append(
                    {
                        "partner_id": partner.id,
                        "old_grade_id": partner.field_grade_id.id,
                        "new_grade_id": grade.id,
                        "value": value,
                        "paid_share": share or 0.0,
                        "is_late": share is not None and share < self.paid_least,
                    }
                )
        return moves

    def action_apply(self):
        """Give the customers of the lines their new grade; the reason stands in their history."""
        self.ensure_one()
        self._check_may_propose()
        metric = dict(self._selection_metric())[self.metric]
        for line in self.line_ids:
            reason = self.env._(
                "%(metric)s of %(months)s months: %(value)s",
                metric=metric,
                months=self.months,
                value=f"{line.value:g}",
            )
            if line.is_late:
                late = self.env._("only %(share)s %% paid in time", share=f"{line.paid_share:g}")
                reason = f"{reason}, {late}"
            partner = line.partner_id.sudo().with_context(field_grade_reason=reason)
            partner.field_grade_id = line.new_grade_id
        return {"type": "ir.actions.act_window_close"}

    def _check_may_propose(self):
        if not self.env.user.has_group("field_base.field_base_group_leader"):
            raise UserError(self.env._("Grades are proposed by a team leader."))

    def _find_partners(self):
        domain = Domain(literal_eval(self.domain or "[]"))
        domain &= Domain("parent_id", "=", False) & Domain("partner_share", "=", True)
        return self.env["res.partner"].search_fetch(
            domain & Domain("user_id", "!=", False), ["field_grade_id"]
        )

    def _get_values(self, partners):
        """``{partner.id: figure}`` in one query."""
        since = self._get_since()
        if self.metric == "turnover":
            groups = (
                self.env["sale.order"]
                .sudo()
                ._read_group(
                    [
                        ("partner_id", "child_of", partners.ids),
                        ("state", "=", "sale"),
                        ("date_order", ">=", since),
                        ("company_id", "=", self.env.company.id),
                    ],
                    ["partner_id"],
                    ["amount_untaxed:sum_currency"],
                )
            )
        else:
            valid = partners._field_valid_visit_domain()
            domain = valid & Domain("partner_id", "in", partners.ids)
            groups = (
                self.env["field.visit"]
                .sudo()
                ._read_group(domain & Domain("plan_date", ">=", since), ["partner_id"], ["__count"])
            )
        values = {}
        for partner, value in groups:
            top = partner.commercial_partner_id.id
            values[top] = values.get(top, 0.0) + value
        return values

    def _get_summary(self, count):
        moves = {}
        for line in self.line_ids:
            key = (line.old_grade_id.name or "–", line.new_grade_id.name)
            moves[key] = moves.get(key, 0) + 1
        rows = [f"{old} → {new}: {number}" for (old, new), number in sorted(moves.items())]
        head = self.env._(
            "%(moving)s of %(all)s customers would move", moving=len(self.line_ids), all=count
        )
        return "\n".join([head, *rows])

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose grades"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


class FieldGradeProposalLine(models.TransientModel):
    _name = "field.grade.proposal.line"
    _description = "Customer of a proposal of grades"

    proposal_id = fields.Many2one(
        "field.grade.proposal", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade")
    old_grade_id = fields.Many2one("field.grade", "Grade now")
    new_grade_id = fields.Many2one("field.grade", "Then", required=True)
    value = fields.Float(readonly=True)
