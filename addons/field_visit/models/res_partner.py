from odoo import api, fields, models

FIELD_GROUPS = "field_base.field_base_group_rep,field_base.field_base_group_auditor"


class ResPartner(models.Model):
    _inherit = "res.partner"

    field_visit_ids = fields.One2many(
        "field.visit", "partner_id", "Visits", groups=FIELD_GROUPS, copy=False
    )
    field_visit_count = fields.Integer(
        "Number of visits", compute="_compute_field_visit_count", groups=FIELD_GROUPS
    )

    field_grade_id = fields.Many2one(
        "field.grade",
        "Grade",
        index="btree_not_null",
        groups=FIELD_GROUPS,
        tracking=True,
        copy=False,
    )
    field_visiting_hours_ids = fields.One2many(
        "field.visiting.hours",
        "partner_id",
        "Visiting hours",
        groups=FIELD_GROUPS,
        help="When the customer receives visitors; empty for any time.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_field_visit_count(self):
        """Visits at the contact and at everyone under it, as far as the reader may see them."""
        children = self.with_context(active_test=False).search_fetch(
            [("id", "child_of", self.ids)], ["parent_id"]
        )
        counts = dict(
            self.env["field.visit"]._read_group(
                [("partner_id", "in", children.ids)], ["partner_id"], ["__count"]
            )
        )
        self.field_visit_count = 0
        for partner, count in counts.items():
            node = partner
            while node:
                if node in self:
                    node.field_visit_count += count
                node = node.parent_id

    def action_field_visits(self):
        """Open the visits at this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("field_visit.field_visit_action")
        action["domain"] = [("partner_id", "child_of", self.ids)]
        action["context"] = {"default_partner_id": self.id}
        return action

    def action_field_visit_now(self):
        """Open today's visit of the current user at this customer; make one if there is none."""
        self.ensure_one()
        visit = self.env["field.visit"]._find_or_create_today(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": "field.visit",
            "res_id": visit.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_field_dispatch(self):
        """Ask who should go to this customer."""
        self.ensure_one()
        return self.env["field.dispatch"]._open(partner_id=self.id)
