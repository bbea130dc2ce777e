"""The services of the compose file as processes, started in the order of their dependencies."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from guildhall.cluster.compose_file import COMPLETED, HEALTHY, ComposeService, read_compose_file
from guildhall.cluster.container import Container, Launch, State
from guildhall.cluster.images import StandIn, stand_in
from guildhall.cluster.placing import Addresses, Folders, itself
from guildhall.cluster.settings import compose_variables, search_path
from guildhall.refusals import StartRefused

COMPOSE_FILE = Path(__file__).resolve().parents[2] / "docker-compose.yml"
REPLICAS: Mapping[str, int] = {"gateway": 2, "market": 2, "graph": 2, "ledger": 2}
PROCESSES_FILE = "processes.json"
OWN_ENTRIES = frozenset({"logs", "volumes", "roots", "programs", PROCESSES_FILE})
"""What a cluster lays in its data folder beside the parts that every data folder has."""
_PRESETS = {
    f"{limit}_MAX": "100000"
    for limit in (
        "GATEWAY_REQUESTS_PER_MINUTE_PER_ADDRESS",
        "IDENTITY_ADDRESS_REQUESTS",
        "IDENTITY_ADDRESS_NEW_MEMBERS",
        "IDENTITY_ADDRESS_INVITATIONS",
    )
}
"""Whoever is on this machine comes from one address."""


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """`replicas`: how often a service runs; once where nothing is said. `only`: these services alone run.

    `variables` of the compose file go before those of the environment.
    """

    folder: Path
    port: int
    replicas: Mapping[str, int]
    compose_file: Path = COMPOSE_FILE
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    only: frozenset[str] | None = None


class ClusterProcesses:
    """`network`: the number of its loopback network. The caller holds the folder's lock."""

    def __init__(self, plan: ClusterPlan, network: int) -> None:
        folder = self._folder = plan.folder.absolute()
        beside = plan.compose_file.parent
        variables = _PRESETS | {"PUBLIC_URL": f"http://localhost:{plan.port}"} | compose_variables(beside)
        variables |= plan.variables
        self.url = variables["PUBLIC_URL"]
        services = read_compose_file(plan.compose_file, variables)
        unknown = plan.replicas.keys() - services.keys()
        if unknown:
            raise StartRefused(f"there is no service {min(unknown)} in {plan.compose_file.name}")
        self._addresses = Addresses.given_out(services, plan.replicas, network)
        self._moved = asyncio.Event()
        (folder / "logs").mkdir(exist_ok=True)
        (folder / "volumes").mkdir(mode=0o700, exist_ok=True)
        self._containers = [
            self._container(service, number, address, beside)
            for service in services.values()
            if plan.only is None or service.name in plan.only
            for number, address in enumerate(self._addresses.of[service.name], start=1)
        ]

    def _container(self, service: ComposeService, number: int, address: str, beside: Path) -> Container:
        image = stand_in(service.image, self._folder)
        root = self._folder / "roots" / f"{service.name}-{number}"
        folders = Folders(root, self._folder, beside, service.volumes, image.folders)
        folders.lay_out()
        launch = _launch(service, address, image, folders, self._addresses, self._folder, number)
        return Container(service, number, address, launch, self._change)

    @asynccontextmanager
    async def running(self, told: asyncio.Event) -> AsyncGenerator[None]:
        """All of them are up when this is entered, or `told` is set. Raises StartRefused."""
        running = [asyncio.create_task(self._run(container)) for container in self._containers]
        try:
            await self._until_up(told)
            yield
        finally:
            await self._stop()
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _run(self, container: Container) -> None:
        needed = container.service.depends_on
        while not all(self._meets(name, condition) for name, condition in needed.items()):
            await self._next_move()
        await container.run()

    def _meets(self, name: str, condition: str) -> bool:
        of_service = [container.state for container in self._containers if container.service.name == name]
        if condition == COMPLETED:
            return all(state == State.COMPLETED for state in of_service)
        if condition == HEALTHY:
            return all(state == State.HEALTHY for state in of_service)
        return all(state not in {State.WAITING, State.FAILED} for state in of_service)

    async def _until_up(self, told: asyncio.Event) -> None:
        """All serve, or one that must complete has failed. Raises StartRefused."""
        while not told.is_set() and not all(_is_up(container) for container in self._containers):
            for container in self._containers:
                if container.state == State.FAILED:
                    raise StartRefused(
                        f"{container.name} failed: {container.last_words()} ({container.launch.log})"
                    )
            waiting = asyncio.create_task(self._next_move())
            telling = asyncio.create_task(told.wait())
            await asyncio.wait({waiting, telling}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            telling.cancel()

    async def _next_move(self) -> None:
        await self._moved.wait()

    def _change(self) -> None:
        """Wakes whoever waits for a state, and writes down which process is whose."""
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
        file = self._folder / PROCESSES_FILE
        beside = file.with_suffix(".new")
        beside.write_text(json.dumps(list(self._listed()), indent=1))
        beside.rename(file)

    def _listed(self) -> Iterable[Mapping[str, object]]:
        for container in self._containers:
            yield {
                "name": container.name,
                "state": container.state,
                "address": container.address,
                "process_id": container.process_id,
            }

    async def _stop(self) -> None:
        """In the opposite order of dependencies: nobody loses what it still needs."""
        left = {container.service.name for container in self._containers}
        while left:
            needed = {
                name
                for container in self._containers
                if container.service.name in left
                for name in container.service.depends_on
            }
            last = left - needed
            await asyncio.gather(
                *(container.stop() for container in self._containers if container.service.name in last)
            )
            left -= last

    def listed(self) -> list[str]:
        """A line for each process: its name, address, number and log."""
        return [
            f"  {container.name:<12} {container.address:<14} process {container.process_id:<8} "
            f"{container.launch.log.relative_to(self._folder)}"
            for container in self._containers
            if container.process_id is not None
        ]


def _launch(
    service: ComposeService,
    address: str,
    image: StandIn,
    folders: Folders,
    addresses: Addresses,
    data: Path,
    number: int,
) -> Launch:
    def here(text: str) -> str:
        return folders.placed(addresses.resolved(text))

    environment = {
        name: here(address if value == "0.0.0.0" else value)  # noqa: S104 - what containers call themselves
        for name, value in service.environment.items()
    }
    path = os.pathsep.join([*(str(folder) for folder in image.programs), search_path()])
    environment |= {"PATH": path, "HOME": str(data), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
    command = tuple(here(itself(word, address)) for word in service.command)
    test = service.health.test if service.health is not None else ()
    return Launch(
        command=(*image.entrypoint(address, environment), *command),
        health_command=tuple(here(itself(word, address)) for word in test),
        environment=environment,
        folder=data,
        log=data / "logs" / f"{service.name}-{number}.log",
    )


def _is_up(container: Container) -> bool:
    if container.service.runs_once:
        return container.state == State.COMPLETED
    return container.state == (State.RUNNING if container.service.health is None else State.HEALTHY)
