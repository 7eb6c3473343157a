def post_init_hook(env):
    """Every company that is already there starts with its default policy."""
    Policy = env["field.policy"]
    have = Policy.with_context(active_test=False).search([]).company_id
    Policy._create_defaults(env["res.company"].search([]) - have)


def uninstall_hook(env):
    """Uploads are attachments of our records; Odoo leaves those behind when the model goes."""
    env["ir.attachment"].sudo().search(
        [("res_model", "=like", "field.%"), ("res_model", "in", _own_models(env))]
    ).unlink()


def _own_models(env):
    data = env["ir.model.data"].search([("module", "=", "field_base"), ("model", "=", "ir.model")])
    return env["ir.model"].browse(data.mapped("res_id")).exists().mapped("model")
