from odoo import fields, models


class CrmLead(models.Model):
    """The people and the papers of a deal."""

    _inherit = "crm.lead"

    field_contact_ids = fields.One2many("field.lead.contact", "lead_id", "Contacts", copy=False)
    field_competitor_ids = fields.Many2many(
        "field.competitor",
        "field_competitor_lead_rel",
        "lead_id",
        "competitor_id",
        "Competitors",
        copy=False,
    )
    field_lost_competitor_id = fields.Many2one(
        "field.competitor", "Lost to", copy=False, ondelete="restrict", index="btree_not_null"
    )
    field_product_line_id = fields.Many2one(
        "product.category",
        "Product line",
        ondelete="set null",
        index="btree_not_null",
        help="What the deal is mostly about; losses and the forecast are shown by it. Left empty, "
        "the first quotation fills it in.",
    )
    field_document_ids = fields.One2many(
        "ir.attachment", "res_id", "Documents", domain=[("res_model", "=", "crm.lead")]
    )
    field_weight = fields.Float("Stage weight", related="stage_id.field_weight")
    field_weighted_revenue = fields.Monetary(
        "Weighted amount",
        compute="_compute_field_weighted_revenue",
        currency_field="company_currency",
        help="Expected revenue times the weight of the stage.",
    )

    def _compute_field_weighted_revenue(self):
        for lead in self:
            weight = 0 if lead.won_status == "lost" else lead.stage_id.field_weight
            lead.field_weighted_revenue = (lead.expected_revenue or 0) * weight / 100

    # ------------------------------------------------------------
    # Places to put something right
    # ------------------------------------------------------------

    def _field_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "crm.lead",
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _field_dialog_action(self, model, name, **defaults):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": defaults,
        }

    def action_field_add_document(self):
        """Ask for a file and its category."""
        self.ensure_one()
        self.check_access("write")
        return self._field_add_document_action(self.env["field.document.category"])

    def _field_add_document_action(self, category):
        return self._field_dialog_action(
            "field.document.add",
            self.env._("Add a Document"),
            default_lead_id=self.id,
            default_category_id=category.id,
        )

    # ------------------------------------------------------------
    # Merge: what the parts know, the whole knows
    # ------------------------------------------------------------

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "field_product_line_id", "field_lost_competitor_id"]

    def _merge_get_fields_specific(self):
        return {
            **super()._merge_get_fields_specific(),
            "field_competitor_ids": lambda _name, leads: [(6, 0, leads.field_competitor_ids.ids)],
        }

    def _merge_dependences(self, opportunities):
        super()._merge_dependences(opportunities)
        have = {(c.partner_id, c.role_id) for c in self.field_contact_ids}
        for contact in opportunities.sudo().field_contact_ids:
            if (contact.partner_id, contact.role_id) not in have:
                have.add((contact.partner_id, contact.role_id))
                contact.lead_id = self
