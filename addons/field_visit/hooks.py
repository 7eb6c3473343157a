def uninstall_hook(env):
    """Remove the visits' photos: Odoo leaves the attachments of lost models behind."""
    env["ir.attachment"].with_context(active_test=False).search(
        [
            ("res_model", "in", ("field.visit", "field.visit.step", "field.visit.photo")),
            ("res_field", "in", (False, "image")),
        ]
    ).unlink()
