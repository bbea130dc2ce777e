"""What ours is held against: a bare ASGI application, and the common form of a FastAPI service.

The common form: one engine, a session from a `yield` dependency, an ORM class, a `response_model`. It checks
no token, reads no membership and keeps no limit: it does less than ours.
`python -m bench.gateway.peers bare|common PORT [DATABASE_URL]` serves one of them.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from socket import socket
from typing import Annotated
from uuid import UUID

import orjson
import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette.types import Receive, Scope, Send

READY_LINE = "ready"
OFFER_ID = UUID("0199e1c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f")
_ANSWER = orjson.dumps({"id": str(OFFER_ID), "title": "Read me", "price": "1000000"})
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(_ANSWER)).encode())]


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """The ceiling: uvicorn and nothing else."""
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _ANSWER})


class Base(DeclarativeBase):
    """The ORM classes of the peer."""


class Offer(Base):
    """A row as wide as an offer of ours."""

    __tablename__ = "bench_offers"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    union_id: Mapped[UUID]
    state: Mapped[str]
    owner_id: Mapped[UUID]
    title: Mapped[str]
    description: Mapped[str]
    price_minor: Mapped[int]
    review_seconds: Mapped[int]
    made_at: Mapped[str]


class OfferView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    union_id: UUID
    state: str
    owner_id: UUID
    title: str
    description: str
    price_minor: int
    review_seconds: int
    made_at: str


def common(database_url: str) -> FastAPI:
    """FastAPI and SQLAlchemy as they are mostly put together."""
    app = FastAPI()
    engine = create_async_engine(database_url, pool_size=10)
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def session() -> AsyncGenerator[AsyncSession]:
        async with sessions() as opened:
            yield opened

    @app.get("/offers/{offer_id}", response_model=OfferView)
    async def get_offer(offer_id: UUID, opened: Annotated[AsyncSession, Depends(session)]) -> Offer:
        found = await opened.get(Offer, offer_id)
        if found is None:
            raise HTTPException(404)
        return found

    return app


async def prepare(database_url: str) -> None:
    """The peer's table with the one row that is read."""
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        await connection.execute(
            insert(Offer).values(
                id=OFFER_ID,
                union_id=OFFER_ID,
                state="open",
                owner_id=OFFER_ID,
                title="Read me",
                description="An offer that is read many times.",
                price_minor=1_000_000,
                review_seconds=604_800,
                made_at=datetime(2027, 3, 1, tzinfo=UTC).isoformat(),
            )
        )
    await engine.dispose()


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(None)
        print(READY_LINE, flush=True)


def main() -> None:
    kind, port = sys.argv[1], int(sys.argv[2])
    if kind == "common":
        asyncio.run(prepare(sys.argv[3]))
    app = bare if kind == "bare" else common(sys.argv[3])
    _Server(
        uvicorn.Config(app, port=port, http="httptools", lifespan="off", access_log=False, log_level="error")
    ).run()


if __name__ == "__main__":
    main()
