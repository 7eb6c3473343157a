from . import field_lead_rule_mixin

# isort: split
from . import (
    crm_lead,
    crm_lead_claiming,
    crm_lead_contact,
    crm_lead_deal_team,
    crm_lead_forecast,
    crm_lead_gate,
    crm_lead_history,
    crm_lead_people,
    crm_lead_stalled,
    crm_lead_visits,
    crm_stage,
    crm_team,
    crm_team_gate,
    field_coach_note,
    field_competitor,
    field_contact_role,
    field_deal_member,
    field_deal_request,
    field_document_category,
    field_event,
    field_forecast,
    field_forecast_adjustment,
    field_forecast_snapshot,
    field_forecast_trend,
    field_funnel,
    field_funnel_month,
    field_handover,
    field_lead_claim,
    field_lead_pool,
    field_payment_habit,
    field_stage_gate,
    field_stage_gate_kinds,
    field_stage_history,
    field_stage_override,
    ir_ui_menu,
    sale_order,
)

# isort: split
from . import (
    crm_lead_duplicate,
    crm_lead_fit,
    crm_lead_masking,
    crm_lead_recycle,
    crm_team_assign,
    field_lead_app,
    field_lead_cost,
    field_lead_duplicate,
    field_lead_duplicate_merge,
    field_lead_intake,
    field_lead_intake_source,
    field_lead_pool_draw,
    field_lead_pool_fit,
    field_lead_pool_report,
    field_lead_pool_swap,
    field_lead_recycle_extension,
    field_lead_recycle_hooks,
    field_lead_recycle_pool,
    field_lead_recycle_rule,
    field_lead_recycle_sweep,
    field_lead_recycle_trial,
    field_notice,
    field_open_api,
    field_privacy,
    field_privacy_deals,
    field_register_provider,
    ir_http,
)

# isort: split
from . import field_lead_points

# isort: split
from . import crm_lead_channel, crm_lead_register, crm_lead_webhooks
