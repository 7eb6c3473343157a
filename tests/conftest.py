"""What all tests share.

Nothing here needs Odoo: tests/lint, tests/docker and tests/semgrep run without it.
"""

import os

import pytest

from tests.support.repository import ROOT

SHARED_DATA = ROOT.parent / "shared" / "data"


def pytest_report_header():
    database = os.environ.get("FIELD_TEMPLATE_DB")
    return f"field: {'databases are cloned from ' + database if database else 'no database'}"


@pytest.fixture(scope="session")
def shared_data():
    """The folder with recorded tracks, which lies beside the repository and not in it."""
    folder = os.environ.get("FIELD_SHARED_DATA")
    path = SHARED_DATA if folder is None else type(ROOT)(folder)
    if not path.is_dir():
        message = f"NO SHARED DATA: {path} is not there, tests on recorded tracks do not run"
        if os.environ.get("CI"):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    return path
