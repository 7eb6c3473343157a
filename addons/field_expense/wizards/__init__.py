from . import field_expense_run
