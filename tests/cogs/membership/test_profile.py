"""`/profile`: one's own pages, what is public of others, and who has none."""

import discord
import pytest

from bot.community.options import Option, opted_out
from bot.guilds.sections import CommunitySettings
from bot.profile import Profile, ProfilePage
from tests.cogs.administration.conftest import Panel, texts
from tests.mentions import that_could_ping


async def furnish(stage):
    """A welcome with steps, two groups and a team."""
    makers, readers = stage.guild.create_role("Makers"), stage.guild.create_role("**Readers**")
    await stage.env.settle()
    settings, sections = stage.bot.guild_settings, stage.bot.sections
    await settings.change(stage.guild.id, CommunitySettings, by=None, staff_roles=(stage.team.id,))
    await settings.change(
        stage.guild.id, sections.named("groups"), by=None, groups=[{"role": makers.id}, {"role": readers.id}]
    )
    await settings.change(stage.guild.id, sections.named("welcome"), by=None, enabled=True)
    await stage.env.settle()
    return makers, readers


def pages(panel):
    """What the menu offers."""
    found = [part for row in _parts(panel.message.components) for part in row.get("options", ())]
    return [option["label"] for option in found]


def _parts(components):
    for part in components:
        yield part
        yield from _parts(part.get("components", ()))


async def test_one_s_own_profile_has_every_page_that_shows_something_in_one_s_language(stage, env, rooms):
    _, readers = await furnish(stage)
    await stage.member.send(stage.general, "hello")
    await stage.bot.community.flush.flush()
    await stage.server.get_member(stage.member.id).add_roles(discord.Object(readers.id))
    env.set_locale(stage.member, "fr")
    panel = await rooms.profile()
    assert pages(panel) == ["Aperçu", "Premiers pas", "Groupes", "Mes choix"]
    assert "Compté ces 30 derniers jours, en 1 jour : 1 message." in panel.text
    await panel.select("profile:page:", ["welcome"])
    assert "0 sur 4" in panel.text.replace("\u202f", " ")
    await panel.click("onboarding:open:checklist")
    assert "Code de conduite" in panel.text
    panel = await rooms.profile(stage.moderator)
    assert pages(panel) == ["Overview", "First steps", "Groups", "Availability", "My choices"]
    await panel.select("profile:page:", ["groups"])
    assert "You are in no group yet." in panel.text
    await panel.select("profile:page:", ["availability"])
    assert "no quiet hours" in panel.text
    await panel.click("inbox:go:m")
    assert "My availability" in panel.text
    assert that_could_ping(env.backend.http_requests) == []


async def test_of_another_member_only_what_is_public_is_shown_by_command_and_by_menu(stage, env, rooms):
    _, readers = await furnish(stage)
    await stage.server.get_member(stage.moderator.id).add_roles(discord.Object(readers.id))
    await stage.moderator.send(stage.general, "hello")
    await stage.bot.community.flush.flush()
    for panel in (
        await rooms.profile(of=stage.moderator),
        Panel(
            stage, stage.member, (await stage.member.context_menu(stage.general, "Profile", stage.moderator)).response
        ),
    ):
        assert pages(panel) == ["Overview", "Groups"]
        assert "Part of the team here." in panel.text
        assert "message" not in panel.text
        assert "privacy:" not in str(panel.ids())
        await panel.select("profile:page:", ["groups"])
        assert "- \\*\\*Readers\\*\\*" in panel.text, "a role's name is shown as it is written"
        await panel.select("profile:page:", ["overview"])
    assert panel.message.ephemeral


async def test_bots_and_people_who_left_have_no_profile_before_and_after_a_restart(stage, env, rooms, make_bot):
    helper = stage.guild.add_member(env.create_user("helper", bot=True))
    leaver = stage.person("leaver")
    await env.settle()
    open_panel = await rooms.profile(of=leaver)
    await stage.server.get_member(leaver.id).add_roles()
    assert "is a bot and has no profile" in (await rooms.profile(of=helper)).message.content
    await furnish(stage)
    panel = await rooms.profile()
    await env.leave(leaver)
    await env.restart(make_bot(), crash=True)
    await panel.select("profile:page:", ["groups"])
    assert "You are in no group yet." in panel.text, "the menu of the earlier process answers"
    assert "has no profile" not in texts(open_panel.message)
    result = await stage.member.slash(stage.general, "profile", member=leaver.user)
    assert "not a member of this server at present" in result.response.content
    env.refusals.clear()


async def test_choices_are_kept_read_by_lists_and_undone(stage, env, rooms, make_bot):
    panel = await rooms.profile()
    await panel.select("profile:page:", ["options"])
    for what in ("anonymous", "no_leaderboards", "no_people_lists", "silence"):
        await panel.click(f"membership:choose:{what}:1")
    await env.restart(make_bot(), crash=True)
    await stage.member.send(stage.general, "hello")
    await stage.bot.community.flush.flush()
    assert (await stage.bot.community.activity.totals(stage.guild.id, stage.member.id)).messages == 0
    assert (await stage.bot.community.activity.totals(stage.guild.id)).messages == 1, "anonymous totals remain"
    async with stage.bot.db.read() as session:
        for option in Option:
            assert await opted_out(session, stage.guild.id, option) == {stage.member.id}
    assert await stage.bot.attention.silenced(stage.guild.id, stage.member.id)
    for what in ("anonymous", "no_leaderboards", "no_people_lists", "silence"):
        await panel.click(f"membership:choose:{what}:0")
    async with stage.bot.db.read() as session:
        for option in Option:
            assert await opted_out(session, stage.guild.id, option) == set()
    assert not await stage.bot.attention.silenced(stage.guild.id, stage.member.id)
    await stage.member.send(stage.general, "hello")
    await stage.bot.community.flush.flush()
    assert (await stage.bot.community.activity.totals(stage.guild.id, stage.member.id)).messages == 1


async def test_a_page_that_fails_takes_nothing_else_with_it(stage, rooms, logged_errors):
    async def fails(look):
        raise LookupError("broken page")

    stage.bot.profile.register(ProfilePage("broken", "Broken", 5, own=fails))
    assert pages(await rooms.profile()) == ["Overview", "My choices"]
    assert "page broken of the profile cannot be shown" in logged_errors[0]
    logged_errors.clear()


def test_a_page_needs_a_key_of_its_own_and_somebody_to_show_itself_to():
    async def build(look):
        return []

    registry = Profile()
    registry.register(ProfilePage("b", "B", 20, own=build))
    registry.register(ProfilePage("a", "A", 10, public=build))
    for wrong in (
        ProfilePage("a", "Again", 0, own=build),
        ProfilePage("No key", "Wrong", 0, own=build),
        ProfilePage("c", "Nothing", 0),
    ):
        with pytest.raises(ValueError, match="page"):
            registry.register(wrong)
    assert [page.key for page, _ in registry.pages(own=True)] == ["b"]
    assert [page.key for page, _ in registry.pages(own=False)] == ["a"]
