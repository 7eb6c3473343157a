"""The code that hangs at a customer's shop: printed here, scanned there."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import codes

_MOST_LABELS = 500


class ResPartner(models.Model):
    _inherit = "res.partner"

    field_code_issue = fields.Integer(
        "Issue of the code",
        copy=False,
        readonly=True,
        groups="field_base.field_base_group_leader,field_base.field_base_group_auditor",
        help="A new issue makes the labels that were printed before worthless.",
    )

    def _field_code_secret(self):
        return self.env["ir.config_parameter"].sudo().get_param("database.secret")

    def _get_field_code(self):
        """The text of the customer's code."""
        self.ensure_one()
        return codes.make(self._field_code_secret(), self.id, self.sudo().field_code_issue or 1)

    @api.model
    def _find_by_field_code(self, text):
        """The customer of a genuine, valid code, as far as the reader may see him.

        :returns: res.partner, maybe empty
        """
        found = codes.read(self._field_code_secret(), text)
        if not found:
            return self.browse()
        partner = self.search([("id", "=", found[0])])
        return partner if (partner.sudo().field_code_issue or 1) == found[1] else self.browse()

    def _check_can_handle_codes(self):
        """:raise AccessError: who visits the customer does not print what proves it"""
        if not self.env.user.has_group("field_base.field_base_group_leader"):
            raise AccessError(self.env._("Codes of customers are printed by leaders."))
        self.check_access("read")

    def action_print_field_labels(self):
        """Labels with the codes of these customers, as PDF.

        :raises AccessError: for those who lead nobody
        """
        self._check_can_handle_codes()
        if len(self) > _MOST_LABELS:
            raise UserError(
                self.env._("Print at most %(count)s labels at once.", count=_MOST_LABELS)
            )
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/field/customer-labels.pdf?ids={ids}",
            "target": "new",
        }

    def action_write_field_tag(self):
        """Write the customer's code to an NFC tag, in a browser that can.

        :raises AccessError: for those who lead nobody
        """
        self.ensure_one()
        self._check_can_handle_codes()
        return {
            "type": "ir.actions.client",
            "tag": "field_visit.write_tag",
            "name": self.env._("Write an NFC tag"),
            "target": "new",
            "params": {"name": self.display_name, "code": self._get_field_code()},
        }

    def action_renew_field_code(self):
        """Make the labels that were printed before worthless, when one was copied.

        :raises AccessError: for those who lead nobody
        """
        self._check_can_handle_codes()
        for partner in self.sudo():
            partner.field_code_issue = (partner.field_code_issue or 1) + 1
        return True
