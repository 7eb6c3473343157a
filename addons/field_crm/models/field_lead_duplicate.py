from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.duplicates import MERGE, REVIEW


class ResCompany(models.Model):
    _inherit = "res.company"

    field_duplicate_mode = fields.Selection(
        [
            ("off", "Not looked for"),
            ("review", "Put into the queue"),
            ("merge", "Merged when certain, else queued"),
            ("block", "Refused when certain, else queued"),
        ],
        "Duplicate Leads",
        default="off",
        required=True,
    )
    field_duplicate_merge = fields.Float("Certain from", default=MERGE, digits=(3, 2))
    field_duplicate_review = fields.Float("To Be Looked at from", default=REVIEW, digits=(3, 2))

    _field_duplicate_order = models.Constraint(
        "CHECK(field_duplicate_merge IS NULL OR (field_duplicate_review > 0 "
        "AND field_duplicate_review <= field_duplicate_merge AND field_duplicate_merge <= 1))",
        "The thresholds lie between 0 and 1, that of the queue below that of certainty.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    field_duplicate_mode = fields.Selection(
        related="company_id.field_duplicate_mode", readonly=False
    )
    field_duplicate_merge = fields.Float(related="company_id.field_duplicate_merge", readonly=False)
    field_duplicate_review = fields.Float(
        related="company_id.field_duplicate_review", readonly=False
    )


class FieldLeadDuplicate(models.Model):
    """Two leads that may be the same: a question for somebody who oversees both."""

    _name = "field.lead.duplicate"
    _description = "Possible Duplicate"
    _order = "score desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        "crm.lead", "Newer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    other_id = fields.Many2one(
        "crm.lead", "Older", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    score = fields.Float(readonly=True, digits=(4, 3), aggregator=None)
    explanation = fields.Json(readonly=True)
    why = fields.Text("Because", compute="_compute_why")
    state = fields.Selection(
        [("review", "To look at"), ("merged", "Merged"), ("distinct", "Not the same")],
        default="review",
        required=True,
        readonly=True,
        index=True,
    )
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="set null")

    _pair_uniq = models.UniqueIndex("(lead_id, other_id)", "This pair is already there.")

    @api.model
    def _prepare_vals(self, lead, other, score, why):
        return {
            "lead_id": lead.id,
            "other_id": other.id,
            "company_id": (lead.company_id or other.company_id or self.env.company).id,
            "score": score,
            "explanation": why,
        }

    @api.depends("explanation")
    @api.depends_context("lang")
    def _compute_why(self):
        for pair in self:
            pair.why = "\n".join(
                self._describe_evidence(*row) for row in pair.explanation or () if abs(row[2]) >= 1
            )

    @api.model
    def _describe_evidence(self, name, level, bits):
        """One line of the explanation: which field, how alike, how much it speaks for it."""
        fields_ = {
            "tax": self.env._("tax number"),
            "phones": self.env._("telephone"),
            "emails": self.env._("e-mail"),
            "domain": self.env._("e-mail domain"),
            "name": self.env._("company name"),
            "place": self.env._("position"),
            "address": self.env._("address"),
            "city": self.env._("city"),
            "contact": self.env._("contact person"),
        }
        alike = self.env._("the same") if level == 0 else self.env._("similar")
        if bits < 0:
            alike = self.env._("different")
        return f"{'+' if bits > 0 else '−'} {fields_.get(name, name)}: {alike} ({bits:+.0f})"

    def action_merge(self):
        """Merge the two; what is kept follows the survivorship rules. Can be undone.

        :raises UserError: already decided, or one of them is gone
        """
        self._check_may_decide()
        for pair in self:
            if pair.state != "review":
                raise UserError(self.env._("This pair has been decided already."))
            pair.sudo()._merge()
        return True

    def action_distinct(self):
        """They are not the same; the pair does not come up again."""
        self._check_may_decide()
        self.sudo().write({"state": "distinct", "decided_by_id": self.env.uid})
        return True

    def _check_may_decide(self):
        """:raises AccessError: only who oversees all leads decides about two of them"""
        self.check_access("read")
        groups = "sales_team.group_sale_salesman_all_leads,field_base.field_base_group_admin"
        if not self.env.su and not self.env.user.has_groups(groups):
            raise AccessError(self.env._("Who oversees all leads decides about duplicates."))

    def _merge(self, automatic=False):
        leads = self.lead_id | self.other_id
        merge = self.env["field.lead.merge"]._merge_leads(leads, self.score, automatic)
        self.write({"state": "merged", "decided_by_id": self.env.uid})
        return merge
