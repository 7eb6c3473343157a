"""The one key that opens evidence for erasing: an object, so that no RPC context can carry it."""

from contextlib import contextmanager

from psycopg2 import Error

KEY = "field_retention"
RETENTION = object()


def is_open(env):
    """Whether the caller has the key: the retention rule, or code that files evidence."""
    return env.context.get(KEY) is RETENTION


@contextmanager
def evidence_open(env):
    """Let the database's own guard (see field.evidence.mixin) pass what is written inside."""
    env.flush_all()
    env.cr.execute("SELECT set_config('field.evidence', 'open', true)")
    try:
        yield
        env.flush_all()
    except Error:
        raise  # the transaction is void, and with it the setting
    except Exception:
        _close(env)
        raise
    _close(env)


def _close(env):
    env.cr.execute("SELECT set_config('field.evidence', '', true)")
