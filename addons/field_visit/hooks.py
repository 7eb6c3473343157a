from odoo.tools import SQL

from .models.field_blob import FILES
from .wizards.field_trade_pack import MODULE
from odoo.addons.field_base.tools.retention import KEY, RETENTION

OURS = (
    "field.visit",
    "field.visit.step",
    "field.visit.photo",
    "field.visit.recording",
    "field.partner.change",
    "field.prospect.provider",
    "field.task",
)


def _forget_packs(env):
    """Records of trade packs go with their tables; what remembers them goes here."""
    marks = env["ir.model.data"].search([("module", "=", MODULE)])
    filters = marks.filtered(lambda mark: mark.model == "ir.filters").mapped("res_id")
    env["ir.filters"].browse(filters).exists().unlink()  # its table is Odoo's and stays
    marks.unlink()


def uninstall_hook(env):
    """Leave no file behind: Odoo keeps the attachments of models that go.

    What came as an upload of a phone goes back to that upload; what the form added is deleted.
    """
    _forget_packs(env)
    env = env(context={**env.context, KEY: RETENTION})  # the files are evidence, and opened here
    for model in FILES:
        env[model].flush_model()
        table = SQL.identifier(env[model]._table)
        env.cr.execute(SQL("UPDATE %s SET attachment_id = NULL", table))
        env[model].invalidate_model(["attachment_id"])
    for blob in env["field.blob"].search([("attachment_id.res_model", "=", "field.visit.step")]):
        blob.attachment_id.write({"res_model": blob._name, "res_id": blob.id})
    env["ir.attachment"].search([("res_model", "in", OURS)]).unlink()
