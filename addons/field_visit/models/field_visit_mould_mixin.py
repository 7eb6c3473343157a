from odoo import fields, models


class FieldVisitMouldMixin(models.AbstractModel):
    """What a visit brings along from whatever has planned it: its kind, and so its limits."""

    _name = "field.visit.mould.mixin"
    _description = "Plans Visits of a Kind"

    type_id = fields.Many2one(
        "field.visit.type",
        "Kind of visit",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The planned visits are of this kind: its procedure and its limits hold for them.",
    )

    def _get_mould(self):
        """Values of the visits; a procedure of one's own goes before the kind's."""
        values = {"type_id": self.type_id.id} if self.type_id else {}
        own = "sop_id" in self._fields and self["sop_id"]
        return values | ({"sop_id": own.id} if own else {})
