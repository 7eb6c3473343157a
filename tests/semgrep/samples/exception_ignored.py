import contextlib
import logging

_logger = logging.getLogger(__name__)


def work(rows):
    # ruleid: field-exception-ignored
    try:
        rows.sort()
    except Exception:
        pass
    # ruleid: field-exception-ignored
    try:
        rows.sort()
    except Exception as error:
        pass
    # ruleid: field-exception-ignored
    try:
        rows.sort()
    except:
        pass
    for row in rows:
        # ruleid: field-exception-ignored
        try:
            row.sort()
        except Exception:
            continue
    # ruleid: field-exception-ignored
    with contextlib.suppress(Exception):
        rows.sort()
    # ok: field-exception-ignored
    with contextlib.suppress(KeyError):
        rows.sort()
    # ok: field-exception-ignored
    try:
        rows.sort()
    except TypeError:
        pass
    # ok: field-exception-ignored
    try:
        rows.sort()
    except Exception:
        _logger.exception("The rows could not be sorted")
