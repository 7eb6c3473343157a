from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.field_base.tools.errors import FieldRejected

#: What may be proposed, and whether it says who the customer is.
PROPOSED = {
    "name": True,
    "vat": True,
    "field_life": True,
    "phone": False,
    "email": False,
    "street": False,
    "street2": False,
    "city": False,
    "zip": False,
    "field_entrance_lat": False,
    "field_entrance_lng": False,
}
# An object, not a value: no RPC context can carry it.
_JUDGED = object()


class FieldPartnerChange(models.Model):
    """What somebody at the customer's door found to be otherwise than on the card."""

    _name = "field.partner.change"
    _description = "Proposed change of a customer"
    _inherit = ["field.scope.mixin"]
    _order = "id desc"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    new_values = fields.Json(required=True, readonly=True)
    old_values = fields.Json(readonly=True)
    text = fields.Text("Change", compute="_compute_text")
    reason = fields.Char(readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Proof", copy=False)
    state = fields.Selection(
        [("open", "To decide"), ("applied", "Applied"), ("refused", "Refused")],
        required=True,
        readonly=True,
        index=True,
        default="open",
    )
    judged_by_id = fields.Many2one("res.users", "Decided by", readonly=True)
    judged_at = fields.Datetime("Decided on", readonly=True)

    @api.depends("new_values", "old_values")
    def _compute_text(self):
        labels = self.env["res.partner"].sudo().fields_get(list(PROPOSED), ["string", "selection"])
        for change in self:
            lines = []
            for name, value in (change.new_values or {}).items():
                words = dict(labels[name].get("selection") or [])
                old = (change.old_values or {}).get(name)
                old, value = (words.get(one, one) or "–" for one in (old, value))
                lines.append(f"{labels[name]['string']}: {old} → {value}")
            change.text = "\n".join(lines)

    @api.depends("partner_id")
    def _compute_display_name(self):
        for change in self:
            change.display_name = change.partner_id.display_name

    @api.model
    def action_propose(self, partner_id, values, reason=None):
        """Say what is otherwise with a customer; applied at once where the policy allows it.

        :param dict values: ``{field: new value}`` of :data:`PROPOSED`
        :raises FieldRejected: bad_payload, for other fields or nothing that differs
        """
        partner = self.env["res.partner"].browse(partner_id)
        partner.check_access("read")
        if not values or not set(values) <= set(PROPOSED):
            raise FieldRejected(
                "bad_payload", self.env._("Of a customer only the card can be proposed to change.")
            )
        self._check_values(values)
        old = {name: partner.sudo()[name] for name in values}
        different = {name: value for name, value in values.items() if value != old[name]}
        if not different:
            raise FieldRejected("bad_payload", self.env._("That is what the card says already."))
        change = self.create(
            {
                "partner_id": partner.id,
                "new_values": different,
                "old_values": {name: old[name] for name in different},
                "reason": (reason or "").strip(),
            }
        )
        if change._may_apply_at_once():
            change._do_apply()
        return change

    def _check_values(self, values):
        for name, value in values.items():
            field = self.env["res.partner"]._fields[name]
            good = isinstance(value, (int, float) if field.type == "float" else (str, bool))
            if field.type == "selection":
                good = value == "closed"  # all else follows the data
            if not good or (name == "name" and not value):
                raise FieldRejected(
                    "bad_payload", self.env._("“%(field)s” cannot be that.", field=name)
                )

    def _may_apply_at_once(self):
        self.ensure_one()
        policy = self.env["field.policy"].sudo().with_company(self.company_id)
        rule = policy._get_for_users(self.user_id)[self.user_id.id].customer_change
        identity = any(PROPOSED[name] for name in self.new_values)
        return rule == "none" or (rule == "identity" and not identity)

    def action_apply(self):
        """Change the card."""
        self._check_can_judge()
        self._do_apply()
        return True

    def action_refuse(self):
        """Leave the card as it is."""
        self._check_can_judge()
        self._judge("refused")
        return True

    def _check_can_judge(self):
        if not self.env.user.has_group("field_base.field_base_group_leader"):
            raise AccessError(self.env._("A team leader decides about changes of customers."))
        self.check_access("read")
        if any(change.state != "open" for change in self):
            raise UserError(self.env._("Somebody has decided about this already."))

    def _do_apply(self):
        for change in self:
            change.partner_id.sudo().write(dict(change.new_values))
            change.partner_id.sudo().message_post(
                body=self.env._(
                    "Changed as %(name)s proposed: %(text)s",
                    name=change.user_id.sudo().name,
                    text=change.text,
                ),
                author_id=self.env.user.partner_id.id,
            )
        self._judge("applied")

    def _judge(self, state):
        vals = {"state": state, "judged_by_id": self.env.uid, "judged_at": fields.Datetime.now()}
        self.sudo().with_context(field_change_judged=_JUDGED).write(vals)

    def write(self, vals):
        """A proposal is a record of what somebody said: only the proof may follow."""
        judged = self.env.context.get("field_change_judged") is _JUDGED
        if not judged and set(vals) - {"attachment_ids"}:
            raise UserError(self.env._("A proposal cannot be changed: make a new one."))
        return super().write(vals)
