import base64

from odoo import api, fields, models

from ..tools import provision


class FieldDeviceToken(models.TransientModel):
    """The tracker's address as a code and a link that set up the app in one step."""

    _inherit = "field.device.token"

    kind = fields.Selection(selection_add=[("gateway", "Traccar server"), ("sensor", "Sensor")])
    device_id = fields.Many2one("field.device", store=False, readonly=True)
    setup_app = fields.Selection(
        [
            ("traccar", "Traccar Client"),
            ("owntracks", "OwnTracks"),
            ("overland", "Overland"),
            ("other", "Another app"),
        ],
        "App",
        store=False,
        default="traccar",
    )
    setup_code = fields.Char("Code", compute="_compute_setup")
    setup_link = fields.Char("Link for the phone itself", compute="_compute_setup")
    setup_address = fields.Char("Address", compute="_compute_setup")
    is_unreachable = fields.Boolean(compute="_compute_setup")

    @api.depends("tracker_url", "setup_app", "kind")
    def _compute_setup(self):
        for wizard in self:
            url = wizard.tracker_url or ""
            app = wizard.setup_app if wizard.kind == "tracker" else "other"
            wizard.setup_address = wizard._get_setup_address(url, app)
            wizard.setup_code, wizard.setup_link = wizard._get_setup(url, app)
            wizard.is_unreachable = bool(url) and not provision.is_public_address(url)

    def _get_setup_address(self, url, app):
        if self.kind in ("gateway", "sensor"):
            return f"{url}/{'traccar' if self.kind == 'gateway' else 'sensor'}"
        return f"{url}/{app}" if app in ("owntracks", "overland") else url

    def _get_setup(self, url, app):
        """(what the code says, link that opens the app or nothing)"""
        device = self.device_id
        name = f"field-{device.id}"
        if app == "traccar":
            return provision.traccar_code(url, name), provision.traccar_link(url, name)
        if app == "owntracks":
            initials = "".join(word[:1] for word in (device.user_id.name or "?").split())
            secret = device.sudo().tracker_secret
            link = provision.owntracks_link(url, name, initials or "?", secret)
            return link, link
        if app == "overland":
            return self.setup_address, f"overland://setup?url={self.setup_address}"
        return self.setup_address, False

    @api.depends("setup_code")
    def _compute_qr_code(self):
        """Larger than the plain address needs: a whole configuration has many more dots."""
        barcode = self.env["ir.actions.report"].barcode
        for wizard in self:
            code = wizard.tracker_url and wizard.setup_code
            wizard.qr_code = code and base64.b64encode(barcode("QR", code, width=420, height=420))
