from dataclasses import dataclass, field
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

UNDO_DAYS = 14
CUSTOMER = _lt("Customer")
DEVICE = _lt("Device")


@dataclass
class HandoverModel:
    """What of a person passes to others: records of a model, by the field that names him."""

    model: str
    title: object
    domain: list = field(default_factory=list)
    values: dict = field(default_factory=dict)  # written beside the one who stands in, see below
    field: str = "user_id"
    partner: str = ""  # field with the customer: such a record follows its customer
    order: str = "id"  # neighbours in this order go to the same person
    revoke: bool = False  # nobody takes it over, it is only taken from him
    about: bool = False  # hangs on any record (res_model, res_id) and passes with it, after it
    stand_in: str = ""  # the record stays his; this field names who does it for the time


class FieldHandover(models.Model):
    """Somebody leaves or is away: what is his passes to others, shown first, taken back if wrong.

    ``user_id`` is the person who hands over.
    """

    _name = "field.handover"
    _description = "Handover"
    _inherit = ["field.scope.mixin"]
    _order = "id desc"

    user_id = fields.Many2one(string="Hands over", default=False)
    reason = fields.Selection(
        [("leaves", "Leaves"), ("away", "Is away for some time")], required=True, default="leaves"
    )
    date_from = fields.Date("From day", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Until", help="Last day of the absence.")
    receiver_ids = fields.Many2many(
        "res.users",
        string="Receivers",
        check_company=True,
        help="Several share the customers.",
    )
    note = fields.Text("Note to the receivers")
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Handed over"), ("undone", "Taken back")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    line_ids = fields.One2many("field.handover.line", "handover_id", "What passes")
    line_count = fields.Integer("Records", compute="_compute_line_count")
    done_at = fields.Datetime("Handed over at", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", "Handed over by", readonly=True, copy=False)
    undo_until = fields.Datetime("Can be taken back until", compute="_compute_undo_until")
    can_undo = fields.Boolean(compute="_compute_undo_until")

    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "An absence cannot end before it begins."
    )

    @api.depends("user_id", "date_from")
    def _compute_display_name(self):
        for handover in self:
            date = fields.Date.to_string(handover.date_from) or ""
            handover.display_name = f"{handover.user_id.sudo().name or ''} {date}".strip()

    def _compute_line_count(self):
        groups = self.env["field.handover.line"]._read_group(
            [("handover_id", "in", self.ids)], ["handover_id"], ["__count"]
        )
        counts = {handover.id: count for handover, count in groups}
        for handover in self:
            handover.line_count = counts.get(handover.id, 0)

    @api.depends("done_at", "state")
    def _compute_undo_until(self):
        now = fields.Datetime.now()
        for handover in self:
            until = handover.done_at and handover.done_at + timedelta(days=UNDO_DAYS)
            handover.undo_until = until
            handover.can_undo = handover.state == "done" and bool(until) and now <= until

    # --- hook ----------------------------------------------------------------------------------

    def _handover_models(self):
        """Hook: ``{code: HandoverModel}`` of what passes on; modules add theirs.

        Somebody who is away keeps his customers and devices.
        """
        if self.reason == "away":
            return {}
        return {
            "customers": HandoverModel("res.partner", CUSTOMER, order="zip, city, id"),
            "devices": HandoverModel(
                "field.device", DEVICE, [("state", "=", "active")], revoke=True
            ),
        }

    # --- rights --------------------------------------------------------------------------------

    def _check_can_hand_over(self):
        """A leader hands over among his own people; what he may do to them he may do here.

        :raises AccessError: for a person he does not lead, by the record rules
        :raises UserError: receivers are missing or not his
        """
        self.ensure_one()
        self.check_access("write")
        receivers = self.receiver_ids | self.line_ids.to_user_id
        if not receivers:
            raise UserError(self.env._("Choose who takes over."))
        if self.user_id in receivers:
            raise UserError(self.env._("Nobody takes over from himself."))
        user = self.env.user
        if self.env.su or user.has_group("field_base.field_base_group_admin"):
            return
        strangers = receivers - user - user._field_subordinates()
        if strangers:
            names = ", ".join(strangers.sudo().mapped("name"))
            raise UserError(self.env._("You do not lead %(names)s.", names=names))

    # --- steps ---------------------------------------------------------------------------------

    def action_preview(self):
        """List what would pass, and to whom; nothing moves."""
        self._check_can_hand_over()
        self._check_state("draft")
        self.sudo().line_ids.unlink()
        receiver_of = {}
        for code, spec in sorted(self._handover_models().items(), key=lambda x: x[1].about):
            records = self._find_records(spec)
            owners = self._distribute(spec, records, receiver_of)
            self.env["field.handover.line"].sudo().create(
                [
                    self._prepare_line(code, spec, record, owners[record.id])
                    for record in records
                    if record.id in owners
                ]
            )
        return True

    def _find_records(self, spec):
        Model = self.env[spec.model].sudo()
        domain = Domain(spec.domain) & Domain(spec.field, "=", self.user_id.id)
        if "company_id" in Model._fields:
            domain &= Domain("company_id", "in", (False, self.company_id.id))
        return Model.search(domain, order=spec.order)

    def _distribute(self, spec, records, receiver_of):
        """``{record.id: user id or False}``: with its customer where that passes as well, else in
        even runs of neighbours.

        :param dict receiver_of: ``{(model, id): user id}`` of what passes so far
        :returns: without those that nobody can take over
        """
        if spec.revoke:
            return dict.fromkeys(records.ids, False)
        turns = self._get_turns(spec, records)
        owners = {}
        for record in records:
            if owner := self._get_receiver(spec, record, receiver_of, turns[record.id]):
                owners[record.id] = receiver_of[spec.model, record.id] = owner
        return owners

    def _get_turns(self, spec, records):
        """``{record.id: user id}``: even runs of neighbours."""
        receivers = self.receiver_ids.sorted("id").ids
        return {
            record.id: receivers[place * len(receivers) // len(records)]
            for place, record in enumerate(records)
        }

    def _get_receiver(self, spec, record, receiver_of, turn):
        """Who gets this record, ``turn`` being the one whose turn it is."""
        if spec.about:
            return self._get_receiver_about(record, receiver_of, turn)
        partner = spec.partner and record[spec.partner]
        return (bool(partner) and receiver_of.get(("res.partner", partner.id))) or turn

    def _prepare_line(self, code, spec, record, owner_id):
        return {
            "handover_id": self.id,
            "code": code,
            "res_model": spec.model,
            "res_id": record.id,
            "record_name": record.display_name,
            "to_user_id": owner_id,
        }

    def action_confirm(self):
        """Move what the preview lists, and tell the receivers. Can be taken back for 14 days."""
        self._check_can_hand_over()
        self._check_state("draft")
        if not self.line_ids:
            self.action_preview()
        specs = self._handover_models()
        lines = self.line_ids.sudo()
        lines.filtered("skip").state = "kept"
        for (code, owner), group in (
            lines.filtered(lambda x: not x.skip).grouped(lambda x: (x.code, x.to_user_id)).items()
        ):
            group._move(specs.get(code), self.user_id, owner)
        self.sudo().write(
            {"state": "done", "done_at": fields.Datetime.now(), "done_by_id": self.env.uid}
        )
        lines._post_notes()
        self._tell_receivers()
        self._tell_customers()
        return True

    def action_undo(self):
        """Give everything back that is still with whom it was given to.

        :raises UserError: after 14 days
        """
        self.ensure_one()
        self.check_access("write")
        if not self.can_undo:
            raise UserError(
                self.env._("A handover can be taken back for %(days)s days.", days=UNDO_DAYS)
            )
        specs = self._handover_models()
        moved = self.line_ids.sudo().filtered(lambda line: line.state == "moved")
        for (code, owner), group in moved.grouped(lambda x: (x.code, x.to_user_id)).items():
            group._move_back(specs.get(code), owner, self.user_id)
        self.sudo().state = "undone"
        return True

    def _check_state(self, state):
        if self.state != state:
            raise UserError(self.env._("This handover is already done."))

    def _tell_receivers(self):
        """One message to each receiver: what he has now, and the note."""
        moved = self.line_ids.sudo().filtered(lambda line: line.state == "moved")
        for user, lines in moved.grouped("to_user_id").items():
            if not user:
                continue
            here = self.with_context(lang=user.lang)
            body = here.env._(
                "%(count)s records of %(name)s are yours now. %(note)s",
                count=len(lines),
                name=self.user_id.sudo().name,
                note=self.note or "",
            )
            body = lines._add_notes(body)
            subject = here.env._("Handover from %(name)s", name=self.user_id.sudo().name)
            self.env["field.notice"]._notify("handover", user, subject, body)


class FieldHandoverLine(models.Model):
    """One record of a handover: the preview before it, the log after it."""

    _name = "field.handover.line"
    _description = "Record of a handover"
    _order = "handover_id desc, id"

    handover_id = fields.Many2one(
        "field.handover", required=True, index=True, ondelete="cascade", readonly=True
    )
    user_id = fields.Many2one(related="handover_id.user_id", store=True)
    company_id = fields.Many2one(related="handover_id.company_id", store=True)
    code = fields.Char(required=True, readonly=True)
    title = fields.Char("Kind", compute="_compute_title")
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char("What", readonly=True)
    to_user_id = fields.Many2one("res.users", "Passes to")
    skip = fields.Boolean("Stays")
    note = fields.Char(help="What the receiver has to know of this customer; it stays with him.")
    state = fields.Selection(
        [
            ("planned", "To do"),
            ("moved", "Passed on"),
            ("revoked", "Taken away"),
            ("kept", "Left as it was"),
            ("undone", "Given back"),
            ("changed", "Changed meanwhile"),
        ],
        required=True,
        readonly=True,
        default="planned",
    )

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_title(self):
        for handover, lines in self.grouped("handover_id").items():
            specs = handover._handover_models()
            for line in lines:
                spec = specs.get(line.code)
                line.title = spec.title._translate(self.env.lang or "en_US") if spec else line.code

    def write(self, vals):
        """People choose who gets a line and what stays; the rest is the log."""
        if not self.env.su:
            if vals.keys() - self._get_choices():
                raise UserError(self.env._("The log of a handover is kept as it is."))
            for handover in self.handover_id:
                handover._check_state("draft")
        return super().write(vals)

    @api.model
    def _get_choices(self):
        """Hook: what people may write before the handover."""
        return {"to_user_id", "skip", "note"}

    def _still_with(self, spec, user, named=""):
        """The records of these lines that exist, are registered and belong to the person.

        :param str named: the field that names him, the model's own without it
        """
        if not spec:
            return self.env["res.users"].browse()
        # the receivers get one message for all of it, not one for each record
        quiet = (
            self.env[spec.model]
            .sudo()
            .with_context(mail_auto_subscribe_no_notify=True, mail_activity_quick_update=True)
        )
        records = quiet.browse(self.mapped("res_id")).exists()
        # what was done meanwhile stays with who did it
        records = records.filtered_domain(spec.domain)
        return records.filtered(lambda record: user <= record[named or spec.field])

    def _move(self, spec, giver, owner):
        records = passed = self._still_with(spec, giver)
        if spec and spec.revoke:
            records.action_revoke()
        elif records and spec.stand_in:
            records.write({spec.stand_in: owner.id, **spec.values})
        elif records:
            passed = self._pass_on(spec, records, giver, owner)
        done = "revoked" if spec and spec.revoke else "moved"
        for line in self:
            kept = "kept" if line.res_id in records._ids else "changed"
            line.state = done if line.res_id in passed._ids else kept

    def _move_back(self, spec, owner, giver):
        records = self._still_with(spec, owner, spec.stand_in if spec else "")
        if records and spec.stand_in:
            records.write({spec.stand_in: False, **dict.fromkeys(spec.values, False)})
        elif records:
            records = self._pass_on(spec, records, owner, giver)
        for line in self:
            line.state = "undone" if line.res_id in records._ids else "changed"

    def _pass_on(self, spec, records, giver, owner):
        """A module whose records need more than a new name has a ``_pass_<code>`` for them.

        :returns: the records that have passed; the others stay as they are
        """
        own = getattr(self, f"_pass_{self[:1].code}", None)
        if own:
            return own(records, giver, owner)
        records.write({spec.field: owner.id})
        return records

    # --- notes ---------------------------------------------------------------------------------

    def _get_noted(self):
        return self.filtered(lambda line: line.note and line.state == "moved")

    def _post_notes(self):
        """What is to be known of a customer stays with him, for whoever comes after."""
        for line in self._get_noted():
            record = self.env[line.res_model].browse(line.res_id).exists()
            if isinstance(record, self.pool["mail.thread"]):
                record.message_post(body=line.note)

    def _add_notes(self, body):
        """The message to a receiver with the notes of what is his now."""
        row = Markup("<li>%s: %s</li>")
        rows = [row % (line.record_name, line.note) for line in self._get_noted()]
        if not rows:
            return body
        return Markup("<p>%s</p><ul>%s</ul>") % (body, Markup("").join(rows))

    def action_open(self):
        """Open the record."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
