"""Holds what the bot counted during the story against what people did in it."""

from collections import Counter

from sqlalchemy import func, select

from bot.community.models import ActivityDay, Contribution
from cogs.conduct.cases.models import Case
from demo.casework import DECIDE
from demo.simulation import Simulation, Where


async def counted(story: Simulation, column: str) -> Counter[Where]:
    """One column of the bot's activity table, by person and channel."""
    world = story.world
    people = {user.id: key for key, user in world.users.items()}
    channels = {handle.id: key for key, handle in world.channels.items()}
    total = func.sum(getattr(ActivityDay, column))
    query = select(ActivityDay.user_id, ActivityDay.channel_id, total).group_by(
        ActivityDay.user_id, ActivityDay.channel_id
    )
    async with world.bot.db.read() as session:
        rows = (await session.execute(query)).all()
    return Counter({(people[user], channels[channel]): count for user, channel, count in rows if count})


async def facts(story: Simulation, kind: str) -> list[tuple[str, str | None]]:
    """Who earned facts of a kind, and for whom."""
    people = {user.id: key for key, user in story.world.users.items()}
    query = select(Contribution).where(Contribution.kind == kind, Contribution.revoked_at.is_(None))
    async with story.world.bot.db.read() as session:
        rows = (await session.scalars(query)).all()
    return sorted((people[row.user_id], people.get(row.for_member or 0)) for row in rows)


async def cases(story: Simulation) -> list[tuple[str, str, str]]:
    """Who decided what about whom, in the order of the cases."""
    people = {user.id: key for key, user in story.world.users.items()}
    async with story.world.bot.db.read() as session:
        rows = (await session.scalars(select(Case).order_by(Case.number))).all()
    assert all(row.noticed_at for row in rows), "everybody was told"
    return [(people[row.moderator_id or 0], row.kind.value, people[row.user_id]) for row in rows]


async def hold_against_the_database(story: Simulation) -> None:
    tally = story.tally
    assert sum(tally.messages.values()) > 500
    assert await counted(story, "messages") == tally.messages
    assert await counted(story, "reactions_given") == tally.reactions_given
    assert await counted(story, "reactions_received") == tally.reactions_received
    assert sum(tally.voice_minutes.values()) > 100
    assert await counted(story, "voice_minutes") == +tally.voice_minutes
    assert len(tally.introduced) >= 3
    assert [who for who, _ in await facts(story, "introduced")] == sorted(tally.introduced)
    assert set(tally.answered_calls) == {"nils"}, "a greeter was asked, and answered"
    assert (tally.answered_calls["nils"], "nils") in await facts(story, "greeted")
    assert await cases(story) == tally.decided
    assert tally.contested == ["priya"], "an appeal waits for whoever moderates"
    [appeal] = story.casework.appeals()
    assert DECIDE in str(appeal.components)
    greeted = {newcomer for _, newcomer in await facts(story, "greeted")}
    assert greeted == set(tally.greeted)
