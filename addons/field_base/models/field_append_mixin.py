from odoo import api, models
from odoo.exceptions import UserError

# An object, not a value: no RPC context can carry it, so only code of ours opens the door.
_OPEN = object()


class FieldAppendMixin(models.AbstractModel):
    """Rows that prove something: written once, changed and erased by nobody.

    Refused on every path, superuser included; only the model's own methods (a withdrawal, the
    retention of what is due) go through :meth:`_opened`.
    """

    _name = "field.append.mixin"
    _description = "Rows that are only ever added"

    def _opened(self):
        """These rows for code that may change or erase them, with a reason of its own."""
        return self.with_context(field_append_open=_OPEN)

    def write(self, vals):
        self.check_access("write")
        if self and self.env.context.get("field_append_open") is not _OPEN:
            raise UserError(self.env._("This record is a proof and cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_by_retention(self):
        if self.env.context.get("field_append_open") is not _OPEN:
            raise UserError(self.env._("This record is a proof and cannot be deleted."))
