from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.retention import KEY, RETENTION

#: What may be proposed, and whether it says who the customer is.
PROPOSED = {
    "name": True,
    "vat": True,
    "field_life": True,
    "user_id": True,
    "phone": False,
    "email": False,
    "street": False,
    "street2": False,
    "field_place_hint": False,
    "city": False,
    "zip": False,
    "field_entrance_lat": False,
    "field_entrance_lng": False,
    "field_channel_id": False,
    "visiting_hours": False,
    "contact": False,
}
# An object, not a value: no RPC context can carry it.
_JUDGED = object()


class FieldPartnerChange(models.Model):
    """What somebody at the customer's door found to be otherwise than on the card.

    What a value looks like and how it gets onto the card: ``field_partner_change_value.py``.
    """

    _name = "field.partner.change"
    _description = "Proposed change of a customer"
    _inherit = ["field.scope.mixin"]
    _order = "id desc"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    uuid = fields.Char("Name on the phone", readonly=True, copy=False)
    new_values = fields.Json(required=True, readonly=True)
    old_values = fields.Json(readonly=True)
    text = fields.Text("Change", compute="_compute_text")
    reason = fields.Char(readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Proof", copy=False)
    proof_blob = fields.Char(
        "Upload of the proof", readonly=True, copy=False, index="btree_not_null"
    )
    proof_id = fields.Many2one(
        "ir.attachment", "Photo", readonly=True, copy=False, index="btree_not_null"
    )
    proof_image = fields.Binary("Proof photo", related="proof_id.datas")
    state = fields.Selection(
        [("open", "To decide"), ("applied", "Applied"), ("refused", "Refused")],
        required=True,
        readonly=True,
        index=True,
        default="open",
    )
    answer = fields.Char(
        "Answer to the person", copy=False, help="What the person reads who proposed the change."
    )
    judged_by_id = fields.Many2one("res.users", "Decided by", readonly=True)
    judged_at = fields.Datetime("Decided on", readonly=True)

    _uuid_uniq = models.UniqueIndex(
        "(uuid) WHERE uuid IS NOT NULL", "This proposal is already known."
    )

    @api.depends("partner_id")
    def _compute_display_name(self):
        for change in self:
            change.display_name = change.partner_id.display_name

    @api.model
    def action_propose(self, partner_id, values, reason=None):
        """Say what is otherwise with a customer; applied at once where the policy allows it.

        :param dict values: ``{field: new value}`` of :data:`PROPOSED`; ``visiting_hours`` as
            ``[[weekday, from, to]]``, ``contact`` as ``{"name", "function", "phone", "email"}``
        :raises FieldRejected: bad_payload, for other fields or nothing that differs
        """
        return self._propose(partner_id, values, reason)

    @api.model
    def _propose(self, partner_id, values, reason=None, **more):
        """As :meth:`action_propose`, with the name and the photo that a phone gives it."""
        partner = self.env["res.partner"].browse(partner_id)
        partner.check_access("read")
        new = self._read_values(values)
        old = {name: self._get_current(partner, name, value) for name, value in new.items()}
        different = {name: value for name, value in new.items() if value != old[name]}
        if not different:
            raise FieldRejected("bad_payload", self.env._("That is what the card says already."))
        change = self.create(
            {
                "partner_id": partner.id,
                "new_values": different,
                "old_values": {name: old[name] for name in different},
                "reason": (reason or "").strip(),
                **more,
            }
        )
        if change._may_apply_at_once():
            change._do_apply()
        return change

    @api.model
    def _find_named(self, uuid):
        """The proposal that the current user's phone has named so, or none."""
        return self.search([("uuid", "=", uuid), ("user_id", "=", self.env.uid)])

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

    def action_refuse(self, answer=None):
        """Leave the card as it is.

        :param str answer: why, for the person who proposed it; or written on the proposal before
        """
        self._check_can_judge()
        for change in self:
            said = (answer or change.answer or "").strip()
            if not said:
                raise UserError(
                    self.env._(
                        "Tell %(name)s in a few words why the card stays as it is.",
                        name=change.user_id.sudo().name,
                    )
                )
            change._judge("refused", answer=said)
        return {"type": "ir.actions.act_window_close"}

    def action_open_refuse(self):
        """Ask for the reason, then refuse."""
        self.ensure_one()
        view = self.env.ref("field_visit.field_partner_change_view_form_refuse")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse the change"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
        }

    def _check_can_judge(self):
        if not self.env.user.has_group("field_base.field_base_group_leader"):
            raise AccessError(self.env._("A team leader decides about changes of customers."))
        self.check_access("read")
        if any(change.state != "open" for change in self):
            raise UserError(self.env._("Somebody has decided about this already."))

    def _do_apply(self):
        for change in self:
            change._put_on_card()
            change.partner_id.sudo().message_post(
                body=self.env._(
                    "Changed as %(name)s proposed: %(text)s",
                    name=change.user_id.sudo().name,
                    text=change.text,
                ),
                author_id=self.env.user.partner_id.id,
            )
        self._judge("applied")

    def _judge(self, state, **more):
        now = fields.Datetime.now()
        vals = {"state": state, "judged_by_id": self.env.uid, "judged_at": now, **more}
        self.sudo().with_context(field_change_judged=_JUDGED).write(vals)

    def write(self, vals):
        """A proposal is a record of what somebody said: only the proof may follow, and the answer
        of who decides."""
        judged = self.env.context.get("field_change_judged") is _JUDGED
        if not judged and set(vals) - {"attachment_ids", "answer"}:
            raise UserError(self.env._("A proposal cannot be changed: make a new one."))
        if not judged and "answer" in vals:
            self._check_can_judge()
        return super().write(vals)

    # ---------------------------------------------------------------- the photo

    def _take_files(self, files):
        """What was uploaded with it, for everybody who reads the proposal."""
        files.check_access("write")
        files.sudo().write({"res_model": self._name, "res_id": self.id})
        self.attachment_ids = files

    @api.model
    def _take_proofs(self, blobs):
        """Give proposals the photos that have arrived: only those of who made the proposal."""
        whole = {
            blob.uuid: blob
            for blob in blobs
            if blob.attachment_id and (blob.attachment_id.mimetype or "").startswith("image/")
        }
        if not whole:
            return
        domain = [("proof_blob", "in", list(whole)), ("proof_id", "=", False)]
        for change in self.sudo().search(domain):
            blob = whole[change.proof_blob]
            if blob.user_id == change.user_id:
                change._take_proof(blob.attachment_id)

    def _take_proof(self, file):
        """The file moves to the proposal, so that it is read by who reads the proposal."""
        file.with_context(**{KEY: RETENTION}).write({"res_model": self._name, "res_id": self.id})
        self.with_context(field_change_judged=_JUDGED).proof_id = file
