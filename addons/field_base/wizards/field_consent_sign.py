from markupsafe import Markup

from odoo import api, fields, models


class FieldConsentSign(models.TransientModel):
    """The text of one's own policy in the web client, and the place to sign it."""

    _name = "field.consent.sign"
    _description = "Sign the consent"

    text = fields.Html(compute="_compute_text")
    version = fields.Char(required=True, readonly=True, default=lambda self: self._version())
    name = fields.Char("Your name")
    signature = fields.Binary(attachment=False)

    @api.model
    def _policy(self):
        user = self.env.user
        return self.env["field.policy"]._get_for_users(user)[user.id]

    @api.model
    def _version(self):
        return self._policy()._get_consent_version()

    @api.depends("version")
    def _compute_text(self):
        user = self.env.user
        sections = self._policy()._get_consent_sections(user, user.lang)
        for wizard in self:
            wizard.text = Markup().join(_section_html(section) for section in sections)

    def action_sign(self):
        """Agree to the text that is shown."""
        self.ensure_one()
        consent = self.env["field.consent"]._sign(
            self.env.user,
            self.version,
            self.name,
            fields.Datetime.now(),
            signature=self.signature,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "field.consent",
            "res_id": consent.id,
            "views": [(False, "form")],
        }


def _section_html(section):
    lines = Markup().join(Markup("<li>%s</li>") % line for line in section["lines"])
    return Markup("<h5>%s</h5><ul>%s</ul>") % (section["title"], lines)
