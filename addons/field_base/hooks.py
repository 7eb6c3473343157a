def post_init_hook(env):
    """Every company that is already there starts with its default policy."""
    Policy = env["field.policy"]
    have = Policy.with_context(active_test=False).search([]).company_id
    Policy._create_defaults(env["res.company"].search([]) - have)


def uninstall_hook(env):
    """Uploads are attachments of our records; Odoo leaves those behind when the model goes."""
    env.flush_all()
    # the uploads hold on to their files; they go themselves in a moment
    env.cr.execute("UPDATE field_blob SET attachment_id = NULL")
    env.invalidate_all()
    env["ir.attachment"].sudo().search([("res_model", "in", _own_models(env))]).unlink()


def _own_models(env):
    domain = [("module", "=", "field_base"), ("model", "=", "ir.model")]
    data = env["ir.model.data"].search(domain)
    names = env["ir.model"].browse(data.mapped("res_id")).exists().mapped("model")
    return [name for name in names if name.startswith("field.")]  # not those we only extend
