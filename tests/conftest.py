"""What all tests share. Nothing here needs Odoo: tests/lint and tests/docker run without it."""

import os


def pytest_report_header():
    database = os.environ.get("FIELD_TEMPLATE_DB")
    return f"field: {'databases are cloned from ' + database if database else 'no database'}"
