from . import (
    field_device_token,
    field_flag_reply,
    field_health_check,
    field_track_export,
    field_track_import,
)
