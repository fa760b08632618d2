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
    await env.pass_time(days=8)

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


async def test_the_page_is_for_those_who_manage_the_server_and_says_when_it_is_off(house, ada):
    panel = (await ada.slash(house.stage.general, "settings", section="invites")).response
    refused = await ada.click(panel, custom_id="onboarding:invites")
    assert "not followed here" in refused.response.content
    house.env.set_locale(ada, "fr")
    await house.change("invites", enabled=True)
    assert "Invitations" in shown(await open_page(house, ada))
