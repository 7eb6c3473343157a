"""Everything a command needs to run Odoo: source, environment, server, configuration."""

import contextlib
from dataclasses import dataclass

from . import databases, environment, odoo_source, paths, postgres, settings


@dataclass
class Context:
    source: odoo_source.Source
    server: postgres.Server
    config: object
    databases: databases.Databases

    def variables(self, database=None, **more):
        """Environment variables for a program that talks to Odoo or to its database."""
        values = {**self.server.variables, "ODOO_RC": self.config, **more}
        if database:
            values["PGDATABASE"] = database
        return environment.variables(**values)


@contextlib.contextmanager
def prepared(kind, **options):
    """Set up what is missing and keep the database server running for the block.

    :param str kind: `demo` or `test`: which private cluster and configuration file
    :param options: options for the configuration file
    """
    paths.LOCAL.mkdir(parents=True, exist_ok=True)
    source = odoo_source.find()
    environment.ensure(source)
    config = settings.write(kind, source, **options)
    with postgres.server(kind, settings.read_user_config()) as server:
        yield Context(source, server, config, databases.Databases(server, source, config))
