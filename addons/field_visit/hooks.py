def uninstall_hook(env):
    """Remove the visit photos: their records are about to go, and Odoo leaves attachments behind."""
    env["ir.attachment"].with_context(active_test=False).search(
        [
            ("res_model", "in", ("field.visit", "field.visit.step", "field.visit.photo")),
            ("res_field", "in", (False, "image")),
        ]
    ).unlink()
