"""The office inside a test's transaction."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import freeze_time
from tests.support.in_process import InProcess
from tests.support.office import OrmDesk

from . import road


class InThisProcess(road.Office):
    """Everybody works in the transaction of the test."""

    def __init__(self, env, transport=None):
        self.env = env
        self.admin = OrmDesk(env(user=env.ref("base.user_admin")))
        self.http = transport or InProcess(env)

    def desk(self, login):
        user = self.env["res.users"].search([("login", "=", login)])
        return OrmDesk(self.env(user=user))

    def rebuild(self):
        """Run the job that rebuilds days, after the time that it waits for more to come."""
        cr = self.env.cr
        with (
            freeze_time(datetime.now() + timedelta(minutes=2)),
            patch.object(cr, "commit", self.env.flush_all),  # the test's transaction goes on
        ):
            self.env["field.track.day"]._cron_rebuild()
