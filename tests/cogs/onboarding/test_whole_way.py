"""A newcomer's whole way, through the real bot."""

import copy

import pytest

from tests.cogs.onboarding.conftest import buttons, shown


async def test_in_french_with_a_restart_between_every_two_steps(house, restart):
    await house.change("community", language="fr")
    await house.require("code", "groups", "introduction", "first_reply")
    panel = await house.publish()
    assert "Commencer" in buttons(panel)
    await restart()

    before = [message.id for message in house.stage.general.history()]
    nora = await house.join("Nora", locale="fr")
    (thread,) = house.threads()
    assert shown(house.handle(thread).last_message).startswith("\n## Bienvenue, Nora")
    assert house.intros.history() == []
    assert [message.id for message in house.stage.general.history()] == before, "nothing public on joining"
    await restart()

    await nora.start(panel)
    assert "## Bienvenue dans Agora" in nora.text
    assert "▱▱▱▱▱" in nora.text
    await restart()

    await nora.press("Lire")
    assert "Respecter les personnes" in nora.text
    await restart()

    await nora.press("J’accepte")
    assert "Code de conduite accepté." in nora.text
    await restart()

    await nora.press("Choisir")
    assert "Graines et balcons" in nora.text
    await restart()

    await nora.choose(house.gardening)
    assert "Tes groupes\u202f: Gardening." in nora.text
    assert nora.roles == {house.gardening.id}
    await restart()

    await nora.press("Retour aux étapes")
    form = await nora.press("Écrire")
    await restart()

    await nora.actor.submit_modal(form, {"answer0": "Je répare des radios.", "answer1": ""})
    assert "Ta présentation est dans" in nora.text
    (post,) = house.intros.history()
    assert "Je répare des radios." in shown(post)
    assert nora.roles == {house.gardening.id}, "an answer is still missing"
    await restart()

    hello = await house.stage.member.click(post, custom_id=buttons(post)["Dire bonjour"])
    assert "Nora" in hello.response.content
    assert nora.roles == {house.gardening.id, house.member_role.id}
    await restart()

    bob = house.stage.member
    assert await house.facts() == {("introduced", nora.id): 1, ("greeted", bob.id): 1, ("onboarded", nora.id): 1}
    assert f"<@{bob.id}>" in shown(house.intros.last_message)
    await nora.open()
    assert "Te voilà membre" in nora.text
    grants = house.requests("PUT", f"/members/{nora.id}/roles/{house.member_role.id}")
    assert len(grants) == 1
    assert len(house.intros.history()) == 1


async def test_in_english_in_one_go_ends_with_every_step_done_and_the_thread_closed_also_when_told_again(house):
    told = recorded(house.env.backend)
    nora = await house.join("Nora")
    (thread,) = house.threads()
    await nora.start(house.handle(thread).last_message)
    assert "Neighbours share tools here." in nora.text
    await nora.press("Read")
    await nora.press("I accept")
    assert nora.roles == {house.member_role.id}, "only the code is required by default"
    await nora.press("Choose")
    await nora.choose(house.gardening, house.chess)
    await nora.press("Back to the steps")
    await nora.write("I repair radios.", "Bread")
    assert house.threads() == [thread]
    await nora.actor.send(house.stage.general, "Does anybody have a soldering iron?")
    question = house.stage.general.last_message
    await house.stage.member.send(house.stage.general, "Yes, come by.", reply_to=question)
    assert house.threads() == []
    await nora.open()
    assert "5 of 5 done" in nora.text
    assert "All steps are done." in nora.text
    assert await house.facts() == {
        ("onboarded", nora.id): 1,
        ("introduced", nora.id): 1,
        ("greeted", house.stage.member.id): 1,
    }

    # After a lost connection Discord may tell everything once more, in order or nearly all of it at once.
    facts, asked, told = await house.facts(), len(house.env.backend.http_requests), told.copy()
    for event, payload in told:
        async with house.env.together() as world:
            world.emit(event, payload)
    async with house.env.together() as world:
        for event, payload in told:
            world.emit(event, payload)
    await house.env.pass_time(minutes=1)
    assert {event for event, _ in told} >= {
        "GUILD_MEMBER_ADD",
        "GUILD_MEMBER_UPDATE",
        "MESSAGE_CREATE",
        "THREAD_UPDATE",
    }
    assert await house.facts() == facts
    assert nora.roles == {one.id for one in (house.member_role, house.gardening, house.chess)}
    assert house.threads() == []
    later = house.env.backend.http_requests[asked:]
    assert [(one.method, one.path) for one in later if one.method != "GET"] == []


def recorded(world):
    """Everything that the bot is told from now on, but for interactions, which Discord never repeats."""
    told, emit = [], world.emit

    def emit_and_note(event, payload):
        if not event.startswith("INTERACTION"):
            told.append((event, copy.deepcopy(payload)))
        emit(event, payload)

    world.emit = emit_and_note
    return told


async def test_a_return_brings_back_code_groups_and_member_role_without_a_second_welcome(house, restart):
    await house.require("code", "groups")
    nora = await house.join("Nora")
    await nora.open()
    await nora.press("Read")
    await nora.press("I accept")
    await nora.press("Choose")
    await nora.choose(house.gardening)
    assert nora.roles == {house.member_role.id, house.gardening.id}
    await house.env.leave(nora.actor)
    await restart()
    await house.leap(days=1)
    opened = len(house.requests("POST", "/threads"))
    nora.actor = await house.env.join(house.guild, nora.actor.user)
    assert nora.roles == {house.member_role.id, house.gardening.id}
    assert len(house.requests("POST", "/threads")) == opened
    assert (await house.facts())["onboarded", nora.id] == 1
    record = await house.stage.bot.community.members.get(house.guild.id, nora.id)
    assert record.rejoins == 1


async def test_a_pending_newcomer_hears_nothing_until_discords_screening_is_over(house):
    await house.env.set_features(house.guild, "COMMUNITY", "MEMBER_VERIFICATION_GATE_ENABLED")
    nora = await house.join("Nora", pending=True)
    assert house.threads() == []
    await house.env.set_pending(nora.actor, False)
    assert len(house.threads()) == 1
    await nora.open()
    assert "Discord’s own rules" in nora.text
    assert "1 of 6 done" in nora.text


@pytest.mark.parametrize("crash", [False, True])
async def test_a_newcomer_who_joined_while_the_bot_was_away_is_welcomed(house, restart, crash):
    await house.env.outage()
    await house.join("Nora")
    await restart(crash=crash)
    assert [thread.name for thread in house.threads()] == ["Welcome, Nora"]
