"""What a filter found goes, whatever happens between its case and Discord's answer."""

import asyncio

import aiohttp
import discord

from bot.community import catch_up
from bot.contracts.cases import CaseKind
from bot.posting import ARCHIVED
from cogs.conduct.carrying.hindrances import ERASE
from cogs.conduct.filters.model import FilterKind
from cogs.conduct.screening.acting import Acting
from cogs.conduct.screening.judging import Judging
from cogs.conduct.screening.rules import Doing
from tests.cogs.conduct.conftest import buttons
from tests.cogs.onboarding.conftest import raw, walk


def keys_of(message):
    return [part["custom_id"] for part in walk(raw(message)) if "custom_id" in part]


def dies_before_it_asks(bot, monkeypatch):
    """The process vanishes once the case is committed and before Discord hears of it."""

    async def vanish(*args, **kwargs):
        raise asyncio.CancelledError

    for request in ("delete_message", "delete_messages", "edit_member", "edit_channel"):
        monkeypatch.setattr(bot.http, request, vanish)


async def test_killed_between_the_case_and_the_deletion_everything_found_still_goes_once(sieve, make_bot, monkeypatch):
    stage, env, bob = sieve.stage, sieve.env, sieve.stage.member
    await sieve.keep(FilterKind.WORDS, "Words", "badword", doing=Doing.WARN)
    flooder, caller = stage.person("flooder"), stage.person("caller")
    await sieve.keep(FilterKind.SPAM, "Floods", doing=Doing.DELETE)
    dies_before_it_asks(stage.bot, monkeypatch)
    await bob.send(stage.general, "badword")
    for _ in range(3):
        await flooder.send(stage.general, "buy this now")
    async with env._acting("names") as world:
        world.edit_member(stage.guild.id, caller.id, {"nick": "a badword"})
    async with env._acting("thread") as world:
        thread = world.create_thread(stage.general.id, "badword here", caller.id)
    stood = [text for text in sieve.said() if text != "badword here"]  # Discord's own word of the thread
    assert stood == ["badword", *["buy this now"] * 3], "each has its case, and all of it stands"
    assert [case.kind for case in await sieve.cases()] == [CaseKind.WARN, CaseKind.FILTER, CaseKind.WARN]
    await env.restart(make_bot(), crash=True)
    await env.pass_time(minutes=1)
    assert [text for text in sieve.said() if text != "badword here"] == []
    assert not (await stage.server.fetch_member(caller.id)).nick
    assert stage.server.get_thread(thread.id).name == "Renamed by a filter"
    assert len(await sieve.cases()) == 3
    asked = [one for one in env.http_requests if one.method == "DELETE" and "/messages/" in one.path]
    await env.pass_time(hours=2)
    assert [one for one in env.http_requests if one.method == "DELETE" and "/messages/" in one.path] == asked


async def test_what_discord_refuses_to_delete_is_shown_to_the_team_tried_again_and_goes_when_it_may(
    sieve, logged_errors
):
    stage, env, bob = sieve.stage, sieve.env, sieve.stage.member
    other = stage.guild.create_text_channel("other")
    await sieve.keep(FilterKind.SPAM, "Floods", doing=Doing.WARN)
    env.inject_error("DELETE", f"/channels/{other.id}/messages/*", status=403, code=50013, times=None)
    for channel in (stage.general, other, stage.general):
        await bob.send(channel, "buy this now")
    assert (sieve.said(), sieve.said(other)) == ([], ["buy this now"]), "one channel keeps nothing standing elsewhere"
    (log,) = sieve.court.posts()
    assert f"still stands in <#{other.id}>: Discord does not let me delete it" in log
    assert [kind for kind, _ in await sieve.waiting()] == ["conduct.filter_held"]
    await env.pass_time(minutes=20)
    assert "timers.stuck" in [kind for kind, _ in await sieve.waiting()]

    # Known beforehand: nothing is asked, and the card names what lacks
    env.backend.faults.clear()
    before = [one for one in env.http_requests if one.method == "DELETE"]
    await sieve.may(manage_messages=False)
    await env.pass_time(hours=1)
    assert [one for one in env.http_requests if one.method == "DELETE"] == before
    assert "where I lack Manage Messages" in sieve.court.posts()[0]
    await sieve.may(manage_messages=True)
    assert sieve.said(other) == []
    assert "still stands" not in sieve.court.posts()[0]
    await env.pass_time(minutes=1)
    assert await sieve.waiting() == []

    # What the team calls all right meanwhile stays, and nothing tries any more
    env.inject_error("DELETE", f"/channels/{other.id}/messages/*", status=403, code=50013, times=None)
    kept = await sieve.keep(FilterKind.WORDS, "Words", "badword", doing=Doing.WARN)
    await stage.person("eve").send(other, "badword")
    (hit,) = [one for one in await sieve.hits() if one.filter_id == kept.id]
    await sieve.court.do(sieve.service(Judging).mark(stage.guild.id, kept.id, hit.source, stage.admin.id))
    env.backend.faults.clear()
    await env.pass_time(hours=2)
    assert sieve.said(other) == ["badword"]
    assert not any("still stands" in post for post in sieve.court.posts())
    assert await sieve.waiting() == []
    logged_errors.clear()


async def test_while_one_of_two_things_owed_for_a_case_still_stands_its_post_says_so(sieve, logged_errors):
    stage, env, bob = sieve.stage, sieve.env, sieve.stage.member
    other = stage.guild.create_text_channel("other")
    await sieve.keep(FilterKind.WORDS, "Words", "badword", doing=Doing.WARN)
    for channel in (stage.general, other):
        env.inject_error("DELETE", f"/channels/{channel.id}/messages/*", status=403, code=50013, times=None)
        await bob.send(channel, "badword")
    assert len(await sieve.cases()) == 1
    assert "still stands" in sieve.court.posts()[0]
    await env.pass_time(minutes=2)
    del env.backend.faults[1]
    key = f"{ERASE}:{stage.guild.id}:message:{other.last_message.id}"
    assert await sieve.court.do(stage.bot.db.transaction(lambda tx: stage.bot.timers.hasten(tx, key)))
    await env.settle()
    assert (sieve.said(), sieve.said(other)) == (["badword"], [])
    assert f"still stands in <#{stage.general.id}>" in sieve.court.posts()[0]
    env.backend.faults.clear()
    await env.pass_time(minutes=10)
    assert sieve.said() == []
    assert "still stands" not in sieve.court.posts()[0]
    logged_errors.clear()


async def test_the_team_says_what_was_found_wrongly_in_the_inbox_and_below_the_hits(sieve):
    stage, bob, mina = sieve.stage, sieve.stage.member, sieve.stage.admin
    await sieve.keep(FilterKind.WORDS, "Words", "badword", doing=Doing.REPORT)
    await bob.send(stage.general, "badword")
    (item,) = await stage.bot.inbox.open_items(stage.guild.id, viewer=mina.id)
    screen = (await mina.slash(stage.staff, "inbox")).response
    key = f"inbox:go:i:{item.id}:"
    await mina.click(screen, custom_id=next(one for one in keys_of(screen) if one.startswith(key)))
    answer = await mina.click(screen, custom_id=buttons(screen)["All is well with it"])
    assert "counts against this filter" in answer.response.content
    assert await sieve.waiting() == []

    # Below the hits: said, taken back, and three of them disarm it
    for number in (1, 2):
        await sieve.env.pass_time(minutes=11)
        await stage.person(f"p{number}").send(stage.general, "badword")
    await sieve.open()
    await sieve.choose("filters:pick", 1)
    assert "1 of them wrong" in sieve.text
    await sieve.press("What it found")
    hits = [hit.source for hit in reversed(await sieve.hits())]
    await sieve.choose("filters:judge:1", f"1:{hits[0]}")
    assert "1. <t" in sieve.text
    assert sieve.text.count("**wrong**") == 2
    await sieve.choose("filters:judge:1", f"0:{hits[0]}")
    assert sieve.text.count("**wrong**") == 1
    await sieve.choose("filters:judge:1", f"1:{hits[0]}")
    await sieve.choose("filters:judge:1", f"1:{hits[1]}")
    assert "from now on it only watches" in sieve.text
    await sieve.press("Back")
    assert "**Shadow**" in sieve.text
    await sieve.press("Back-test")
    assert "3 of these the team called wrong" in sieve.text
    assert [kind for kind, _ in await sieve.waiting()] == ["conduct.filter_disarmed"]


async def test_what_was_written_while_the_bot_was_away_is_found_and_only_what_is_recent_is_sanctioned(sieve, make_bot):
    stage, env, bob, eve = sieve.stage, sieve.env, sieve.stage.member, sieve.stage.person("eve")
    await sieve.keep(FilterKind.WORDS, "Words", "badword", doing=Doing.WARN)
    await sieve.keep(FilterKind.SPAM, "Floods", doing=Doing.WARN)
    await sieve.keep(FilterKind.WORDS, "Watched", "otherword", doing=Doing.WARN, armed=False)
    await bob.send(stage.general, "hello")
    await env.stop_bot()

    async def write(*said):
        async with env._acting("away") as world:
            for author, text in said:
                world.create_message(stage.general.id, author.id, text)

    await write((bob, "badword of four days ago"))
    env.backend.advance_clock(4 * 86400)
    await write(
        *[(bob, "badword of an hour ago")] * 3,
        *[(bob, "buy this now")] * 3,
        (stage.moderator, "badword, says the team"),
    )
    env.backend.advance_clock(3600)
    await write((eve, "badword, just now"), (eve, "otherword"))
    await env.restart(make_bot())
    await env.pass_time(minutes=1)
    stands = ["hello", "badword of four days ago", *["buy this now"] * 3, "badword, says the team", "otherword"]
    assert sieve.said() == stands
    cases = [(case.user_id, case.kind, case.points > 0) for case in await sieve.cases()]
    assert cases == [(bob.id, CaseKind.FILTER, False), (eve.id, CaseKind.WARN, True)]
    found = ["acted", "joined", "joined", "acted", "watched"]
    assert [hit.outcome.value for hit in await sieve.hits()] == found, "what only goes is one case for a whole burst"
    assert sieve.court.dms(bob) == []
    await env.restart(make_bot(), crash=True)
    await env.pass_time(minutes=1)
    assert (len(await sieve.cases()), len(await sieve.hits())) == (2, 5)


async def test_one_failure_leaves_nothing_else_that_was_written_while_the_bot_was_away_unlooked_at(
    sieve, make_bot, monkeypatch, logged_errors
):
    stage, env, bob = sieve.stage, sieve.env, sieve.stage.member
    await sieve.keep(FilterKind.WORDS, "Words", "badword", doing=Doing.WARN)
    await sieve.keep(FilterKind.WORDS, "Watched", "otherword", doing=Doing.WARN, armed=False)
    await bob.send(stage.general, "hello")
    await env.stop_bot()
    eve, odd = stage.person("eve"), stage.person("odd")
    async with env._acting("away") as world:
        for author, text in ((bob, "badword and otherword"), (odd, "badword, and a defect"), (eve, "badword")):
            world.create_message(stage.general.id, author.id, text)
    delete, act, asked = discord.http.HTTPClient.delete_message, Acting.message, []

    def cut_off_once(*args, **kwargs):
        asked.append(args)
        if len(asked) == 1:
            raise aiohttp.ServerDisconnectedError
        return delete(*args, **kwargs)

    async def defect(acting, message, *args, **kwargs):
        if message.author.id == odd.id:
            raise RuntimeError("a defect")
        await act(acting, message, *args, **kwargs)

    monkeypatch.setattr(discord.http.HTTPClient, "delete_message", cut_off_once)
    monkeypatch.setattr(Acting, "message", defect)
    await env.restart(make_bot())
    await env.pass_time(minutes=1)
    assert sieve.said() == ["hello", "badword, and a defect"], "what the cut line left standing is tried again"
    assert len(asked) == 3
    assert [case.user_id for case in await sieve.cases()] == [bob.id, eve.id]
    assert [(hit.user_id, hit.outcome.value) for hit in await sieve.hits()] == [
        (bob.id, "watched"),
        (bob.id, "acted"),
        (eve.id, "acted"),
    ]
    (error,) = logged_errors  # a line that is cut is none
    assert "a defect" in error
    logged_errors.clear()


async def test_what_was_found_in_a_thread_that_was_archived_meanwhile_goes_and_exempt_channels_hold_there(
    sieve, make_bot, monkeypatch
):
    stage, env, bob = sieve.stage, sieve.env, sieve.stage.member
    category = stage.guild.create_category("Rooms")
    spared, roomy = stage.guild.create_text_channel("spared"), stage.guild.create_text_channel("r", category=category)
    await sieve.change("filters", exempt_channels=[spared.id, category.id])
    await sieve.keep(FilterKind.WORDS, "Words", "badword", doing=Doing.WARN)
    async with env._acting("threads") as world:
        threads = [world.create_thread(place.id, "games", bob.id) for place in (stage.general, spared, roomy)]
        for thread in threads:
            world.create_message(thread.id, bob.id, "hello")
    await env.stop_bot()
    for thread in threads:
        async with env._acting("away") as world:
            world.create_message(thread.id, bob.id, "badword")
        await env.edit_thread(thread, archived=True)
    # Discord tells of threads that are not archived only
    add = discord.Guild._add_thread
    monkeypatch.setattr(discord.Guild, "_add_thread", lambda guild, one: None if one.archived else add(guild, one))
    env.inject_error("DELETE", f"/channels/{threads[0].id}/messages/*", status=400, code=ARCHIVED)
    env.inject_error("GET", f"/channels/{threads[2].id}/messages", status=502)  # read later, when nothing lists it
    monkeypatch.setattr(catch_up, "ROUNDS", 1)
    await env.restart(make_bot())
    await env.pass_time(minutes=11)
    assert env.backend.faults == []
    assert not any(stage.server.get_thread(thread.id) for thread in threads), "and they are archived again"
    changes = [
        (one.path, one.json) for one in env.http_requests if one.method == "PATCH" and "messages" not in one.path
    ]
    assert changes == [(f"/channels/{threads[0].id}", {"archived": archived}) for archived in (False, True)]
    stands = [[one.content for one in env.backend.messages[thread.id].values()] for thread in threads]
    assert stands == [["hello"], ["hello", "badword"], ["hello", "badword"]]
    assert [(case.user_id, case.kind) for case in await sieve.cases()] == [(bob.id, CaseKind.WARN)]
    assert [(hit.channel_id, hit.outcome.value) for hit in await sieve.hits()] == [(threads[0].id, "acted")]
    assert await sieve.waiting() == []
