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
