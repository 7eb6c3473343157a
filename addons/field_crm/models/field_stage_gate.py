from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

# Kinds whose evidence has a date: only these can be asked for again after a deal went back.
DATED_KINDS = ("attachment", "quotation", "visits", "activity")


class FieldStageGate(models.Model):
    """One thing a deal must have before it may enter or leave a stage.

    A gate does nothing until somebody switches it on. The check itself hangs on the stage of the
    deal (`crm.lead.write` and `create`), so no way into a stage goes round it.
    """

    _name = "field.stage.gate"
    _description = "Stage Condition"
    _inherit = ["mail.thread"]
    _order = "stage_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(
        "What is asked for",
        compute="_compute_name",
        store=True,
        readonly=False,
        translate=True,
        help="The sentence people read when it is missing.",
    )
    sequence = fields.Integer(default=10)
    stage_id = fields.Many2one(
        "crm.stage", required=True, index=True, ondelete="cascade", tracking=True
    )
    moment = fields.Selection(
        [("enter", "Before the deal enters the stage"), ("leave", "Before it goes on from there")],
        required=True,
        default="enter",
        tracking=True,
    )
    kind = fields.Selection(
        [
            ("field", "A field is filled in"),
            ("attachment", "A document of a category"),
            ("contact", "A contact with a role"),
            ("quotation", "A quotation"),
            ("visits", "Verified visits"),
            ("activity", "An activity done"),
            ("domain", "Own condition"),
        ],
        required=True,
        default="field",
        tracking=True,
    )
    field_id = fields.Many2one(
        "ir.model.fields",
        domain=[("model", "=", "crm.lead")],
        ondelete="cascade",
        tracking=True,
    )
    category_id = fields.Many2one(
        "field.document.category", "Document category", ondelete="restrict", tracking=True
    )
    role_id = fields.Many2one(
        "field.contact.role", "Contact role", ondelete="restrict", tracking=True
    )
    quotation_state = fields.Selection(
        [("sent", "Sent to the customer"), ("sale", "Confirmed")], default="sent", tracking=True
    )
    visit_count = fields.Integer("Visits", default=1, tracking=True)
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        "Activity",
        domain=[("res_model", "in", (False, "crm.lead"))],
        ondelete="cascade",
        tracking=True,
    )
    domain = fields.Char("Condition", default="[]", tracking=True)
    is_fresh = fields.Boolean(
        "Ask again after a step back",
        tracking=True,
        help="What was there before the deal last went back does not count any more.",
    )
    amount_from = fields.Monetary(
        "For deals from", currency_field="currency_id", help="0: for every deal.", tracking=True
    )
    team_ids = fields.Many2many(
        "crm.team", string="For sales teams", help="Empty: for every sales team."
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: for every company.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    is_on = fields.Boolean("Switched on", readonly=True, copy=False, tracking=True)
    on_since = fields.Datetime(readonly=True, copy=False)
    grace_until = fields.Date(
        "Old deals are free until",
        tracking=True,
        help="Deals that were there before the condition was switched on pass until this day.",
    )
    override_count = fields.Integer(compute="_compute_override_count")

    _visit_count_positive = models.Constraint(
        "CHECK(visit_count > 0)", "At least one visit must be asked for."
    )

    @api.depends("kind", "field_id", "category_id", "role_id", "quotation_state", "visit_count")
    @api.depends("activity_type_id")
    def _compute_name(self):
        for gate in self:
            gate.name = gate._get_default_name() or gate.name

    @api.depends("company_id")
    def _compute_currency_id(self):
        for gate in self:
            gate.currency_id = (gate.company_id or self.env.company).currency_id

    def _compute_override_count(self):
        groups = self.env["field.stage.override"]._read_group(
            [("gate_ids", "in", self.ids)], ["gate_ids"], ["__count"]
        )
        counts = {gate.id: count for gate, count in groups}
        for gate in self:
            gate.override_count = counts.get(gate.id, 0)

    def _get_default_name(self):
        env = self.env
        if self.kind == "field" and self.field_id:
            return env._("Fill in “%(name)s”", name=self.field_id.field_description)
        if self.kind == "attachment" and self.category_id:
            return env._("Attach: %(name)s", name=self.category_id.name)
        if self.kind == "contact" and self.role_id:
            return env._("Name a contact: %(name)s", name=self.role_id.name)
        if self.kind == "quotation":
            if self.quotation_state == "sale":
                return env._("A confirmed quotation")
            return env._("A quotation that was sent")
        if self.kind == "visits":
            return env._("Verified visits: %(count)s", count=self.visit_count)
        if self.kind == "activity" and self.activity_type_id:
            return env._("Done: %(name)s", name=self.activity_type_id.name)
        return ""

    @api.constrains("kind", "field_id", "category_id", "role_id", "activity_type_id", "domain")
    def _check_complete(self):
        needed = {
            "field": "field_id",
            "attachment": "category_id",
            "contact": "role_id",
            "activity": "activity_type_id",
        }
        for gate in self:
            name = needed.get(gate.kind)
            if name and not gate[name]:
                label = gate._fields[name]._description_string(self.env)
                raise ValidationError(
                    self.env._("Choose for this condition: %(name)s.", name=label)
                )
            if gate.kind == "domain":
                gate._check_domain()

    def _check_domain(self):
        try:
            self.env["crm.lead"].search_count(self._get_domain(), limit=1)
        except (ValueError, TypeError, SyntaxError, NameError, KeyError) as exc:
            raise ValidationError(
                self.env._("The condition of “%(name)s” cannot be read.", name=self.name)
            ) from exc

    @api.constrains("is_fresh", "kind")
    def _check_fresh(self):
        if any(gate.is_fresh and gate.kind not in DATED_KINDS for gate in self):
            raise ValidationError(
                self.env._("Only documents, quotations, visits and activities have a date.")
            )

    # ------------------------------------------------------------
    # On and off
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_watched(self):
        """Ids of the gates that are switched on; asked on every move of every deal."""
        return tuple(self.sudo().search([("is_on", "=", True)]).ids)

    @api.model_create_multi
    def create(self, vals_list):
        gates = super().create(vals_list)
        self.env.registry.clear_cache()
        return gates

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def action_switch_on(self):
        """Hold every move of a deal to these conditions from now on.

        :raises UserError: nothing on this system can tell whether the condition is met
        """
        self.check_access("write")
        for gate in self:
            if gate.kind == "visits" and not self.env["crm.lead"]._field_has_visits():
                raise UserError(
                    self.env._("Verified visits can be asked for once the module for visits is on.")
                )
        self.filtered(lambda gate: not gate.is_on).write(
            {"is_on": True, "on_since": fields.Datetime.now()}
        )

    def action_switch_off(self):
        """Ask for these conditions no more."""
        self.check_access("write")
        self.write({"is_on": False, "on_since": False})

    def action_trial(self):
        """Open the trial run: whom these conditions would have stopped in the last 90 days."""
        self.check_access("read")
        trial = self.env["field.stage.trial"].create({"gate_ids": [fields.Command.set(self.ids)]})
        trial.action_run()
        return trial._get_form_action()

    def action_open_overrides(self):
        """Open the moves that were made although this condition was not met."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_crm.field_stage_override_action"
        )
        action["domain"] = [("gate_ids", "in", self.ids)]
        return action
