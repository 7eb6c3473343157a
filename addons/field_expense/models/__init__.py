from . import (
    field_mileage_rate,
    field_track_day,
    hr_employee,
    hr_expense,
    res_company,
    res_config_settings,
)

# isort: split
from . import field_open_api, field_privacy
