"""What several journeys share."""

from pathlib import Path

import pytest

from tests.support import phone as phones

from . import phone_town

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """A journey through a browser is played once more when it fails.

    On a machine that is busy with something else a screen may come later than anybody waits. What
    is broken fails twice; what needed the second go is named in the summary, for it is to be mended.
    """
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def phone_server():
    """One town with a running server for all that is in the group `phone`, on one worker."""
    town = phone_town.Town()
    yield town
    town.close()


@pytest.fixture(scope="session")
def town(request):
    """The same for those who need a phone's browser too."""
    if not phones.chromium():
        pytest.skip("no Chromium")
    return request.getfixturevalue("phone_server")
