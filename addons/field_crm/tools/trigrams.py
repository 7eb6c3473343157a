"""Similar names are found by PostgreSQL's own extension, which most servers bring along; without it
only equal names, numbers and addresses are."""

import logging

import psycopg2

_logger = logging.getLogger(__name__)


def has_trigrams(cr):
    cr.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
    return bool(cr.fetchone())


def install_trigrams(cr):
    """Ask for the extension; whoever owns the database may."""
    try:
        with cr.savepoint(flush=False):
            cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except (psycopg2.ProgrammingError, psycopg2.NotSupportedError) as exc:
        _logger.info("pg_trgm is not available: %s", exc)
