def uninstall_hook(env):
    """Leave no file behind: Odoo keeps the attachments of models that go.

    What came as an upload of a phone goes back to that upload; what the form added is deleted.
    """
    env["field.visit.photo"].flush_model()
    env.cr.execute("UPDATE field_visit_photo SET attachment_id = NULL")
    env["field.visit.photo"].invalidate_model(["attachment_id"])
    for blob in env["field.blob"].search([("attachment_id.res_model", "=", "field.visit.step")]):
        blob.attachment_id.write({"res_model": blob._name, "res_id": blob.id})
    env["ir.attachment"].search(
        [("res_model", "in", ("field.visit", "field.visit.step", "field.visit.photo"))]
    ).unlink()
