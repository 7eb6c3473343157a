from . import (
    field_blob,
    field_event,
    field_policy,
    field_sop,
    field_visit,
    field_visit_flow,
    field_visit_jobs,
    field_visit_photo,
    field_visit_presence,
    field_visit_step,
    field_visit_text,
    res_partner,
)
