"""Promise 27 for the welcome: an erased newcomer's introduction is taken down, and nothing is called after them."""

import sqlalchemy as sa

from bot.community.models import Contribution
from tests.bot.privacy.rows import everything
from tests.cogs.onboarding.test_cog import introduced


async def cells_with(db, user_id):
    """Positions in channels apart: the simulation numbers messages and people in one row."""
    cells = await everything(db)
    return [(table, column) for table, column, value in cells if str(user_id) in value and table != "channel_cursor"]


async def test_an_erased_newcomer_leaves_no_post_and_no_name_in_what_others_did(house, restart):
    nora, message = await introduced(house, "I repair radios.", "")
    greeter = house.stage.member
    await greeter.click(message, label="Say hello")
    bot = house.stage.bot
    async with bot.db.writer.begin() as connection:  # as an earlier version named it
        greeted = Contribution.__table__.update().where(Contribution.kind == "greeted")
        await connection.execute(greeted.values(source=f"newcomer:{nora.id}"))
    house.stage.server.unavailable = True  # as Discord says of a server that it cannot show at present
    await house.do(bot.community.erase(house.stage.guild.id, nora.id))
    await house.stage.env.pass_time(seconds=5)
    assert len(house.intros.history()) == 1
    house.stage.server.unavailable = False
    await house.stage.env.pass_time(minutes=10)
    assert house.intros.history() == []
    assert await cells_with(bot.db, nora.id) == []
    async with bot.db.read() as session:
        kept = (await session.execute(sa.select(Contribution.user_id).where(Contribution.kind == "greeted"))).all()
    assert [user for (user,) in kept] == [greeter.id], "what somebody else did stays"
    await restart()
    await nora.open()
    assert "0 of" in str(nora.screen.components), "they can begin again"
