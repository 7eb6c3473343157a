"""schemathesis against a running server: no input leads to a 500, every answer is as documented."""

import os
import subprocess
import sys
import tempfile
import unittest

import pytest

from tests.support.field_base_server import FieldBaseServer
from tests.support.repository import ROOT

pytestmark = pytest.mark.xdist_group("real_server")

SPEC = ROOT / "docs" / "openapi.yaml"
OTHERS = r"^/field/api/v1/(data|customers$)"
CHECKS = "not_a_server_error,response_schema_conformance,content_type_conformance"


class TestOpenApiFuzz(unittest.TestCase):
    def test_server_answers_as_documented(self):
        server = FieldBaseServer("openapi")
        self.addCleanup(server.close)
        server.start()
        folder = tempfile.TemporaryDirectory()  # it leaves notes where it runs
        self.addCleanup(folder.cleanup)
        runs = [
            _start(server, folder.name, server.phone().token, "--exclude-path-regex", OTHERS),
            _start(server, folder.name, _client_key(server), "--include-path-regex", OTHERS),
        ]
        for run in runs:
            self._check(run, *run.communicate(timeout=300))
        self.assertNotIn("Traceback", server.live.text())

    def _check(self, run, out, errors):
        self.assertEqual(run.returncode, 0, out[-6000:] + errors[-2000:])
        self.assertRegex(out, r"[1-9]\d+ generated", "it tried next to nothing")


def _start(server, folder, token, *choice):
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(SPEC)),
            *("--url", server.live.url, "--checks", CHECKS, "--phases", "examples,fuzzing"),
            *("--header", f"Authorization: Bearer {token}", *choice),
            *("--max-examples", "25", "--seed", "20261120", "--workers", "2"),
            *("--generation-database", "none", "--suppress-health-check", "all", "--no-color"),
        ],
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "", "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _client_key(server):
    """A key of another system, with all scopes, working as the administrator."""
    admin = server.admin
    scopes = admin.search("field.api.scope", [])
    client = admin.create(
        "field.api.client",
        name="Fuzz",
        purpose="Tests",
        acting_user_id=admin.row("res.users", [("login", "=", "admin")], ["id"])["id"],
        scope_ids=[(6, 0, scopes)],
        rate_limit=100000,
    )
    return admin.call("field.api.client", "action_new_key", [client])["context"]["default_key"]
