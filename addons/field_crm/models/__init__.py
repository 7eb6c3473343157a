from . import (
    crm_lead,
    crm_lead_claiming,
    crm_team,
    field_event,
    field_lead_claim,
    field_lead_pool,
    ir_ui_menu,
)
