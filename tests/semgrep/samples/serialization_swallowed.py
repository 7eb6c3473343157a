import logging

import psycopg2
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)


class Event:
    def swallowed(self):
        # ruleid: field-serialization-swallowed
        try:
            with self.env.cr.savepoint():
                self.apply()
        except Exception:
            _logger.exception("not applied")

    def swallowed_by_name(self):
        # ruleid: field-serialization-swallowed
        try:
            with self.env.cr.savepoint():
                self.apply()
        except psycopg2.Error as error:
            _logger.error("not applied: %s", error)

    def raised_first(self):
        # ok: field-serialization-swallowed
        try:
            with self.env.cr.savepoint():
                self.apply()
        except OperationalError:
            raise
        except Exception:
            _logger.exception("not applied")

    def raised_again(self):
        # ok: field-serialization-swallowed
        try:
            with self.env.cr.savepoint():
                self.apply()
        except Exception:
            _logger.exception("not applied")
            raise

    def expected_only(self):
        # ok: field-serialization-swallowed
        try:
            with self.env.cr.savepoint():
                self.apply()
        except psycopg2.errors.UniqueViolation:
            return False

    def no_database(self, text):
        # ok: field-serialization-swallowed
        try:
            return int(text)
        except Exception:
            return None

    def raised_after_a_check(self):
        # ok: field-serialization-swallowed
        try:
            with self.env.cr.savepoint():
                self.apply()
        except psycopg2.Error as error:
            if isinstance(error, OperationalError):
                raise
            _logger.error("not applied: %s", error)
