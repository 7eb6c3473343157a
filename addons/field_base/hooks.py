from .tools.retention import KEY, RETENTION, evidence_open


def post_init_hook(env):
    """Every company that is already there starts with its default policy."""
    Policy = env["field.policy"]
    have = Policy.with_context(active_test=False).search([]).company_id
    Policy._create_defaults(env["res.company"].search([]) - have)


def uninstall_hook(env):
    """Uploads are attachments of our records; Odoo leaves those behind when the model goes."""
    with evidence_open(env):
        # the uploads hold on to their files; they go themselves in a moment
        env.cr.execute("UPDATE field_blob SET attachment_id = NULL")
        env.invalidate_all()
    files = env["ir.attachment"].sudo().with_context(**{KEY: RETENTION})
    files.search([("res_model", "in", _own_models(env))]).unlink()
    env["field.change"]._watch({})
    env.cr.execute("DROP FUNCTION field_change_note()")
    env.cr.execute("DROP FUNCTION field_evidence_guard() CASCADE")  # with its triggers
    _forget_phones(env)
    _remove_map(env)


def _forget_phones(env):
    """Browsers of the phone app would be sent Odoo's own pushes, with their text."""
    env["mail.push.device"]._field_phones([]).unlink()


def _remove_map(env):
    """Actions that somebody gave a map would no longer open; the map's bundle has no reader."""
    actions = env["ir.actions.act_window"].search([("view_mode", "like", "field_map")])
    for action in actions:
        modes = [mode for mode in action.view_mode.split(",") if mode != "field_map"]
        action.view_mode = ",".join(modes) or "list,form"
    bundles = [("url", "=like", "/web/assets/%/field_base.assets_map%")]
    env["ir.attachment"].sudo().search(bundles).unlink()


def _own_models(env):
    domain = [("module", "=", "field_base"), ("model", "=", "ir.model")]
    data = env["ir.model.data"].search(domain)
    names = env["ir.model"].browse(data.mapped("res_id")).exists().mapped("model")
    return [name for name in names if name.startswith("field.")]  # not those we only extend
