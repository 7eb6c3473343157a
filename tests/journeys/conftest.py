"""What several journeys share."""

import pytest

from tests.support import phone as phones

from . import phone_town


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
