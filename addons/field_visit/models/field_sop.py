from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.field_base.tools.times import local_date

STEP_KINDS = [
    ("check", "Check"),
    ("note", "Note"),
    ("photo", "Photo"),
    ("audio", "Recording"),
    ("form", "Form"),
    ("stock", "Shelf and stock count"),
    ("price", "Our prices"),
    ("competitor", "Competitors"),
    ("order", "Order note"),
    ("collection", "Collection"),
    ("document", "Document"),
    ("signature", "Signature"),
    ("selfie", "Selfie"),
    ("code", "Code of the customer"),
    ("word", "Word of the customer"),
    ("storefront", "Storefront"),
    ("face", "Face match"),
]


#: What an earlier step must have become for a later one to be required.
IF_STATES = [("done", "Done"), ("cannot", "Not possible"), ("gap", "Done, with gaps on the shelf")]


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
    version = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        help="Grows with each change of the steps; visits keep the version they began with.",
    )

    def _compute_step_count(self):
        counts = dict(
            self.env["field.sop.step"]._read_group(
                [("sop_id", "in", self.ids)], ["sop_id"], ["__count"]
            )
        )
        for sop in self:
            sop.step_count = counts.get(sop._origin, 0)

    def _changed(self):
        """The steps are not those they were: the next visit begins with a new version."""
        for sop in self.exists():
            sop.version += 1

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
    kind = fields.Selection(
        STEP_KINDS,
        required=True,
        default="check",
        help="A recording is asked for only where the policy allows recordings of talks.",
    )
    instruction = fields.Char(translate=True, help="One sentence the representative reads.")
    required = fields.Boolean(default=True)
    min_photos = fields.Integer("Photos needed", default=1)

    form_id = fields.Many2one("field.form", index="btree_not_null", ondelete="restrict")
    required_when = fields.Selection(
        [
            ("always", "At each visit"),
            ("month", "At the first visit of a month"),
            ("if", "Only after a certain answer"),
        ],
        "How often",
        required=True,
        default="always",
    )
    if_step_id = fields.Many2one(
        "field.sop.step",
        "After the step",
        domain="[('sop_id', '=', sop_id)]",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    if_key = fields.Char("Key of the earlier step", related="if_step_id.key")
    if_state = fields.Selection(IF_STATES, "Was", default="done")
    grade_ids = fields.Many2many(
        "field.grade",
        string="Only at grades",
        help="Customers of other grades are not asked for this step; empty for all.",
    )
    channel_ids = fields.Many2many(
        "field.channel",
        string="Only in channels",
        help="Customers of other channels are not asked for this step; empty for all.",
    )
    is_restricted = fields.Boolean(
        compute="_compute_is_restricted", store=True, help="Not asked of every customer."
    )

    _key_uniq = models.UniqueIndex("(sop_id, key)", "Each step of a procedure has its own key.")
    _min_photos_positive = models.Constraint(
        "CHECK(min_photos BETWEEN 1 AND 20)", "A photo step asks for 1 to 20 photos."
    )

    @api.depends("grade_ids", "channel_ids")
    def _compute_is_restricted(self):
        """Kept on the step: a check-in looks at grades and channels only where there are any."""
        for step in self:
            step.is_restricted = bool(step.grade_ids or step.channel_ids)

    @api.constrains("kind", "form_id")
    def _check_form(self):
        for step in self:
            if step.kind == "form" and not step.form_id:
                raise ValidationError(
                    self.env._("Step “%(step)s”: which form is it?", step=step.name)
                )

    @api.constrains("kind", "required")
    def _check_face_is_a_choice(self):
        """Nobody has to have his face compared: there is always another way."""
        for step in self:
            if step.kind == "face" and step.required:
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s”: a face match can never be required. Make it optional, "
                        "and let the policy ask for proofs that can be given in other ways too.",
                        step=step.name,
                    )
                )

    @api.constrains("required_when", "if_step_id", "sop_id", "sequence")
    def _check_condition(self):
        for step in self.filtered(lambda step: step.required_when == "if"):
            other = step.if_step_id
            above = other and (other.sequence, other.id) < (step.sequence, step.id)
            if other.sop_id != step.sop_id or not above:
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s” can only depend on a step that stands above it.",
                        step=step.name,
                    )
                )

    def _for_visit(self, visit):
        """The steps that are asked at that visit's customer."""
        partner = visit.partner_id.sudo()
        return self.filtered(lambda step: not step.is_restricted or step._concerns(partner))

    def _concerns(self, partner):
        grades, channels = self.grade_ids, self.channel_ids
        return (not grades or partner.field_grade_id in grades) and (
            not channels or partner.field_channel_id in channels
        )

    def _prepare_copies(self, visit):
        """Values of the visit's own steps; what is asked once a month is optional after that."""
        asked = self._get_asked_this_month(visit)
        return [step._prepare_copy(visit, step.key not in asked) for step in self]

    def _prepare_copy(self, visit, is_due):
        self.ensure_one()
        return {
            "visit_id": visit.id,
            "sop_step_id": self.id,
            "key": self.key,
            "name": self.name,
            "instruction": self.instruction,
            "sequence": self.sequence,
            "kind": self.kind,
            "required": self.required and is_due,
            "min_photos": self.min_photos,
            **self._prepare_condition(),
            "form_version_id": self.form_id._get_version().id if self.form_id else False,
        }

    def _prepare_condition(self):
        if self.required_when != "if":
            return {}
        return {"if_key": self.if_step_id.key, "if_state": self.if_state or "done"}

    def _get_asked_this_month(self, visit):
        """Keys of the monthly steps that were done at this customer in the visit's month."""
        monthly = self.filtered(lambda step: step.required_when == "month")
        if not monthly:
            return set()
        day = local_date(visit.check_in_at, visit._get_tz())
        done = (
            self.env["field.visit.step"]
            .sudo()
            .search(
                [
                    ("sop_step_id", "in", monthly.ids),
                    ("visit_id.partner_id", "=", visit.partner_id.id),
                    ("visit_id.plan_date", ">=", day.replace(day=1)),
                    ("visit_id.plan_date", "<=", day),
                    ("state", "=", "done"),
                ]
            )
        )
        return set(done.mapped("key"))

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.sop_id._changed()
        return steps

    def write(self, vals):
        result = super().write(vals)
        self.sop_id._changed()
        return result

    def unlink(self):
        procedures = self.sop_id
        result = super().unlink()
        procedures._changed()
        return result
