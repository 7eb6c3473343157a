"""A PostgreSQL server of a test's own, which may be restarted under those who use it."""

import contextlib
import os
import shutil
import subprocess
import time

import pytest

from cli import postgres


class OwnPostgres(postgres.Cluster):
    """Keeps every promise (fsync is on), listens on a socket only, is gone afterwards."""

    def __init__(self):
        binaries = postgres.find_binaries(install=False)
        if not binaries:
            stop = pytest.fail if os.environ.get("CI") else pytest.skip
            stop("PostgreSQL's own programs are not here: no server to restart")
        super().__init__(f"restart-{os.getpid()}", binaries)

    def restart(self, mode="fast"):
        """Stop and start it.

        :param str mode: ``fast`` ends all transactions; ``immediate`` is what a power cut leaves
        :return: the seconds it took
        """
        began = time.monotonic()
        done = self._control("restart", "-m", mode, "-w", "-t", "60", "-l", str(self.log))
        assert not done.returncode, f"PostgreSQL did not come back: {self.log} says why"
        return time.monotonic() - began

    def take(self, database):
        """Copy a database of the usual server here, under its name; its files are shared."""
        env = {**os.environ, **self.variables()}
        tool = {name: str(self.bin / name) for name in ("createdb", "pg_dump", "pg_restore")}
        subprocess.run(
            [tool["createdb"], "-T", "template0", "-E", "UTF8", database], env=env, check=True
        )
        with subprocess.Popen(
            [tool["pg_dump"], "-Fc", "-Z0", database], stdout=subprocess.PIPE
        ) as dump:
            restore = [tool["pg_restore"], "-d", database, "--no-owner", "--single-transaction"]
            subprocess.run(restore, stdin=dump.stdout, env=env, check=True)


@contextlib.contextmanager
def own_postgres():
    """A running one for as long as the block lasts.

    Who wants to work there sets :meth:`variables` in the environment.
    """
    cluster = OwnPostgres()
    try:
        with cluster.running():
            yield cluster
    finally:
        for path in (cluster.home, cluster.socket):
            shutil.rmtree(path, ignore_errors=True)
        for path in postgres.paths.LOCAL.glob(f"postgres-{cluster.kind}.*"):
            path.unlink()
