from . import (
    base_partner_merge,
    field_api_key,
    field_consent_sign,
    field_device_token,
    field_health_check,
    field_policy_profile_apply,
    field_policy_trial,
)
