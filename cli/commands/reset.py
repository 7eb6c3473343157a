"""`./field reset`: drop our databases and everything that was made in `.local/`."""

import os
import shutil
import sys

from .. import databases, environment, odoo_source, paths, postgres, settings
from ..console import Failure, say, step


def register(commands):
    parser = commands.add_parser("reset", help="drop our databases and .local/ after asking")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(options, _rest):
    if not options.yes and not _confirmed():
        say("Nothing was changed.")
        return 1
    with step("Removing our databases and .local/"):
        _drop_configured()
        for cluster in postgres.existing_clusters():
            cluster.stop()
            shutil.rmtree(postgres.outside_home(cluster.kind), ignore_errors=True)
        shutil.rmtree(paths.LOCAL, ignore_errors=True)
    return 0


def _confirmed():
    if not sys.stdin.isatty():
        raise Failure("Say `./field reset --yes` to reset without being asked.")
    answer = input("Drop the demo and test databases and everything in .local/? [y/N] ")
    return answer.strip().lower() in ("y", "yes")


def _drop_configured():
    """On a server that is not ours, drop the databases that we made there."""
    config = settings.read_user_config()
    if not os.environ.get("PGHOST") and not config.get("db_host"):
        return
    source = odoo_source.find(fetch=False)
    if not source or not environment.PYTHON.exists():
        return
    with postgres.server("demo", config) as server:
        found = databases.Databases(server, source, None)
        for name in found.names():
            found.drop(name)
