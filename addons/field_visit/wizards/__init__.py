from . import (
    field_contact_add,
    field_dispatch,
    field_followup_add,
    field_grade_proposal,
    field_grade_worth,
    field_health_check,
    field_partner_propose,
    field_prospect_search,
    field_trade_pack,
    field_trade_pack_rules,
    field_visit_limit_trial,
    field_visit_move,
)
