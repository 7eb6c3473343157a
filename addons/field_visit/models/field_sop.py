from uuid import uuid4

from odoo import fields, models

STEP_KINDS = [
    ("check", "Check"),
    ("note", "Note"),
    ("photo", "Photo"),
]


class FieldSop(models.Model):
    _name = "field.sop"
    _description = "Standard Procedure"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to offer the procedure to every company."
    )
    strict_order = fields.Boolean(
        "Fixed order",
        help="Steps are answered from top to bottom: a step waits until every required step "
        "above it is done or has a reason. Optional steps may be left out.",
    )
    block_check_out = fields.Boolean(
        "Required steps before check-out",
        help="The visit ends only after every required step is done or has a reason why it "
        "could not be done. A policy can demand the same for all procedures.",
    )
    step_ids = fields.One2many("field.sop.step", "sop_id", "Steps", copy=True)
    step_count = fields.Integer("Number of steps", compute="_compute_step_count")

    def _compute_step_count(self):
        counts = dict(
            self.env["field.sop.step"]._read_group(
                [("sop_id", "in", self.ids)], ["sop_id"], ["__count"]
            )
        )
        for sop in self:
            sop.step_count = counts.get(sop._origin, 0)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", sop.name))
            for sop, vals in zip(self, vals_list, strict=True)
        ]


class FieldSopStep(models.Model):
    _name = "field.sop.step"
    _description = "Step of a Standard Procedure"
    _order = "sequence, id"

    sop_id = fields.Many2one(
        "field.sop", "Standard procedure", required=True, index=True, ondelete="cascade"
    )
    key = fields.Char(
        required=True,
        copy=False,
        readonly=True,
        default=lambda self: str(uuid4()),
        help="Never changes: phones name the step by it while they are offline.",
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(STEP_KINDS, required=True, default="check")
    instruction = fields.Char(translate=True, help="One sentence the representative reads.")
    required = fields.Boolean(default=True)
    min_photos = fields.Integer("Photos needed", default=1)

    _key_uniq = models.UniqueIndex("(sop_id, key)", "Each step of a procedure has its own key.")
    _min_photos_positive = models.Constraint(
        "CHECK(min_photos BETWEEN 1 AND 20)", "A photo step asks for 1 to 20 photos."
    )
