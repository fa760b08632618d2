"""From /setup to a server that works, as those who manage it see it."""

import pytest

from tests.cogs.administration.conftest import texts
from tests.cogs.administration.setup.conftest import Builder


async def test_three_clicks_make_a_working_server_and_a_second_look_finds_nothing_to_do(builder):
    await builder.quick()
    assert "#start-here" in builder.text
    assert builder.channels() == ["general", "staff"]
    await builder.apply()
    assert "Your server is set up" in builder.text
    assert builder.channels() == ["general", "staff", "team", "start-here", "introductions"]
    assert "Member" in builder.roles()
    community, welcome = builder.value(), builder.value("welcome")
    assert community.objective == "support"
    assert community.staff_channel == builder.channel_named("team").id
    assert welcome.enabled
    assert welcome.panel_channel == builder.channel_named("start-here").id
    assert builder.dangling() == []
    (panel,) = builder.world.messages[welcome.panel_channel].values()
    assert "onboarding:start:" in str(panel.components)
    await builder.open()
    await builder.go("review")
    assert "there is nothing to do" in builder.text
    assert "setup:apply" not in str(builder.ids())
