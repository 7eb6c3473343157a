from odoo import api, fields, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# First contact to contract: the names and weights a company may start from and change.
STANDARD_STAGES = (
    (_lt("First contact"), 20),
    (_lt("Needs confirmed"), 40),
    (_lt("Proposal and quote"), 60),
    (_lt("Negotiation"), 80),
    (_lt("Contract signed"), 100),
)


class CrmStage(models.Model):
    _inherit = "crm.stage"

    field_weight = fields.Float(
        "Weight (%)",
        compute="_compute_field_weight",
        store=True,
        readonly=False,
        aggregator=None,
        help="How much of a deal in this stage the forecast counts. Set by you, beside the "
        "probability that Odoo learns from deals won and lost.",
    )
    field_gate_ids = fields.One2many("field.stage.gate", "stage_id", "Conditions")
    field_silent_days = fields.Integer(
        "Days without contact",
        help="A deal in this stage that had no verified contact with the customer for so many days "
        "is stalled. 0: contacts are not watched.",
    )

    _field_weight_range = models.Constraint(
        "CHECK(field_weight BETWEEN 0 AND 100)", "The weight of a stage is between 0 and 100 %."
    )
    _field_silent_days_positive = models.Constraint(
        "CHECK(field_silent_days >= 0)", "The days without contact cannot be negative."
    )

    @api.depends("is_won")
    def _compute_field_weight(self):
        for stage in self:
            stage.field_weight = 100 if stage.is_won else stage.field_weight

    @api.model
    def _field_spread_weights(self):
        """Give stages that have no weight one by their place: the k-th of n open stages gets
        k / (n + 1), so that four open stages weigh 20, 40, 60 and 80 %."""
        stages = self.search([("is_won", "=", False)])
        for place, stage in enumerate(stages, start=1):
            if not stage.field_weight:
                stage.field_weight = round(100 * place / (len(stages) + 1))

    @api.model
    def action_field_standard_stages(self):
        """Set up the five standard stages (20, 40, 60, 80, 100 %).

        The stages that are there are renamed in their order, missing ones are added; deals stay
        where they are. Stages beyond the fifth keep their name and weight.

        :return: the list of stages
        :raises AccessError: the user may not change stages
        """
        self.browse().check_access("create")
        shared = self.search([("team_ids", "=", False)])
        open_stages, won = shared.filtered(lambda s: not s.is_won), shared.filtered("is_won")[:1]
        for place, (name, weight) in enumerate(STANDARD_STAGES[:-1]):
            vals = {"field_weight": weight, "sequence": place + 1}
            stage = open_stages[place : place + 1]
            if stage:
                stage.write(vals)
            else:
                stage = self.create({**vals, "name": str(name)})
            stage._field_translate_name(name)
        name, weight = STANDARD_STAGES[-1]
        won = won or self.create({"name": str(name), "is_won": True, "sequence": 70})
        won._field_translate_name(name)
        return self.env["ir.actions.act_window"]._for_xml_id("crm.crm_stage_action")

    def _field_translate_name(self, name):
        for code, _lang_name in self.env["res.lang"].get_installed():
            self.with_context(lang=code).name = name._translate(code)
