"""The page of the invites, as those who manage the server meet it."""

import pytest

from tests.cogs.onboarding.conftest import buttons, shown


@pytest.fixture
async def ada(house):
    return house.stage.admin


async def open_page(house, actor):
    panel = (await actor.slash(house.stage.general, "settings", section="invites")).response
    return (await actor.click(panel, custom_id="onboarding:invites")).response


async def test_the_page_shows_uses_and_who_came_by_invite_and_by_person(house, ada):
    env, stage = house.env, house.stage
    first = env.create_invite(ada, stage.general)
    others = [env.create_invite(stage.member, stage.general) for _ in range(7)]
    await house.change("invites", enabled=True)
    await env.pass_time(seconds=5)
    await env.join(house.guild, "carl", invite=first)
    await env.pass_time(seconds=5)
    await house.leap(days=8)

    page = await open_page(house, ada)
    text = shown(page)
    assert f"**{first} by ada**\n-# 1 use · 1 came for certain, 0 perhaps · 1 of 1 still here after 7 days" in text
    assert "1 by a known invite, 0 by one of several, 0 open" in text
    page = (await ada.click(page, custom_id=buttons(page)["Next"])).response
    assert others[-1] in shown(page) or others[0] in shown(page)
    assert first not in shown(page)
    page = (await ada.click(page, custom_id=buttons(page)["By person"])).response
    assert "**ada**\n-# 1 use" in shown(page)
    assert "**bob**\n-# 0 uses" in shown(page)
    assert first not in shown(page)


async def test_the_team_looks_somebody_up_and_each_look_is_noted(house, ada):
    env, stage = house.env, house.stage
    code = env.create_invite(ada, stage.general)
    await house.change("community", staff_roles=[stage.team.id])
    await house.change("invites", enabled=True)
    await env.pass_time(seconds=5)
    carl = await env.join(house.guild, "carl @everyone [x](http:/)", invite=code)
    await env.pass_time(seconds=5)
    screen = (await stage.moderator.slash(stage.staff, "newcomers")).response
    page = (await stage.moderator.click(screen, custom_id="onboarding:invites")).response
    menu = {"custom_id": "onboarding:invites:whose"}
    seen = (await stage.moderator.select(page, values=[carl], **menu)).response
    assert f"by {code} of ada, for certain." in shown(seen)
    assert "Nobody came by their invites" in shown(seen)
    assert "@everyone" not in shown(seen).replace("@\u200beveryone", "")
    seen = (await stage.moderator.select(page, values=[ada], **menu)).response
    assert "How they came is not known" in shown(seen)
    assert "1 person came by their invites for certain:\n- carl" in shown(seen)
    export = await house.do(stage.bot.community.export(house.guild.id, carl.id))
    assert len(export["about_you"]["onboarding_invite_read"]) == 1


async def test_the_page_is_for_those_who_manage_the_server_and_says_when_it_is_off(house, ada):
    panel = (await ada.slash(house.stage.general, "settings", section="invites")).response
    refused = await ada.click(panel, custom_id="onboarding:invites")
    assert "not followed here" in refused.response.content
    house.env.set_locale(ada, "fr")
    await house.change("invites", enabled=True)
    assert "Invitations" in shown(await open_page(house, ada))
