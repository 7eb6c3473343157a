from odoo.fields import Command

# What security/field_crm_groups.xml adds to groups that belong to other modules.
IMPLIED_GROUPS = [
    ("field_base.field_base_group_rep", "sales_team.group_sale_salesman"),
]


def pre_init_hook(env):
    """Create and fill the position columns in SQL: a database with a million leads
    would otherwise compute them record by record during the installation."""
    env.cr.execute("""
        ALTER TABLE crm_lead
            ADD COLUMN IF NOT EXISTS field_lat numeric,
            ADD COLUMN IF NOT EXISTS field_lng numeric
    """)
    env.cr.execute("""
        UPDATE crm_lead lead
           SET field_lat = partner.partner_latitude, field_lng = partner.partner_longitude
          FROM res_partner partner
         WHERE partner.id = lead.partner_id
           AND (partner.partner_latitude != 0 OR partner.partner_longitude != 0)
    """)


def uninstall_hook(env):
    """Take back the group implications: they live on records of other modules, which stay."""
    for group_xmlid, implied_xmlid in IMPLIED_GROUPS:
        group = env.ref(group_xmlid, raise_if_not_found=False)
        implied = env.ref(implied_xmlid, raise_if_not_found=False)
        if group and implied:
            group.implied_ids = [Command.unlink(implied.id)]
