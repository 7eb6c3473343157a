from . import field_track_part_mixin

# isort: split
from . import (
    field_device,
    field_device_fences,
    field_device_health,
    field_device_journal,
    field_flag,
    field_flag_rule,
    field_gap,
    field_policy,
    field_policy_flags,
    field_position,
    field_position_going,
    field_position_home,
    field_position_last,
    field_position_lock,
    field_position_reject,
    field_sensor,
    field_stay,
    field_track_day,
    field_track_mark,
    field_track_note,
    field_track_plan,
    field_track_playback,
    field_track_rebuild,
    field_track_signals,
    field_track_zones,
    field_trip,
    field_zone,
    field_zone_presence,
)

# isort: split
from . import field_track_causes

# isort: split
from . import field_privacy, field_retention, field_road, field_road_map, field_track_label

# isort: split
from . import (
    field_app_track,
    field_flag_keeping,
    field_live,
    field_notice,
    field_open_api,
    field_track_compare,
    field_track_export,
    field_track_record,
    field_zone_alert,
)
