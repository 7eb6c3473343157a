from odoo import api, fields, models


class FieldGradeChange(models.Model):
    """What grade a customer had, and who or what changed it."""

    _name = "field.grade.change"
    _description = "Change of a grade"
    _order = "id desc"
    _log_access = True

    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )
    old_grade_id = fields.Many2one("field.grade", "Before", readonly=True, ondelete="restrict")
    new_grade_id = fields.Many2one("field.grade", "After", readonly=True, ondelete="restrict")
    source = fields.Selection(
        [("manual", "By hand"), ("import", "Import"), ("proposal", "Proposal")], readonly=True
    )
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="restrict")

    @api.model
    def _note(self, before):
        """:param dict before: ``{partner: grade it had}``"""
        proposal = self.env.context.get("field_grade_reason")
        source = "import" if self.env.context.get("import_file") else "manual"
        self.create(
            [
                {
                    "partner_id": partner.id,
                    "old_grade_id": old.id,
                    "new_grade_id": partner.field_grade_id.id,
                    "source": "proposal" if proposal else source,
                    "reason": proposal or False,
                    "user_id": self.env.uid,
                }
                for partner, old in before.items()
            ]
        )
