def uninstall_hook(env):
    """Odoo leaves partitioned tables behind; the months go with their parent."""
    env.cr.execute("DROP TABLE IF EXISTS field_position CASCADE")
