"""Tests that share a server or a browser stay on one worker."""

import os

import pytest

pytestmark = pytest.mark.xdist_group("together")


def test_a_group_is_known_to_the_scheduler(request):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("one process: nothing to schedule")
    assert request.node.nodeid.endswith("@together")
