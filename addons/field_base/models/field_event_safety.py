from odoo import api, models

from ..tools.payload import require_payload


class FieldEvent(models.Model):
    """A call for help, and the word that everything is all right."""

    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {
            "safety.sos": self.env._("Called for help"),
            "safety.ok": self.env._("Said that all is well"),
        }

    def _apply_safety_sos(self, payload):
        """safety.sos {position?, note?}"""
        values = require_payload(payload, {}, {"position": dict, "note": str})
        return self.env["field.alarm"]._call(
            self.user_id,
            self.happened_at,
            values["position"],
            note=(values["note"] or "").strip()[:500],
            uuid=self.uuid,
        )

    def _apply_safety_ok(self, payload):
        """safety.ok {}: whatever was asked or called before is settled"""
        require_payload(payload, {})
        return self.env["field.alarm"]._all_right(self.user_id, self.happened_at)
