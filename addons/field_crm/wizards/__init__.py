from . import (
    crm_lead2opportunity,
    crm_lead_lost,
    field_coach_answer,
    field_document_add,
    field_health_check,
    field_joint_visit,
    field_lead_extend,
    field_lead_return,
    field_lead_trial,
    field_stage_trial,
)
