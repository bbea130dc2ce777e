"""Photos and files: who adds, sees and removes them, what is refused, what becomes of their contents."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from chassis.files.storage import ContentMissing, Storage, StorageUnavailable
from services.market.settings import MarketSettings
from tests.services.escrow_house import ROOT, UNION, House, Person
from tests.services.market.market_acts import act, delivered_agreement, funded_agreement, made_offer
from tests.support.images import CAMERA, image, opened, photo

PHOTO = photo()
PDF = b"%PDF-1.7\nThe translation."


@pytest.fixture
async def people(market: House) -> tuple[Person, Person, Person]:
    """Employer, worker, and somebody else."""
    return await market.person(), await market.person(), await market.person()


async def _photos(market: House, who: Person, offer: str) -> list[dict[str, Any]]:
    answer = await market.get(who, f"{ROOT}/offers/{offer}/photos")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def _kept(market: House) -> list[Path]:
    settings = market.chassis.settings
    assert isinstance(settings, MarketSettings)
    assert settings.files_folder is not None
    return [path for path in settings.files_folder.rglob("*") if path.is_file()]


async def test_a_photo_is_shown_without_its_metadata(
    market: House, people: tuple[Person, Person, Person]
) -> None:
    employer, worker, _ = people
    offer = (await made_offer(market, employer))["id"]
    added = await market.put_file(employer, f"{ROOT}/offers/{offer}/photos", PHOTO, "Hall & <b>.jpg")
    assert added.status_code == 201, added.text
    (shown,) = await _photos(market, worker, offer)
    assert shown == added.json()
    assert shown["digest"] == sha256(PHOTO).hexdigest() != shown["content_digest"]
    assert (shown["name"], shown["media_type"]) == ("Hall & <b>.jpg", "image/jpeg")
    assert (shown["width"], shown["height"]) == (20, 40)
    content = await market.get(None, shown["link"])
    assert content.status_code == 200, content.text
    assert sha256(content.content).hexdigest() == shown["content_digest"]
    assert len(content.content) == shown["size_bytes"]
    assert CAMERA.encode() not in content.content
    assert opened(content.content).format == "JPEG"
    assert content.headers["content-type"] == "image/jpeg"
    assert content.headers["content-disposition"] == "inline; filename*=UTF-8''Hall%20%26%20%3Cb%3E.jpg"
    assert content.headers["content-security-policy"] == "sandbox; default-src 'none'"


async def test_adding_again_is_the_same_photo(market: House, people: tuple[Person, Person, Person]) -> None:
    employer = people[0]
    offer = (await made_offer(market, employer))["id"]
    first = await market.put_file(employer, f"{ROOT}/offers/{offer}/photos", PHOTO, "one")
    again = await market.put_file(employer, f"{ROOT}/offers/{offer}/photos", PHOTO, "two")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    async with market.unit() as unit:
        told = await (await unit.raw()).fetch(
            "SELECT data FROM outbox WHERE type = 'offer' ORDER BY position"
        )
    assert [orjson.loads(row["data"])["version"] for row in told] == [1, 2]


async def test_only_the_owner_adds_and_removes_photos(
    market: House, people: tuple[Person, Person, Person]
) -> None:
    employer, worker, _ = people
    offer = (await made_offer(market, employer))["id"]
    path = f"{ROOT}/offers/{offer}/photos"
    refused = await market.put_file(worker, path, PHOTO)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-offer-owner")
    digest = (await market.put_file(employer, path, PHOTO)).json()["digest"]
    refused = await market.delete(worker, f"{path}/{digest}", signed=False)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-offer-owner")
    assert (await market.delete(employer, f"{path}/{digest}", signed=False)).status_code == 204
    refused = await market.delete(employer, f"{path}/{digest}", signed=False)
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/file-not-found")
    assert await _photos(market, employer, offer) == []


async def test_strangers_see_no_photos_and_others_no_files(
    market: House, people: tuple[Person, Person, Person]
) -> None:
    employer, worker, other = people
    agreement = (await funded_agreement(market, employer, worker))["id"]
    path = f"{ROOT}/agreements/{agreement}/files"
    assert (await market.put_file(other, path, PDF)).status_code == 404
    assert (await market.get(other, path)).status_code == 404
    assert (await market.get(None, path)).status_code == 401
    assert (await market.put_file(None, path, PDF)).status_code == 401
    link = (await market.put_file(worker, path, PDF, "Work.pdf")).json()["link"]
    shown = await market.get(None, link)
    assert (shown.status_code, shown.content) == (200, PDF)
    assert shown.headers["content-disposition"] == "attachment; filename*=UTF-8''Work.pdf"


async def test_a_link_is_of_its_file_and_ends(market: House, people: tuple[Person, Person, Person]) -> None:
    employer, worker, _ = people
    agreement = (await funded_agreement(market, employer, worker))["id"]
    path = f"{ROOT}/agreements/{agreement}/files"
    link: str = (await market.put_file(worker, path, PDF)).json()["link"]
    second: str = (await market.put_file(worker, path, b"Another")).json()["link"]
    crossed = f"{link.partition('?')[0]}?{second.partition('?')[2]}"
    longer = link.replace("until=", "until=1")
    for bad in (crossed, longer, link[:-1] + "!", link.replace("signature=", "signature=x")):
        assert (await market.get(None, bad)).status_code in {403, 422}, bad
    market.clock.advance(timedelta(hours=2))
    answer = await market.get(None, link)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/link-not-valid")


async def test_what_was_delivered_stays(market: House, people: tuple[Person, Person, Person]) -> None:
    employer, worker, _ = people
    agreement = (await funded_agreement(market, employer, worker))["id"]
    path = f"{ROOT}/agreements/{agreement}/files"
    digest = (await market.put_file(worker, path, PDF)).json()["digest"]
    mine = (await market.put_file(employer, path, b"What I meant")).json()["digest"]
    refused = await market.delete(worker, f"{path}/{mine}", signed=False)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/file-of-another")
    missing = await act(market, worker, agreement, "deliveries", {"files": [sha256(b"").hexdigest()]})
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/file-not-found")
    delivered = await act(market, worker, agreement, "deliveries", {"note": "Done", "files": [digest]})
    assert delivered.status_code == 200, delivered.text
    refused = await market.delete(worker, f"{path}/{digest}", signed=False)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/agreement-not-in-state")
    assert (await market.put_file(employer, path, b"This is missing")).status_code == 201


async def test_a_settled_agreement_takes_no_more_files(
    market: House, people: tuple[Person, Person, Person]
) -> None:
    employer, worker, _ = people
    agreement = (await delivered_agreement(market, employer, worker))["id"]
    await act(market, employer, agreement, "acceptance")
    late = await market.put_file(worker, f"{ROOT}/agreements/{agreement}/files", PDF)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/agreement-not-in-state")


async def test_limits(market: House, people: tuple[Person, Person, Person]) -> None:
    employer = people[0]
    offer = (await made_offer(market, employer))["id"]
    path = f"{ROOT}/offers/{offer}/photos"
    for content, status, slug in (
        (b"", 422, "file-empty"),
        (b"text", 415, "file-kind-not-taken"),
        (b"\x89PNG\r\n\x1a\n", 422, "image-unreadable"),
        (image("PNG", (210, 200)), 413, "image-too-large"),
        (b"x" * 20_001, 413, "body-too-large"),
    ):
        refused = await market.put_file(employer, path, content)
        assert (refused.status_code, refused.json()["type"]) == (status, f"/problems/{slug}"), refused.text
    long = await market.put_file(employer, path, PHOTO, "x" * 121)
    assert (long.status_code, long.json()["type"]) == (422, "/problems/file-name-too-long")
    for number in range(3):
        assert (await market.put_file(employer, path, image(size=(10 + number, 10)))).status_code == 201
    fourth = await market.put_file(employer, path, image(size=(9, 9)))
    assert (fourth.status_code, fourth.json()["type"]) == (409, "/problems/too-many-files")


async def test_a_member_adds_so_much_within_a_day(
    market: House, people: tuple[Person, Person, Person]
) -> None:
    employer, worker, _ = people
    agreement = (await funded_agreement(market, employer, worker))["id"]
    path = f"{ROOT}/agreements/{agreement}/files"
    for number in range(2):
        assert (await market.put_file(worker, path, (b"%d" % number) * 20_000)).status_code == 201
    refused = await market.put_file(worker, path, b"2" * 20_000)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/files-for-today-used-up")
    assert (await market.put_file(employer, path, b"3" * 20_000)).status_code == 201
    market.clock.advance(timedelta(hours=24))
    assert (await market.put_file(worker, path, b"2" * 20_000)).status_code == 201


async def test_another_content_than_the_path_names_is_refused(
    market: House, people: tuple[Person, Person, Person]
) -> None:
    employer = people[0]
    offer = (await made_offer(market, employer))["id"]
    path = f"{ROOT}/offers/{offer}/photos"
    refused = await market.put_file(employer, path, PHOTO, digest=sha256(b"another").hexdigest())
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/file-altered")
    assert refused.json()["received_digest"] == sha256(PHOTO).hexdigest()


async def test_a_content_stays_as_long_as_something_refers_to_it(
    market: House, people: tuple[Person, Person, Person]
) -> None:
    employer = people[0]
    files = market.chassis.files
    assert files is not None
    paths = [f"{ROOT}/offers/{(await made_offer(market, employer))['id']}/photos" for _ in range(2)]
    digests = [(await market.put_file(employer, path, PHOTO)).json()["digest"] for path in paths]
    assert len(_kept(market)) == 1
    await market.delete(employer, f"{paths[0]}/{digests[0]}", signed=False)
    market.clock.advance(timedelta(days=3))
    await files.sweep()
    assert len(_kept(market)) == 1
    await market.delete(employer, f"{paths[1]}/{digests[1]}", signed=False)
    await files.sweep()
    assert len(_kept(market)) == 1, "content that has just been let go is kept for a backup that runs"
    market.clock.advance(timedelta(days=1, seconds=1))
    await files.sweep()
    assert _kept(market) == []
    assert (await market.put_file(employer, paths[0], PHOTO)).status_code == 201
    assert len(_kept(market)) == 1


async def test_what_a_crash_left_without_a_file_is_swept(
    market: House, people: tuple[Person, Person, Person]
) -> None:
    files = market.chassis.files
    assert files is not None
    await files.receive(UNION, sha256(PHOTO).digest(), PHOTO)
    await files.sweep()
    assert len(_kept(market)) == 1
    market.clock.advance(timedelta(hours=1, seconds=1))
    await files.sweep()
    assert _kept(market) == []


async def test_a_file_refers_to_nothing_that_was_swept_meanwhile(
    market: House, people: tuple[Person, Person, Person]
) -> None:
    employer = people[0]
    files = market.chassis.files
    assert files is not None
    offer = (await made_offer(market, employer))["id"]
    keep = files.receive

    async def slow(*given: Any) -> Any:
        received = await keep(*given)
        market.clock.advance(timedelta(hours=2))
        await files.sweep()
        return received

    files.receive = slow  # type: ignore[method-assign]
    try:
        late = await market.put_file(employer, f"{ROOT}/offers/{offer}/photos", PHOTO)
    finally:
        files.receive = keep  # type: ignore[method-assign]
    assert (late.status_code, late.headers["retry-after"]) == (503, "1")
    assert await _photos(market, employer, offer) == []


async def test_a_storage_that_is_away_refuses_and_loses_nothing(
    market: House, people: tuple[Person, Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    employer = people[0]
    offer = (await made_offer(market, employer))["id"]
    path = f"{ROOT}/offers/{offer}/photos"
    link = (await market.put_file(employer, path, PHOTO)).json()["link"]

    async def away(*_: object) -> None:
        raise StorageUnavailable("away")

    async def lost(*_: object) -> None:
        raise ContentMissing("lost")

    with monkeypatch.context() as broken:
        for name in ("keep", "fetch", "forget"):
            broken.setattr(Storage, name, away)
        assert (await market.put_file(employer, path, image())).status_code == 503
        assert (await market.get(None, link)).status_code == 503
    with monkeypatch.context() as broken:
        broken.setattr(Storage, "fetch", lost)
        assert (await market.get(None, link)).status_code == 404
    assert (await market.get(None, link)).status_code == 200
    assert (await market.put_file(employer, path, image())).status_code == 201


@pytest.mark.parametrize("digest", ["x", "A" * 64, "0" * 63, "0" * 65, "..%2F" * 12])
async def test_what_is_no_digest_names_no_file(
    market: House, people: tuple[Person, Person, Person], digest: str
) -> None:
    employer = people[0]
    offer = (await made_offer(market, employer))["id"]
    answer = await market.put_file(employer, f"{ROOT}/offers/{offer}/photos", PHOTO, digest=digest)
    assert answer.status_code in {404, 422}
    assert _kept(market) == []
