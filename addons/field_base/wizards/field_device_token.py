import base64

from odoo import api, fields, models


class FieldDeviceToken(models.TransientModel):
    """Shows a new token once. Nothing of it is stored: the fields live in the open form only."""

    _name = "field.device.token"
    _description = "New device token"

    device_name = fields.Char(store=False, readonly=True)
    kind = fields.Selection(
        [("app", "Field app"), ("tracker", "Tracker app")], store=False, readonly=True
    )
    token = fields.Char(store=False, readonly=True)
    tracker_url = fields.Char("Tracker address", store=False, readonly=True)
    qr_code = fields.Binary("QR code", compute="_compute_qr_code")

    @api.depends("tracker_url")
    def _compute_qr_code(self):
        for wizard in self:
            wizard.qr_code = wizard.tracker_url and base64.b64encode(
                self.env["ir.actions.report"].barcode(
                    "QR", wizard.tracker_url, width=280, height=280
                )
            )
