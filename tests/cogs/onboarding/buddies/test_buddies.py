"""Buddies as a newcomer, a member and the team meet them, in the real bot."""

import asyncio
from datetime import timedelta

import discord
import pytest
from sqlalchemy import select

from bot.community.models import ActivityDay
from cogs.onboarding.buddies import delivery
from cogs.onboarding.buddies.models import BuddyPair
from cogs.onboarding.buddies.pairs import FOLLOW, INTRODUCE
from tests.cogs.onboarding.conftest import buttons, raw, shown
from tests.mentions import messages


@pytest.fixture
def bot_options():
    return {"features": ("administration", "membership", "onboarding")}


@pytest.fixture
async def house(house):
    await house.change("community", staff_roles=[house.stage.team.id])
    await house.change("buddies", enabled=True)
    await house.change("newcomers", reminders=False)
    await house.require("code")
    return house


async def letters(actor):
    """Unasked messages somebody got."""
    return [one for one in actor.user.dm_channel.history() if "attention:silence" in str(raw(one))]


async def offer(house, actor, label="Offer to be a buddy"):
    """Open one's profile, turn to the page, and press."""
    page = (await actor.slash(house.stage.general, "profile")).response
    menu = next(one for one in buttons(page).values() if one.startswith("profile:page:"))
    page = (await actor.select(page, values=["buddies"], custom_id=menu)).response
    return (await actor.click(page, custom_id=buttons(page)[label])).response


async def ready(house, name, **options):
    """A newcomer who has done the required steps, in front of their checklist."""
    newcomer = await house.join(name, **options)
    await newcomer.open()
    await newcomer.press("Read" if options.get("locale") != "fr" else "Lire")
    await newcomer.press("I accept" if options.get("locale") != "fr" else "J’accepte")
    return newcomer


async def later(house, *, days, active_before):
    """The pairs are that much older, and what was counted was so long ago: cheaper than living through it."""
    bot = house.stage.bot

    async def work(tx):
        for row in await tx.session.scalars(select(BuddyPair)):
            row.begun_at -= timedelta(days=days)
            await bot.timers.hasten(tx, f"{FOLLOW}:{row.id}")
        for row in await tx.session.scalars(select(ActivityDay)):
            row.day -= timedelta(days=active_before)

    await house.do(bot.db.transaction(work))
    await house.env.pass_time(minutes=1)


async def unnoted(house, tx):
    """The introduction is as it was before its result was committed."""
    for row in await tx.session.scalars(select(BuddyPair)):
        row.introduced_at = row.thread_id = row.message_id = None
        await house.stage.bot.timers.schedule(
            tx,
            kind=INTRODUCE,
            key=f"{INTRODUCE}:{row.id}",
            due_at=house.env.now(),
            guild_id=row.guild_id,
            payload={"pair": row.id},
        )


async def _die(*_):
    raise asyncio.CancelledError


def threads(house):
    return [one for one in house.stage.server.threads if one.name.startswith(("Buddies", "Binôme"))]


async def test_a_pair_from_the_wish_to_the_end_with_a_crash_before_the_introduction_and_old_buttons(
    house, restart, monkeypatch
):
    env, bob = house.env, house.stage.member
    page = await offer(house, bob)
    assert "You have no newcomer at present." in shown(page)
    await bob.select(page, values=["1"], custom_id="buddies:capacity")
    nora = await ready(house, "@everyone [x](http:/) Nora")
    rita = await ready(house, "Rita")

    # The process dies after the pairing was committed and before anything was said.
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "private_thread", _die)
        result = await nora.press("I would like a buddy")
    assert "Your buddy for two weeks: **bob**." in shown(result.response)
    await nora.open()
    assert "Your buddy is **bob**." in nora.text
    assert "My buddy" in buttons(nora.screen)
    waits = await rita.press("I would like a buddy")
    assert "Every buddy has their hands full at present." in shown(waits.response)
    assert threads(house) == []
    await restart(crash=True)
    await env.settle()
    (thread,) = threads(house)
    (hello,) = [one for one in house.handle(thread).history() if buttons(one)]
    assert f"<@{nora.id}>, <@{bob.id}> is your buddy" in shown(hello)
    named = [
        body["allowed_mentions"]
        for _, body in messages(env.backend.http_requests)
        if "is your buddy" in str(body.get("components"))
    ]
    assert [(one["parse"], sorted(map(int, one["users"]))) for one in named] == [([], sorted([nora.id, bob.id]))]
    # It dies again, after Discord took the message and before that was noted; later there is still one.
    await house.do(house.stage.bot.db.transaction(lambda tx: unnoted(house, tx)))
    await restart(crash=True)
    await env.pass_time(minutes=5)
    await house.do(house.stage.bot.db.transaction(lambda tx: unnoted(house, tx)))
    await env.pass_time(minutes=1)
    assert len(threads(house)) == 1
    assert len([one for one in house.handle(thread).history() if buttons(one)]) == 1

    # On the third day Nora is asked in private; an answer of two processes later still counts.
    await house.leap(days=3)
    await env.pass_time(hours=2)
    (letter,) = await letters(nora.actor)
    assert "### Did you and bob meet?" in shown(letter)
    await restart()
    refused = await bob.click(hello, custom_id=buttons(hello)["We met"])
    assert "This is not yours to answer" in refused.response.content
    said = await nora.actor.user.click(letter, custom_id=buttons(letter)["Yes"])
    assert "you met" in said.response.content
    await nora.actor.send(house.stage.general, "Still here")
    await env.pass_time(seconds=5)
    house.stage.server.unavailable = True  # as Discord says of a server that it cannot show at present
    await later(house, days=11, active_before=4)
    assert len(threads(house)) == 1
    house.stage.server.unavailable = False
    await env.pass_time(minutes=10)
    assert len(await letters(nora.actor)) == 1, "who has met is asked nothing more"
    assert (await house.facts())["buddy_success", bob.id] == 1

    # Bob's place is free: Rita, who waited, is introduced in a thread of her own.
    assert len(threads(house)) == 2
    page = await offer(house, bob, "Pause")
    assert "Rita, until" in shown(page)
    inbox = await house.stage.moderator.slash(house.stage.staff, "inbox")
    assert "would like a buddy" not in shown(inbox.response)


async def test_en_francais_sans_fil_a_deux_chacun_l_apprend_en_prive_ou_dans_son_fil_et_le_depart_une_fois(house):
    env, stage = house.env, house.stage
    lea = stage.person("léa", locale="fr")
    await offer(house, lea, "Me proposer comme binôme")
    await house.deny(house.panel, "create_private_threads")
    nora = await ready(house, "nora", locale="fr")
    result = await nora.press("Je voudrais un binôme")
    assert "Ton binôme pour deux semaines\u202f: **léa**." in shown(result.response)
    (hello,) = [one for one in lea.user.dm_channel.history() if "buddies:change" in str(raw(one))]
    assert "arrive dans Agora et voudrait un binôme\u202f: ce sera toi." in shown(hello)
    assert "Nous avons fait connaissance" in shown(nora.actor.user.dm_channel.last_message)
    assert any("direct message instead of a private thread" in told for told in house.told())
    await env.ban(stage.moderator, nora.actor)
    told = [shown(one) for one in lea.user.dm_channel.history()]
    assert sum("La personne que tu accompagnais a quitté Agora." in one for one in told) == 1

    # Whoever takes no private messages, and sees a channel that the newcomer does not, reads it in a thread alone.
    hidden, seen = (discord.PermissionOverwrite(view_channel=value) for value in (False, True))
    lounge = house.guild.create_text_channel(
        "lounge", overwrites={house.guild.default_role: hidden, lea.user: seen, env.bot.user: seen}
    )
    await env.settle()
    await house.change("buddies", channel=lounge.id)
    env.close_dms(lea)
    omar = await ready(house, "omar", locale="fr")
    await omar.press("Je voudrais un binôme")
    (thread,) = threads(house)
    assert (thread.parent_id, thread.is_private(), thread.name) == (lounge.id, True, "Buddies 2, for the buddy")
    place = house.handle(thread)
    assert "voudrait un binôme\u202f: ce sera toi." in shown(place.last_message)
    assert "Nous avons fait connaissance" in shown(omar.actor.user.dm_channel.last_message)
    assert {one.id for one in await thread.fetch_members()} <= {lea.id, env.bot.user.id}
    await env.ban(stage.moderator, omar.actor)
    assert "La personne que tu accompagnais a quitté Agora." in shown(place.last_message)
    assert len(threads(house)) == 1


async def test_a_buddy_out_of_reach_rests_the_team_assigns_nobody_unasked_and_an_erased_one_is_taken_down(house):
    env, stage, bob = house.env, house.stage, house.stage.member
    await offer(house, bob)
    await house.delete(house.panel)
    env.close_dms(bob)
    nora = await ready(house, "nora")
    await nora.press("I would like a buddy")
    page = (await bob.slash(stage.general, "profile")).response
    menu = next(one for one in buttons(page).values() if one.startswith("profile:page:"))
    page = (await bob.select(page, values=["buddies"], custom_id=menu)).response
    assert "Paused: no message of mine reached you." in shown(page)
    inbox = await stage.moderator.slash(stage.staff, "inbox")
    assert "would like a buddy, and none is free" in shown(inbox.response)

    # The team may offer, never pair.
    await house.change("buddies", channel=house.intros.id)
    quiet = await house.join("quiet")
    await quiet.open()
    await house.leap(days=2)
    screen = (await stage.moderator.slash(stage.staff, "newcomers")).response
    key = next(one for one in buttons_of(screen) if one.startswith(f"buddies:assign:{quiet.id}"))
    await stage.moderator.click(screen, custom_id=key)
    assert "is asked in private whether they would like a buddy" in shown(screen)
    assert threads(house) == []

    # Bob can be reached again; then Nora asks to be erased.
    env.open_dms(bob)
    await stage.bot.db.bus.drain(1)
    await bob.click(page, custom_id=buttons(page)["Take newcomers again"])
    rita = await ready(house, "rita")
    await rita.press("I would like a buddy")
    (thread,) = threads(house)
    place = house.handle(thread)
    assert any(f"<@{rita.id}>" in shown(one) for one in place.history())
    await house.do(stage.bot.community.erase(house.guild.id, rita.id))
    await env.settle()
    assert not any(f"<@{rita.id}>" in shown(one) for one in place.history())
    assert "The newcomer has left Agora." in shown(place.last_message)


def buttons_of(message):
    from tests.cogs.onboarding.newcomers.test_screen import buttons_of

    return buttons_of(message)
