"""Odoo's log is a test result: what counts as a complaint."""

import pytest

from cli import odoo_log
from cli.console import Failure

INFO = "2026-11-22 01:59:12,123 4711 INFO field_x odoo.modules.loading: 80 modules loaded in 4s"
WARNING = (
    "2026-11-22 01:59:13,001 4711 WARNING field_x odoo.addons.field_visit.models.field_visit: "
    "Field field.visit.note: unknown parameter 'foo'"
)
ERROR = "2026-11-22 01:59:14,999 4711 ERROR ? odoo.sql_db: bad query: SELECT 1"
NOISE = (
    "2026-11-22 01:59:12,123 4711 WARNING ? odoo.cli.server: Running as user 'root' is a security",
    "2026-11-22 01:59:12,123 4711 WARNING field_x py.warnings: /x.py:1: DeprecationWarning: old",
    "2026-11-22 01:59:12,123 4711 WARNING ? odoo.addons.base.models.ir_actions_report: "
    "You need Wkhtmltopdf to print a pdf version of the reports.",
)


def test_a_quiet_log_has_no_complaints():
    assert odoo_log.complaints("\n".join([INFO, *NOISE])) == []


@pytest.mark.parametrize("line", [WARNING, ERROR, ERROR.replace("ERROR", "CRITICAL")])
def test_a_warning_or_worse_is_a_complaint(line):
    assert odoo_log.complaints("\n".join([INFO, line, *NOISE, INFO])) == [line]


def test_words_inside_a_message_are_not_levels():
    text = INFO.replace("80 modules", "WARNING ERROR modules")
    assert odoo_log.complaints(text) == []


def test_a_log_with_complaints_fails_with_the_first_of_them(tmp_path):
    log = tmp_path / "install.log"
    log.write_text("\n".join([INFO, *[WARNING] * 30]))
    with pytest.raises(Failure) as failure:
        odoo_log.check(log)
    assert str(failure.value).startswith("30 warnings or errors in install.log:\n2026-11-22")
    assert str(failure.value).count("WARNING") == 20
    log.write_text(INFO)
    odoo_log.check(log)
