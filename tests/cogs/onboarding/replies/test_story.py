"""A newcomer's first words, and whoever answers them, in the real bot."""

import asyncio

import aiohttp
import discord
import pytest

from cogs.onboarding.replies.looking import Looking
from tests import mentions
from tests.cogs.onboarding.conftest import buttons, raw, shown


@pytest.fixture
def bot_options():
    return {"features": ("administration", "membership", "onboarding")}


@pytest.fixture
async def lodge(house):
    """First answers are watched over; `bob` and `mina` are on call."""
    guild, stage = house.guild, house.stage
    hidden = discord.PermissionOverwrite(view_channel=False)
    seen = discord.PermissionOverwrite(view_channel=True)
    crew = guild.create_role("Crew")
    house.greeters = guild.create_text_channel(
        "greeters", overwrites={guild.default_role: hidden, crew: seen, stage.team: seen, house.env.bot.user: seen}
    )
    await house.change("welcome", enabled=False)  # they are no newcomers
    house.bob, house.lena = stage.person("Bob", crew), stage.person("Lena", crew)
    house.env.set_locale(house.bob, "fr")
    await house.env.settle()
    await house.change("welcome", enabled=True)
    await house.change("community", staff_roles=[stage.team.id])
    await house.change("replies", enabled=True, channel=house.greeters.id)
    return house


async def page(house, person):
    """The page of the greeters in somebody's own profile."""
    profile = (await person.slash(house.stage.general, "profile")).response
    menu = next(one for one in buttons(profile).values() if one.startswith("profile:page:"))
    return await person.select(profile, values=["greeter"], custom_id=menu)


async def go_on_call(house, *people):
    for person in people:
        turned = await page(house, person)
        await person.click(turned.response, custom_id="replies:duty:on")


def asked(house):
    """(who was pinged, what the message says) of each call."""
    found = []
    for route, body in mentions.messages(house.env.backend.http_requests):
        if route.startswith(f"POST /channels/{house.greeters.id}/"):
            found.append(body["allowed_mentions"])
    return found


async def inbox(house, person):
    return shown((await person.slash(house.stage.staff, "inbox")).response)


async def test_a_first_message_brings_one_greeter_then_the_next_and_the_answer_closes_it(lodge, restart):
    house, general = lodge, lodge.stage.general
    await go_on_call(house, house.bob, house.lena)
    nora = await house.join("Nora")
    await nora.actor.send(general, "hello <@&1> everyone")
    await house.env.pass_time(minutes=29)
    assert house.greeters.history() == []
    await house.env.pass_time(minutes=2)
    (call,) = house.greeters.history()
    first, second = (house.bob, house.lena) if f"<@{house.bob.id}>" in shown(call) else (house.lena, house.bob)
    assert f"<@{first.id}>: <@{nora.id}> wrote here for the first time, in <#{general.id}>" in shown(call)
    assert asked(house) == [{"parse": [], "users": [first.id]}]
    await restart(crash=True)
    (call,) = house.greeters.history()
    refused = await second.click(call, custom_id=buttons(call)["Not now"])
    assert "Somebody else was asked" in shown(refused.response) or "La demande allait" in shown(refused.response)
    await first.click(call, custom_id=buttons(call)["Not now"])
    old, call = house.greeters.history()
    assert "Not now: it was passed on." in shown(old)
    assert buttons(old) == {}
    assert asked(house)[1:] == [{"parse": [], "users": [second.id]}]
    await second.click(call, custom_id=buttons(call)["I take it"])
    _, call = house.greeters.history()
    assert f"<@{second.id}> takes care of it." in shown(call)
    assert "I take it" not in buttons(call)
    assert await nora.actor.send(general, "anybody?")
    assert "first answer" not in await inbox(house, house.stage.moderator)
    await second.send(general, "Welcome! What do you grow?")
    _, call = house.greeters.history()
    assert f"Answered by <@{second.id}>." in shown(call)
    assert buttons(call) == {}
    assert (await house.facts())["greeted", second.id] == 1
    late = await first.click(call, custom_id="replies:take:2") if buttons(call) else None
    assert late is None
    await house.env.pass_time(hours=3)
    assert "waits for a first answer" not in await inbox(house, house.stage.moderator)
    assert len(house.greeters.history()) == 2


async def test_with_nobody_on_call_the_team_has_an_introduction_at_half_time_in_french_and_hello_settles_it(lodge):
    house, env, mina = lodge, lodge.env, lodge.stage.moderator
    env.set_locale(mina, "fr")
    await house.change("community", language="fr")
    nora = await house.join("Nora <@&7>", locale="fr")
    await nora.open()
    await nora.write("Je répare des radios.", "", label="Écrire")
    status = await mina.slash(house.stage.staff, "status")
    assert "**Première réponse** · Personne n’est de permanence" in shown(status.response)
    assert "1 nouvelle personne attend" in shown(status.response)
    await env.pass_time(minutes=31)
    assert house.greeters.history() == []
    opened = await inbox(house, mina)
    assert f"<@{nora.id}> attend une première réponse" in opened.replace("\u202f", " ")
    await house.bob.click(house.intros.last_message, custom_id=f"onboarding:hello:{nora.id}")
    assert "attend une première réponse" not in await inbox(house, mina)
    assert (await house.facts())["greeted", house.bob.id] == 1


async def test_the_next_message_after_an_introduction_or_in_a_channel_answers_but_talk_between_others_does_not(lodge):
    house, general = lodge, lodge.stage.general
    nora, omar = await house.join("Nora"), await house.join("Omar")
    await nora.actor.send(general, "hello")
    await omar.open()
    await omar.write("Chess.", "")
    await omar.actor.send(general, "hi all")
    assert await house.facts() == {("introduced", omar.id): 1}, "first words answer nobody"
    await house.env.pass_time(minutes=31)
    assert await house.facts() == {("introduced", omar.id): 1}, "nor do they when the channel's history is looked at"
    await house.bob.send(general, f"and you, <@{house.lena.id}>?")
    assert ("greeted", house.bob.id) not in await house.facts()
    await house.bob.send(house.intros, "Which opening?")
    await house.lena.send(general, "Hello you two")
    facts = await house.facts()
    assert (facts["greeted", house.bob.id], facts["greeted", house.lena.id]) == (1, 2 - 1)


async def test_after_an_outage_answers_given_meanwhile_are_found_and_a_wait_counts_from_the_message(lodge, restart):
    house, general = lodge, lodge.stage.general
    await go_on_call(house, house.bob)
    nora, omar, pia = [await house.join(name) for name in ("Nora", "Omar", "Pia")]
    await nora.actor.send(general, "hello")
    await house.env.pass_time(minutes=31)
    (call,) = house.greeters.history()
    await house.env.outage()
    await house.lena.send(general, "Welcome Nora")
    await omar.actor.send(house.panel, "hello from the outage")
    await house.lena.send(house.panel, "Hi Omar")
    written = house.env.now()
    await pia.actor.send(house.intros, "hello, is anybody there?")
    await house.env.pass_time(minutes=40)
    await pia.actor.send(house.intros, "anybody?")
    await restart(crash=True)
    call, late = house.greeters.history()
    assert f"Answered by <@{house.lena.id}>." in shown(call)
    assert f"<@{pia.id}> wrote here for the first time, in <#{house.intros.id}>, " in shown(late)
    assert f"<t:{int(written.timestamp())}:R>" in shown(late)
    await house.env.pass_time(minutes=21)
    opened = await inbox(house, house.stage.moderator)
    assert opened.count("waits for a first answer") == 1
    assert f"<@{pia.id}> waits for a first answer" in opened
    assert len(house.greeters.history()) == 2
    assert (await house.facts())["greeted", house.lena.id] == 2


async def test_a_connection_lost_in_one_channel_ends_the_look_for_nobody_else(lodge, monkeypatch, caplog):
    house, looked, read = lodge, [], Looking._look

    async def cut_at_first(self, guild, channel, board):
        looked.append(board.user_id)
        if len(looked) == 1:
            raise aiohttp.ServerDisconnectedError
        return await read(self, guild, channel, board)

    people = [await house.join(name) for name in ("Nora", "Omar")]
    for person in people:
        await person.actor.send(house.stage.general, "hello")
    monkeypatch.setattr(Looking, "_look", cut_at_first)
    await house.env.bot.get_cog("FirstAnswers").looking.server(house.stage.server)
    assert sorted(looked) == sorted(person.id for person in people)
    assert "could not be looked at for an answer: ServerDisconnectedError" in caplog.text


async def test_a_ping_and_a_ban_are_said_once_discord_takes_them_and_old_buttons_answer(lodge, restart):
    house, general = lodge, lodge.stage.general
    house.env.close_dms(house.bob)
    await go_on_call(house, house.bob)
    nora = await house.join("**Nora** <@&1> [x](https://x.y)")
    await nora.actor.send(general, "@everyone")
    house.env.inject_error("POST", f"/channels/{house.greeters.id}/messages", status=503)
    await house.env.pass_time(minutes=30, seconds=20)
    assert house.greeters.history() == []
    await house.env.pass_time(minutes=2)
    (call,) = house.greeters.history()
    stranger = await house.lena.click(call, custom_id=buttons(call)["I take it"])
    assert "This is for greeters" in shown(stranger.response)
    await restart()
    house.env.inject_error("PATCH", f"/channels/{house.greeters.id}/messages/*", status=503)
    await house.env.ban(house.stage.admin, nora.actor)
    await house.env.pass_time(minutes=1)
    (gone,) = house.greeters.history()
    assert "is not here any more. Nothing is left to do." in shown(gone)
    assert buttons(gone) == {}
    assert "<@&1>" not in shown(gone)
    assert "](https" not in shown(gone)
    await house.env.pass_time(hours=2)
    assert "waits for a first answer" not in await inbox(house, house.stage.moderator)
    assert asked(house) == [{"parse": [], "users": [house.bob.id]}] * 2, "the first was refused"


async def test_the_greeters_channel_deleted_or_closed_is_told_once_and_the_team_has_who_waits(lodge):
    house, general = lodge, lodge.stage.general
    await go_on_call(house, house.bob)
    nora = await house.join("Nora")
    await nora.actor.send(general, "hello")
    await house.delete(house.greeters)
    await house.env.pass_time(minutes=31)
    told = [text for text in house.told() if "was deleted" in text]
    assert len(told) == 1
    assert "**First answer › Greeters’ channel**" in told[0]
    assert f"<@{nora.id}> waits for a first answer" in await inbox(house, house.stage.moderator)
    assert nora.id in {one.user_id for one in await house.stage.bot.service(_shown()).open()}
    closed = house.guild.create_text_channel("closed")
    await house.env.settle()
    await house.change("replies", channel=closed.id)
    await house.deny(closed, "send_messages")
    omar = await house.join("Omar")
    await omar.actor.send(house.panel, "hello")
    await house.env.pass_time(minutes=31)
    assert closed.history() == []
    assert f"<@{omar.id}> waits for a first answer" in await inbox(house, house.stage.moderator)


async def test_a_call_is_asked_once_whether_the_process_died_before_or_after_discord_took_it(
    lodge, restart, monkeypatch
):
    house, general = lodge, lodge.stage.general
    await go_on_call(house, house.bob)
    for name, minutes in (("Nora", 0), ("Omar", 20)):
        newcomer = await house.join(name)
        await newcomer.actor.send(general, "hello")
        before = len(house.greeters.history())
        with monkeypatch.context() as patch:
            patch.setattr(house.stage.bot.posts, "_keep", _die)
            await house.env.pass_time(minutes=31)
        assert len(house.greeters.history()) == before + 1
        house.env.backend.connected = False
        await house.env.pass_time(minutes=minutes)
        await restart(crash=True)
        assert len(house.greeters.history()) == before + 1, [shown(one) for one in house.greeters.history()]
        await house.lena.send(general, f"welcome <@{newcomer.id}>")
        assert "Answered by" in shown(house.greeters.history()[-1])
    pia = await house.join("Pia")
    await pia.actor.send(general, "hello")
    with monkeypatch.context() as patch:
        patch.setattr(house.stage.bot.posts, "once", _die)
        await house.env.pass_time(minutes=31)
    assert f"<@{pia.id}>" not in shown(house.greeters.history()[-1])
    await restart(crash=True)
    assert f"<@{pia.id}> wrote here for the first time" in shown(house.greeters.history()[-1])


async def _die(*_):
    raise asyncio.CancelledError


def _shown():
    from cogs.onboarding.replies.shown import Shown

    return Shown


async def test_a_greeters_page_says_and_keeps_their_hours_and_refuses_who_may_not(lodge):
    house, bob = lodge, lodge.bob
    turned = await page(house, bob)
    assert "Tu n’es pas de permanence." in shown(turned.response)
    on = await bob.click(turned.response, custom_id="replies:duty:on")
    assert "**De permanence** jusqu’au" in shown(on.response)
    assert "tous les jours, de 08:00 à 22:00 (UTC)" in shown(on.response)
    screen = on.response
    await bob.select(screen, values=["0", "2"], custom_id="replies:days")
    await bob.select(screen, values=["22"], custom_id="replies:hour:from")
    await bob.select(screen, values=["2"], custom_id="replies:hour:to")
    form = await bob.click(screen, custom_id="replies:duty:zone")
    refused = await bob.submit_modal(form, {"zone": "Nowhere/Land"})
    assert "Ce fuseau horaire n’existe pas." in shown(refused.response)
    form = await bob.click(screen, custom_id="replies:duty:zone")
    done = await bob.submit_modal(form, {"zone": "Europe/Paris"})
    assert "lundi et mercredi, de 22:00 à 02:00 (Europe/Paris)" in shown(screen) + shown(done.response)
    await bob.select(screen, values=["7"], custom_id="replies:pause")
    assert "**En pause** jusqu’au" in shown(screen)
    listed = await house.stage.admin.slash(house.stage.general, "settings", section="replies")
    seen = await house.stage.admin.click(listed.response, custom_id="replies:greeters")
    assert f"<@{bob.id}>\n-# paused until" in shown(seen.response)
    await bob.click(screen, custom_id="replies:duty:off")
    assert "Tu n’es pas de permanence." in shown(screen)
    outsider = house.stage.member
    profile = (await outsider.slash(house.stage.general, "profile")).response
    assert "Greeting newcomers" not in str(raw(profile))


async def test_whoever_turns_it_on_is_the_first_greeter_and_status_says_so_plainly(lodge):
    house, bot = lodge, lodge.stage.bot
    from cogs.onboarding.replies.settings import RepliesSettings

    await house.change("replies", enabled=False)
    status = await house.stage.admin.slash(house.stage.staff, "status")
    assert "First answer" not in shown(status.response)
    await house.do(bot.guild_settings.change(house.guild.id, RepliesSettings, by=house.stage.admin.id, enabled=True))
    status = await house.stage.admin.slash(house.stage.staff, "status")
    assert "**First answer** · 1 greeter can be asked now." in shown(status.response)
