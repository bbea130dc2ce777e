"""A picture that is taken down: gone at once, and not shown again while that is in force."""

from hashlib import sha256

from PIL import Image

from tests.services.identity.api.test_avatars import opened, picture, seen, show
from tests.services.identity.exclusion.court import told, well
from tests.services.identity.operators.watch import Watch


async def test_it_is_gone_and_does_not_come_back_until_that_is_undone(watch: Watch) -> None:
    operator, member = await watch.operator(), await watch.house.member()
    content = picture("firebrick")
    digest = sha256(content).hexdigest()
    assert told(await watch.take_down(operator, member, digest)) == (404, "picture-not-shown")
    assert (await show(member, content)).status_code == 201
    shown = await seen(operator, member)
    assert shown is not None
    before = await opened(watch.house, shown["link"])
    assert before.status_code == 200
    act = well(await watch.take_down(operator, member, digest))
    kept = sha256(before.content).hexdigest()
    assert (act["power"], act["picture"], act["until"]) == ("remove_picture", kept, None)
    assert await seen(operator, member) is None
    assert told(await opened(watch.house, shown["link"])) == (404, "file-not-found")
    assert told(await show(member, content)) == (403, "picture-taken-down")
    assert (await show(member, picture("teal"))).status_code == 201
    well(await watch.undo(operator, act))
    assert (await show(member, content)).status_code == 201
    assert await watch.notices(member) == ["account.picture_removed", "account.picture_allowed"]


async def test_another_file_with_the_same_picture_is_the_same_picture(watch: Watch) -> None:
    operator, member, other = await watch.operator(), await watch.house.member(), await watch.house.member()
    content = picture("sienna")
    assert (await show(member, content)).status_code == 201
    act = well(await watch.take_down(operator, member, sha256(content).hexdigest()))
    exif = Image.Exif()
    exif[0x010E] = "another one, they say"
    disguised = picture("sienna", exif=exif)
    assert disguised != content
    assert told(await show(member, disguised)) == (403, "picture-taken-down")
    assert await seen(operator, member) is None
    assert (await show(other, disguised)).status_code == 201, "it is about one member's"
    well(await watch.undo(operator, act))
    assert (await show(member, disguised)).status_code == 201


async def test_nobody_else_takes_it_down(watch: Watch) -> None:
    operator, member, stranger = (
        await watch.operator(),
        await watch.house.member(),
        await watch.house.member(),
    )
    content = picture("olive")
    assert (await show(member, content)).status_code == 201
    digest = sha256(content).hexdigest()
    assert told(await watch.take_down(stranger, member, digest)) == (403, "operator-only")
    assert (await watch.take_down(operator, member, digest[:10])).status_code == 422
    assert (await show(operator, content)).status_code == 201
    assert told(await watch.take_down(operator, operator, digest)) == (403, "about-oneself")
    assert await seen(operator, member) is not None
