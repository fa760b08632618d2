"""Filters as a team uses them, in the real bot: written, watched in shadow, tried, armed, and what follows."""

from datetime import timedelta

import discord
import pytest

from bot.contracts.cases import CaseKind
from cogs.conduct.filters import adapter
from cogs.conduct.filters.model import FilterKind
from cogs.conduct.filters.refusals import BadPattern
from cogs.conduct.filters.screening import Postponed
from cogs.conduct.screening.screens import Screens
from tests.cogs.onboarding.conftest import shown

CANARY = "xylophone-canary"


async def everything_stored(bot):
    """Every value of every table, as text."""
    from sqlalchemy import select

    from bot.database import Base

    async with bot.db.read() as session:
        rows = [tuple(row) for table in Base.metadata.sorted_tables for row in await session.execute(select(table))]
    return repr(rows)


async def test_a_filter_is_written_watches_survives_a_restart_asks_before_it_is_armed_and_makes_one_case_of_a_burst(
    sieve, make_bot
):
    stage, bob = sieve.stage, sieve.stage.member
    said = shown((await sieve.open()).screen)
    assert "There is no filter yet" in said

    # What RE2 refuses is refused with its reason, and given back
    refused = await sieve.fill("Add a filter", name="Scams", kind=["patterns"], entries="free (nitro")
    assert "missing )" in refused.response.content
    assert "free (nitro" in (await refused.response.attachments[0].read()).decode()
    assert await everything_stored(stage.bot)
    assert "Scams" not in await everything_stored(stage.bot)

    await sieve.fill("Add a filter", name="Slurs", kind=["words"], entries="badword\nsecond word\nbadword")
    assert "## 1. Slurs" in sieve.text
    assert "2 entries" in sieve.text
    await sieve.press("English list")

    # Shadow: hits are recorded, with the way to them, and nothing happens
    await bob.send(stage.general, f"{CANARY} bаdwоrd")
    innocent = await bob.send(stage.general, f"{CANARY} all is well")
    await bob.edit(innocent, f"{CANARY} second  word")
    await bob.edit(innocent, f"{CANARY} second   word!")
    assert len(sieve.said()) == 2
    assert await sieve.cases() == []
    await sieve.press("What it found")
    assert f"/{innocent.id})" in sieve.text
    assert sieve.text.count("watched") == 2
    await sieve.env.restart(make_bot(), crash=True)
    third = await bob.send(stage.general, f"{CANARY} badword again")
    await sieve.press("Back")
    assert "watched 3" in sieve.text
    assert "English list" in sieve.text

    # Tried: a text, and what was seen
    await sieve.press("All filters")
    await sieve.fill("Test a text", text="b a d w o r d, and a second word")
    assert "`second word`" in sieve.text
    assert "a guess" in sieve.text
    await sieve.press("All filters")
    await sieve.choose("filters:pick", 1)
    await sieve.press("Back-test")
    assert "Of the last 3 messages it would have found 3 (100%)" in sieve.text
    assert str(third.id) in sieve.text
    await sieve.press("Back")

    # Armed only with an article, and once it is confirmed that it may act on so much
    await sieve.choose("filters:doing:1", "warn")
    await sieve.choose("filters:watch:1", "armed")
    assert "needs an article" in sieve.text
    await sieve.choose("filters:article:1", 1)
    await sieve.choose("filters:watch:1", "armed")
    assert "more than 5%" in sieve.text
    stale = sieve.screen
    await bob.send(stage.general, "badword: it only watches still")
    assert await sieve.cases() == []
    await sieve.press("Arm it all the same")
    assert "**Armed**" in sieve.text
    assert stale is sieve.screen

    # A burst: every message goes, one case, one notice, one step
    before = len(sieve.said())
    async with sieve.env.together() as world:
        for number in range(4):
            world.create_message(stage.general.id, bob.id, f"{CANARY} badword {number}")
    assert len(sieve.said()) == before
    (case,) = await sieve.cases()
    assert (case.kind, case.article, case.automatic, case.reason) == (CaseKind.WARN, 1, True, "Filter “Slurs”")
    assert len(sieve.court.dms(bob)) == 1
    outcomes = [hit.outcome.value for hit in await sieve.hits()]
    assert outcomes[-4:] == ["acted", "joined", "joined", "joined"]
    await sieve.env.pass_time(minutes=2)
    await bob.send(stage.general, "badword, having read it")
    assert len(await sieve.cases()) == 2

    # What an armed filter is to look for else is tried out before it acts
    await sieve.fill("Entries", entries="zweiwort")
    assert "**Armed**" in sieve.text, "nobody wrote that"
    await sieve.fill("Entries", entries="badword")
    assert "more than 5%" in sieve.text
    await sieve.press("Back")
    assert "**Shadow**" in sieve.text
    assert CANARY not in await everything_stored(stage.bot)


async def test_embeds_names_and_threads_are_looked_at_and_the_team_roles_channels_and_bots_left_alone(sieve):
    stage, env, bob = sieve.stage, sieve.env, sieve.stage.member
    quiet = stage.guild.create_text_channel("quiet")
    spared = stage.guild.create_role("Spared")
    await sieve.keep(
        FilterKind.WORDS, "Words", "badword", doing=_doing("delete"), exempt_roles=(spared.id,),
        exempt_channels=(quiet.id,),
    )  # fmt: skip
    moderators = stage.guild.create_role("Mods", permissions=discord.Permissions(manage_messages=True))
    for person in (stage.moderator, stage.admin, stage.person("vip", spared), stage.person("mod", moderators)):
        await person.send(stage.general, "badword")
    await bob.send(quiet, "badword")
    assert len(sieve.said()) == 4
    assert await sieve.cases() == []

    async with env._acting("previews") as world:
        linked = world.create_message(stage.general.id, bob.id, "look: https://example.com")
    async with env._acting("previews") as world:
        world.edit_message(stage.general.id, linked.id, {"embeds": [{"title": "b\u200badword", "type": "link"}]})
    assert len(sieve.said()) == 4
    (case,) = await sieve.cases()
    assert (case.kind, case.points, case.reason) == (CaseKind.FILTER, 0, "Filter “Words”")
    assert sieve.court.dms(bob) == []

    async with env._acting("names") as world:
        world.edit_member(stage.guild.id, bob.id, {"nick": "The B4dword badword"})
    member = await stage.server.fetch_member(bob.id)
    assert not member.nick
    async with env._acting("thread") as world:
        thread = world.create_thread(stage.general.id, "a badword here", bob.id)
    assert stage.server.get_thread(thread.id).name == "Renamed by a filter"
    assert [hit.place.value for hit in await sieve.hits()] == ["embed", "nickname", "thread_name"]
    assert [hit.outcome.value for hit in await sieve.hits()] == ["acted", "joined", "joined"]

    # What it was told to leave alone is deleted: it goes on, and its page shows
    async with env._acting("gone") as world:
        world.delete_channel(quiet.id)
        world.delete_role(stage.guild.id, spared.id)
    await stage.person("late").send(stage.general, "badword")
    assert len(await sieve.cases()) == 2
    await sieve.open()
    await sieve.choose("filters:pick", 1)
    assert "## 1. Words" in sieve.text


async def test_out_of_reach_goes_to_the_inbox_a_guess_is_only_looked_at_and_a_flood_is_deleted_as_one(sieve):
    stage, env, bob = sieve.stage, sieve.env, sieve.stage.member
    await sieve.keep(FilterKind.WORDS, "Words", "badword", doing=_doing("timeout"), length=timedelta(hours=3))
    high = stage.guild.create_role("High")
    async with env._acting("ranks") as world:
        world.edit_role(stage.guild.id, high.id, {"position": 30})
    senior = stage.person("senior", high)
    above = await senior.send(stage.general, "badword")
    guessed = await stage.person("leet").send(stage.general, "b4dw0rd")
    assert len(sieve.said()) == 2
    assert await sieve.cases() == []
    assert sorted(await sieve.waiting()) == [("conduct.filter_held", above.id), ("conduct.filter_look", guessed.id)]

    await sieve.may(manage_messages=False)
    left = await bob.send(stage.general, "badword")
    (case,) = await sieve.cases()
    assert (case.kind, case.until - case.created_at) == (CaseKind.TIMEOUT, timedelta(hours=3))
    assert ("conduct.filter_held", left.id) in await sieve.waiting()
    assert (await stage.server.fetch_member(bob.id)).timed_out_until is not None
    await sieve.may(manage_messages=True)

    # What may take long is looked for in a thread, and is found all the same
    await sieve.keep(FilterKind.PATTERNS, "Slow", "badpattern[a-z]{200}", doing=_doing("report"))
    slow = await stage.person("slow").send(stage.general, f"badpattern{'a' * 200}{' .' * 890}")
    looked = next(one for one in stage.bot.cached_messages if one.id == slow.id)
    screening = sieve.service(Screens).screening
    assert isinstance(screening.screen(adapter.seen(looked, lambda member: False)), Postponed)
    assert ("conduct.filter_look", slow.id) in await sieve.waiting()

    await sieve.keep(FilterKind.SPAM, "Floods", doing=_doing("warn"))
    await sieve.keep(FilterKind.MENTIONS, "Crowds", doing=_doing("delete"), most_mentions=2)
    flooder, before = stage.person("flooder"), len(sieve.said())
    other = stage.guild.create_text_channel("other")
    for channel in (stage.general, other, stage.general):
        await flooder.send(channel, "buy this now")
    assert len(sieve.said()) == before
    assert sieve.said(other) == []
    await stage.person("caller").send(stage.general, f"<@{bob.id}> <@{senior.id}> <@{stage.moderator.id}>")
    assert [(one.kind, one.reason) for one in (await sieve.cases())[1:]] == [
        (CaseKind.WARN, "Filter “Floods”"),
        (CaseKind.FILTER, "Filter “Crowds”"),
    ]


async def test_the_ladder_acts_only_where_a_filter_is_armed_to_and_settings_and_switches_are_followed(sieve):
    stage, bob = sieve.stage, sieve.stage.member
    await sieve.court.open(CaseKind.WARN, bob, severity=_severity("medium"))
    await sieve.keep(FilterKind.WORDS, "Words", "badword", doing=_doing("ladder"))
    await sieve.env.pass_time(minutes=2)
    await bob.send(stage.general, "badword")
    case = (await sieve.cases())[-1]
    assert (case.kind, case.automatic, case.moderator_id) == (CaseKind.TIMEOUT, True, None)
    eve = stage.person("eve")
    for section, fields in (
        ("filters", {"allowed": ["badword"]}),
        ("filters", {"allowed": [], "exempt_channels": [stage.general.id]}),
        ("filters", {"exempt_channels": [], "enabled": False}),
        ("filters", {"enabled": True}),
    ):
        await sieve.change(section, **fields)
        await eve.send(stage.general, "badword")
    assert sieve.said().count("badword") == 3, "only the last one went"
    assert (await sieve.cases())[-1].user_id == eve.id

    # Another server's file: what it brings watches at once; what RE2 refuses changes nothing
    bot, guild = stage.bot, stage.guild.id
    part = bot.sections.parts["filter_list"]
    rows = part.kept(guild).model_dump()["filters"]
    for entries, stands in (("other", True), ("(", False)):
        brought = [*rows, {"name": "Brought", "kind": "patterns", "entries": (entries,)}]
        file = part.section.model_validate({"filters": brought})
        took = sieve.court.do(bot.db.transaction(lambda tx, file=file: part.take(tx, guild, file, 1)))
        if stands:
            await took
        else:
            with pytest.raises(BadPattern):
                await took
    await stage.person("new").send(stage.general, "other")
    assert [hit.outcome.value for hit in await sieve.hits()][-1] == "watched"
    assert "other" in sieve.said()


def _doing(name):
    from cogs.conduct.screening.rules import Doing

    return Doing(name)


def _severity(name):
    from bot.contracts.conduct import Severity

    return Severity(name)


@pytest.fixture
def without_content(bot_options):
    bot_options["without_intents"] = frozenset({"message_content"})


async def test_without_message_content_filters_stay_off_and_the_panel_and_the_status_say_so(without_content, sieve):
    await sieve.keep(FilterKind.WORDS, "Words", "badword", armed=False)
    assert "Own filters stay off" in shown((await sieve.open()).screen)
    status = await sieve.stage.admin.slash(sieve.stage.general, "status")
    assert "own filters" in shown(status.response)
    await sieve.stage.member.send(sieve.stage.general, "badword")
    assert await sieve.hits() == []
