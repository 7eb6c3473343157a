"""How a stage gate says no: a sentence for everybody, the parts for the web client."""

from odoo.exceptions import UserError


class StageGateError(UserError):
    """A deal may not enter a stage yet.

    :param str message: what is missing, deal by deal, in the user's language
    :param dict missing: the same for a screen, see `crm.lead._prepare_gate_report`
    """

    def __init__(self, message, missing):
        super().__init__(message)
        self.missing = missing
        self.context = {"field_gate": missing}
