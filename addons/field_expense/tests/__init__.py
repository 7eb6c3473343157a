from . import (
    test_day_expense,
    test_expense_posting,
    test_mileage,
    test_mileage_rate,
    test_open_api,
    test_roles,
)
