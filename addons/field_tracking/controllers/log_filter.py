"""Keeps tokens, and the positions in query strings, out of the access log."""

import logging
import re

_ADDRESS = re.compile(r"(/field/track/)[^\s\"']+")


class TrackAddressFilter(logging.Filter):
    """Shortens ``/field/track/<token>?lat=…`` to ``/field/track/…`` in messages and arguments."""

    def filter(self, record):
        if isinstance(record.msg, str) and "/field/track/" in record.msg:
            record.msg = _ADDRESS.sub(r"\1…", record.msg)
        if isinstance(record.args, tuple) and record.args:
            record.args = tuple(_masked(value) for value in record.args)
        return True


def _masked(value):
    if isinstance(value, str) and "/field/track/" in value:
        return _ADDRESS.sub(r"\1…", value)
    return value


# A filter of a logger does not see what its children log, hence each name.
for _name in ("werkzeug", "odoo.http", "odoo.service.server", "gunicorn.access"):
    _target = logging.getLogger(_name)
    if not any(isinstance(one, TrackAddressFilter) for one in _target.filters):
        _target.addFilter(TrackAddressFilter())
