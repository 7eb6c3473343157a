"""Why a visit was missed, told by who missed it: on the phone as on the desk."""

from odoo import api, models

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import require_payload


class FieldVisit(models.Model):
    _inherit = "field.visit"

    def _do_explain_missed(self, reason=None, reason_id=None):
        """Keep the reason with the visit; the list of reasons is what leaders count.

        :param str reason: more about it in own words
        :param int reason_id: of field.visit.reason
        :raise FieldRejected: wrong_state, reason_required
        """
        self.ensure_one()
        if self.state != "missed":
            raise FieldRejected("wrong_state", self.env._("This visit was not missed."))
        chosen = self._get_reason(reason_id)
        why = (reason or chosen.name or "").strip()
        if not why:
            raise FieldRejected(
                "reason_required", self.env._("Tell in a few words why the visit was missed.")
            )
        if chosen and self.reason_id == chosen:
            return self
        self._with_evidence().reason_id = chosen
        self.message_post(body=self.env._("Missed because: %(reason)s", reason=why))
        return self


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        kinds = {"visit.missed_reason": self.env._("Reason of a missed visit told")}
        return super()._get_kind_names() | kinds

    def _apply_visit_missed_reason(self, payload):
        """visit.missed_reason {visit_id, reason|reason_id}"""
        values = require_payload(payload, {"visit_id": int}, {"reason": str, "reason_id": int})
        visit = self._browse_own_visit(values["visit_id"])
        return visit._do_explain_missed(values["reason"], values["reason_id"])
