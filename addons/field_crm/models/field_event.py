from datetime import date

from odoo import api, models
from odoo.exceptions import LockError

from ..tools.lead_schema import FIELDS, check
from .crm_lead_contact import RESULTS, WAYS
from .crm_lead_duplicate import LeadKnown
from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import require_payload

MAX_ID = 2**31 - 1
MAX_NOTE = 2000


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {
            "lead.claim": self.env._("Lead claimed"),
            "lead.contact": self.env._("Contact noted"),
            "lead.create": self.env._("Lead entered"),
            "lead.decide": self.env._("Request for time decided"),
            "lead.extend": self.env._("More time asked for"),
        }

    def _apply_one(self, final):
        """A visit that is over may be the follow-up a clock waits for: its countdown moves now,
        not when the clock is looked at next."""
        outcome = super()._apply_one(final)
        if self.kind == "visit.check_out" and outcome["state"] == "applied":
            # sudo: the person may not read every lead; only his own are looked at
            visit = self.env[outcome["res_model"]].sudo().browse(outcome["res_id"])
            visit.env["crm.lead"]._look_at_visit(visit)
        return outcome

    def _apply_lead_claim(self, payload):
        """Kind ``lead.claim``: ``{"lead_id": int}``. Refusals: see `crm.lead.action_claim`."""
        lead = self._read_lead(require_payload(payload, {"lead_id": int})["lead_id"])
        try:
            lead.action_claim()
        except FieldRejected as exc:
            if exc.code != "busy":
                raise
            # A phone cannot look again in a moment: the request is repeated until it is decided.
            raise LockError(exc.message) from exc
        return lead

    def _apply_lead_contact(self, payload):
        """Kind ``lead.contact``: ``{"lead_id": int, "way": str, "result": str, "note": str,
        "next_on": "YYYY-MM-DD"}``, the last two may be missing. Refusals: ``bad_payload`` and those
        of `crm.lead._log_contact`."""
        values = require_payload(
            payload, {"lead_id": int, "way": str, "result": str}, {"note": str, "next_on": str}
        )
        lead = self._read_lead(values["lead_id"])
        way, result, note = values["way"], values["result"], values["note"] or ""
        if way not in WAYS or result not in RESULTS or len(note) > MAX_NOTE:
            raise FieldRejected("bad_payload", self.env._("A part of this contact is not usable."))
        next_on = self._read_next_on(values["next_on"])
        return lead._log_contact(way, result, note, self.happened_at, next_on)

    def _apply_lead_extend(self, payload):
        """Kind ``lead.extend``: ``{"lead_id": int, "reason": str}``. Refusals: ``bad_payload``,
        ``not_yours``, ``no_more_time``."""
        values = require_payload(payload, {"lead_id": int, "reason": str})
        reason = values["reason"].strip()
        if not reason or len(reason) > MAX_NOTE:
            raise FieldRejected("bad_payload", self.env._("Say what you need the time for."))
        lead = self._read_lead(values["lead_id"])
        # sudo: a lead that went back to its pool is not his to read any more
        if lead.sudo().exists().user_id != self.env.user:
            raise FieldRejected("not_yours", self.env._("You do not hold this lead any more."))
        if message := lead._get_cannot_extend_reason():
            raise FieldRejected("no_more_time", message)
        return lead.action_ask_extension(reason)

    def _apply_lead_decide(self, payload):
        """Kind ``lead.decide``: ``{"request_id": int, "granted": bool}``, by the leader. Refusals:
        ``bad_payload``, ``not_leader``, ``decided``."""
        values = require_payload(payload, {"request_id": int, "granted": bool})
        if not 0 < values["request_id"] <= MAX_ID:
            raise FieldRejected("bad_payload", self.env._("This request does not exist."))
        request = self.env["field.lead.extension"].browse(values["request_id"]).exists()
        if not request or not request.has_access("read") or not request._may_decide():
            raise FieldRejected("not_leader", self.env._("You do not decide this request."))
        if request.state != "asked":
            who = request.sudo().decided_by_id.name or ""
            raise FieldRejected("decided", self.env._("%(user)s was first to decide.", user=who))
        if values["granted"]:
            request.action_grant()
        else:
            request.action_refuse()
        return request

    def _read_lead(self, lead_id):
        if not 0 < lead_id <= MAX_ID:
            raise FieldRejected("bad_payload", self.env._("This lead does not exist."))
        return self.env["crm.lead"].browse(lead_id)

    def _read_next_on(self, text):
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as exc:
            message = self.env._("The day of the next step is not usable.")
            raise FieldRejected("bad_payload", message) from exc

    def _apply_lead_create(self, payload):
        """Kind ``lead.create``: ``{"company" or "contact": str, "phone": …}``; his own lead.

        Refusals: ``bad_payload``, ``exists`` (the company refuses what is certainly there).
        """
        names = ("company", "contact", "position", "phone", "email", "street", "city", "note")
        optional = dict.fromkeys(names, str) | {"lat": float, "lng": float}
        values = require_payload(payload, {}, optional)
        lead = {name: value for name, value in values.items() if name in FIELDS and value}
        if check({**lead, **({"description": values["note"]} if values["note"] else {})}):
            raise FieldRejected("bad_payload", self.env._("A part of this lead is not usable."))
        try:
            return self.env["crm.lead"]._create_from_phone(values)
        except LeadKnown as exc:
            raise FieldRejected("exists", exc.args[0]) from exc
