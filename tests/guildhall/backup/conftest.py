"""One living house for all tests of backups, and one backup of it, made while it serves."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from guildhall.audit.run import audit
from guildhall.backup.make import MadeBackup, make_backup
from tests.guildhall.audit.town import Town, build_town
from tests.guildhall.backup.living_house import LivingHouse, living_house


@dataclass(frozen=True, slots=True)
class LivedIn:
    """A house with a town in it, and the backup that was made when nothing was under way any more."""

    house: LivingHouse
    town: Town
    backup: MadeBackup


@pytest.fixture(scope="session")
def short_folder() -> Generator[Path]:
    """Short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="guildhall-backup-") as made:
        yield Path(made)


@pytest.fixture(scope="session")
async def lived_in(short_folder: Path) -> AsyncGenerator[LivedIn]:
    async with living_house(short_folder / "home") as house:
        town = await build_town(house.deployment)
        under_way = await audit(town.urls, house.deployment.clock, looks_max=30)
        assert [verdict.checked.findings for verdict in under_way if not verdict.holds] == []
        (house.folder / "devnet").mkdir()
        for name in ("state.json", "port", "node.log"):
            (house.folder / "devnet" / name).write_text("{}")
        (house.folder / "notes.txt").write_text("not Guildhall's")
        (house.folder / "link").symlink_to("/etc/hostname")
        made = await asyncio.to_thread(
            make_backup, house.settings, short_folder / "town.backup", house.deployment.clock
        )
        yield LivedIn(house, town, made)
