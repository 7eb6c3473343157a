from odoo import fields, models


class FieldDocumentAdd(models.TransientModel):
    """Attach a file of a category to a deal."""

    _name = "field.document.add"
    _description = "Add a Document"

    lead_id = fields.Many2one("crm.lead", "Deal", required=True, ondelete="cascade")
    category_id = fields.Many2one("field.document.category", required=True)
    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char("File name")

    def action_add(self):
        """Keep the file with the deal.

        :raises AccessError: the person may not change the deal
        """
        self.ensure_one()
        self.lead_id.check_access("write")
        self.env["ir.attachment"].create(
            {
                "name": self.filename or self.category_id.name,
                "datas": self.file,
                "res_model": "crm.lead",
                "res_id": self.lead_id.id,
                "field_category_id": self.category_id.id,
            }
        )
        return {"type": "ir.actions.act_window_close"}
