"""A filestore for each parallel worker (a pytest plugin, beside pytest-odoo).

pytest-odoo gives each worker a database of its own, but one filestore to all of them. Odoo collects
the garbage of the filestore after each test class, by what its own database knows: a worker would
delete the files that another has just written.
"""

import os
import shutil
from pathlib import Path
from unittest.mock import patch

import pytest

from odoo.tools import config


@pytest.fixture(scope="session", autouse=True)
def worker_filestore(load_registry):
    """Link the shared files into a folder of the worker's own; Odoo never writes into a file."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker:
        yield
        return
    shared = Path(config.filestore(config["db_name"]))
    own = shared.with_name(f"{shared.name}-{worker}")
    shutil.rmtree(own, ignore_errors=True)
    shutil.copytree(shared, own, copy_function=os.link)
    with patch.object(config, "filestore", return_value=str(own)):
        yield
    shutil.rmtree(own, ignore_errors=True)
