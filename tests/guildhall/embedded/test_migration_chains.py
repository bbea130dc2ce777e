"""What a start reads of the migrations' files is what Alembic would say of them."""

import pytest
from alembic.script import ScriptDirectory

from chassis.migrations import chains
from guildhall.embedded.schemas import schema_of
from guildhall.postgres.roles import SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_heads_and_revisions_are_those_of_alembic(service: str) -> None:
    for chain in chains(schema_of(service).versions):
        scripts = ScriptDirectory.from_config(chain.config())
        assert chain.heads() == frozenset(scripts.get_heads())
        assert chain.revisions() == frozenset(one.revision for one in scripts.walk_revisions())
        assert len(chain.heads()) == 1 and chain.revisions()
