"""From /setup to a server that works, as those who manage it see it."""

from bot.invitation import PERMISSIONS
from tests.cogs.administration.conftest import components, texts
from tests.cogs.administration.setup.conftest import Builder


async def test_three_clicks_make_a_working_server_a_second_look_finds_nothing_to_do_and_undo_takes_it_all_back(builder):
    await builder.quick()
    assert "#start-here" in builder.text
    assert builder.channels() == ["general", "staff"]
    await builder.apply()
    assert "Your server is set up" in builder.text
    assert builder.channels() == ["general", "staff", "team", "moderation-log", "start-here", "introductions"]
    assert "Member" in builder.roles()
    community, welcome, moderation = builder.value(), builder.value("welcome"), builder.value("conduct")
    assert community.objective == "support"
    assert community.staff_channel == builder.channel_named("team").id
    assert welcome.enabled
    assert welcome.panel_channel == builder.channel_named("start-here").id
    assert moderation.enabled
    assert moderation.modlog_channel == builder.channel_named("moderation-log").id
    assert builder.dangling() == []
    (panel,) = builder.world.messages[welcome.panel_channel].values()
    assert "onboarding:start:" in str(panel.components)
    preview = (await builder.click("setup:preview")).response
    assert "Code of conduct" in texts(preview)
    assert [part for part in components(preview) if "custom_id" in part and not part.get("disabled")] == []
    await builder.open()
    await builder.go("review")
    assert "there is nothing to do" in builder.text
    assert "setup:apply" not in str(builder.ids())
    await builder.go("run")
    await builder.go("undo")
    assert f"<#{welcome.panel_channel}>" in builder.text
    await builder.click("setup:undo:")
    await builder.settled()
    assert "The set-up is taken back" in builder.text
    assert builder.channels() == ["general", "staff"]
    assert "Member" not in builder.roles()
    assert (builder.value(), builder.value("welcome")) == (type(community)(), type(welcome)())
    assert builder.value("conduct") == type(moderation)()


async def test_in_french_with_the_small_invite_every_step_is_walked_and_what_lacks_is_asked_for_then_done(stage, env):
    env.set_locale(stage.admin, "fr")
    builder = Builder(stage, stage.admin)
    async with builder.powers() as give:
        give(**{name: name in PERMISSIONS for name, _ in stage.server.me.guild_permissions})
    await builder.open()
    assert "À quoi sert Agora" in builder.text
    await builder.select("setup:objective:", ["contribution"])
    form = await builder.click("setup:write")
    given = {"for_whom": "Pour qui jardine en ville.", "not_for_whom": "Pas pour vendre."}
    await builder.person.submit_modal(form, given)
    await builder.go("language")
    assert "setup:choose:address" in builder.ids()
    form = await builder.click("setup:zones")
    await builder.person.submit_modal(form, {"query": "montreal"})
    assert "Toronto, UTC−5 · Canada" in builder.text
    form = await builder.click("setup:zones")
    await builder.person.submit_modal(form, {"query": "bruxelles"})
    assert "Bruxelles, UTC+1 · Belgique" in builder.text
    for page, says in (
        ("team", "L’équipe"),
        ("capabilities", "Ce que je fais ici"),
        ("portrait", "bulletins"),
        ("review", "À créer"),
    ):
        await builder.go(page)
        assert says in builder.text
    assert "Gérer les salons" in builder.text
    (link,) = [part["url"] for part in components(builder.message) if part.get("url")]
    assert f"guild_id={stage.guild.id}" in link
    await builder.apply()
    assert "Installation faite, sauf ceci" in builder.text
    assert builder.channels() == ["general", "staff"]
    assert "Membre" in builder.roles()
    refused = [one for one in env.backend.http_requests if one.method == "POST" and one.path.endswith("/channels")]
    assert refused == [], "a request was sent that could only fail"
    assert builder.value().time_zone == "Europe/Brussels"
    assert builder.value("welcome").purpose_fr == "Pour qui jardine en ville. Pas pour vendre."
    async with builder.powers() as give:
        give(manage_channels=True)
    await builder.go("review")
    await builder.apply()
    made = ["équipe", "journal-de-moderation", "par-ici", "présentations"]
    assert builder.channels() == ["general", "staff", *made], builder.text
    assert builder.roles().count("Membre") == 1
    assert builder.dangling() == []


async def test_answers_are_shared_outlive_a_crash_and_a_stale_page_shows_the_present(builder, second, env, make_bot):
    await builder.open()
    await builder.select("setup:objective:", ["support"])
    await env.restart(make_bot(), crash=True)
    await builder.go("review")
    assert "This is all that happens" in builder.text, "the next process knows the answer"
    await second.open()
    assert "Before anything changes" in second.text, "somebody has begun: the review is where one goes on"
    for page in ("portrait", "capabilities", "of.welcome"):
        await second.go(page)
    assert "#introductions" in builder.text
    await second.click("setup:create:0:welcome.introductions_channel")
    await builder.click("setup:apply:")
    assert "Something has changed since you looked" in builder.text
    assert "introductions" not in builder.text
    assert f"<@{second.person.id}> changed an answer" in builder.text
    await second.dismiss()
    answers = builder.setup.drafts.get(builder.stage.guild.id)
    result = await second.click("setup:create:1:welcome.introductions_channel")
    assert "You are not allowed to do that here." in str((result.response or result.followups[0]).content)
    assert builder.setup.drafts.get(builder.stage.guild.id) == answers
    env.refusals.clear()
