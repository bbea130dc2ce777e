"""Each test has its own watch: whoever kept another one is dismissed."""

import pytest

from tests.services.identity.house import IdentityHouse
from tests.services.identity.operators.watch import Watch


@pytest.fixture
async def watch(house: IdentityHouse) -> Watch:
    watch = Watch(house)
    await watch.dismiss_all()
    return watch
