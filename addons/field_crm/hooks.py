from odoo.fields import Command

from .tools.trigrams import install_trigrams

# What security/field_crm_groups.xml adds to groups that belong to other modules.
IMPLIED_GROUPS = [
    ("field_base.field_base_group_rep", "sales_team.group_sale_salesman"),
]
# Messages about leads and deals, which nothing would explain any more.
NOTICE_KINDS = ("lead_clock", "deal")


def pre_init_hook(env):
    """Create and fill the columns of the leads in SQL: a database with a million leads
    would otherwise compute them record by record during the installation."""
    install_trigrams(env.cr)
    _fill_positions(env)
    _fill_cohorts(env)


def post_init_hook(env):
    """Start with what Odoo already knows: the weights from the order of the stages, the stage
    history from the changes that the chatter tracked."""
    env["crm.stage"]._field_spread_weights()
    env["field.stage.history"]._take_over_tracking()


def _fill_positions(env):
    env.cr.execute("""
        ALTER TABLE crm_lead
            ADD COLUMN IF NOT EXISTS field_lat numeric,
            ADD COLUMN IF NOT EXISTS field_lng numeric,
            ADD COLUMN IF NOT EXISTS field_region_id integer,
            ADD COLUMN IF NOT EXISTS field_segment_id integer,
            ADD COLUMN IF NOT EXISTS field_name_key varchar,
            ADD COLUMN IF NOT EXISTS field_name_variants varchar
    """)
    env.cr.execute("""
        UPDATE crm_lead lead
           SET field_lat = partner.partner_latitude, field_lng = partner.partner_longitude
          FROM res_partner partner
         WHERE partner.id = lead.partner_id
           AND (partner.partner_latitude != 0 OR partner.partner_longitude != 0)
    """)


def _fill_cohorts(env):
    env.cr.execute("""
        ALTER TABLE crm_lead
            ADD COLUMN IF NOT EXISTS field_entered_on date,
            ADD COLUMN IF NOT EXISTS field_top_stage_id int4
    """)
    env.cr.execute("""
        UPDATE crm_lead
           SET field_entered_on = COALESCE(date_conversion, create_date)::date,
               field_top_stage_id = stage_id
         WHERE type = 'opportunity'
    """)


def uninstall_hook(env):
    """Take back what lives in records of other modules, which stay."""
    for group_xmlid, implied_xmlid in IMPLIED_GROUPS:
        group = env.ref(group_xmlid, raise_if_not_found=False)
        implied = env.ref(implied_xmlid, raise_if_not_found=False)
        if group and implied:
            group.implied_ids = [Command.unlink(implied.id)]
    for model in ("field.notice", "field.notice.choice"):
        env[model].search([("kind", "in", NOTICE_KINDS)]).unlink()
