from . import field_scope_mixin

# isort: split
from . import (
    field_blob,
    field_device,
    field_event,
    field_event_apply,
    field_event_kinds,
    field_event_sync,
    field_policy,
    field_workday,
    hr_employee,
    ir_actions_act_window_view,
    ir_http,
    ir_ui_view,
    res_company,
    res_partner,
    res_users,
)
