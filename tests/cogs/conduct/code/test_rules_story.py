"""`/rules` in the real bot: read by everyone, written by those who manage the server."""

from dataclasses import replace

from cogs.conduct.code.service import Codes
from tests.cogs.conduct.code.conftest import ENGLISH_AND_FRENCH
from tests.cogs.onboarding.conftest import buttons, shown


async def test_everyone_reads_the_code_and_goes_straight_to_an_article_in_their_language(reader, stage):
    member = await reader(stage.member).open()
    assert "1. Respect people" in member.text
    assert "Version 1" in member.text
    assert "Edit" not in member.labels
    offered = await stage.member.autocomplete(stage.general, "rules", "article", "priv")
    assert offered == [
        {"name": "3. Ask before private contact", "value": "3"},
        {"name": "6. Keep private things private", "value": "6"},
    ]
    stage.env.set_locale(stage.member, "fr")
    await member.open(article="3")
    assert "3. Demander avant" in member.text
    await member.press("Le code entier")
    assert "10. Décisions et recours" in member.text
    result = await stage.member.slash(stage.general, "rules", article="99")
    assert "Cet article n’existe pas ici" in result.response.content


async def test_an_article_is_written_compared_and_published_and_members_are_asked_again(
    welcoming, reader, stage, restart
):
    await welcoming.require("code")
    await welcoming.change("newcomers", reminders=False)
    nora = await welcoming.join("Nora")
    for label in ("welcome", "Read", "I accept"):
        await (nora.open() if label == "welcome" else nora.press(label))
    assert welcoming.member_role.id in nora.roles

    ada = await reader(stage.admin).open()
    await ada.press("Edit")
    assert "The draft says the same" in ada.text
    assert "Review and publish" not in ada.labels
    await ada.fill("Add an article", **ENGLISH_AND_FRENCH)
    assert "## Article 11" in ada.text
    await ada.press("Move up")
    await ada.press("Back")
    await ada.choose("rules:articles", 4)
    await ada.fill("Change", title_en="Leave room", text_en="Post once. @everyone is for the team.", severity=["high"])
    assert "Not written" in ada.text, "the French was taken out"
    await restart(crash=True)
    await ada.press("Back")
    assert "The draft changes 2 articles." in ada.text
    await ada.press("Review and publish")
    for part in ("~~for others~~", "__Tidy up__", "low severity, then high severity", "Article 11 · new"):
        assert part in ada.text
    await ada.press("Publish as a new edition")
    assert "Version 2 is in force. It is a new edition" in ada.text

    member = await reader(stage.member).open()
    assert member.text.index("11. Tidy up") < member.text.index("10. Decisions")
    assert "Version 2" in member.text
    await member.press("Earlier versions")
    assert f"<@{stage.admin.id}>" not in member.text, "who published is for the team"
    await member.choose("rules:version", 1)
    assert "no longer in force" in member.text
    assert "Tidy up" not in member.text
    await welcoming.env.pass_time(hours=2)
    (letter,) = [one for one in nora.actor.user.dm_channel.history() if "new code of conduct" in shown(one)]
    opened = await nora.actor.user.click(letter, custom_id=buttons(letter)["Read"])
    assert "11. Tidy up" in shown(opened.response)
    sent = [request for request in stage.env.backend.http_requests if "everyone" in str(request.json)]
    assert all((request.json.get("data") or request.json).get("allowed_mentions") == {"parse": []} for request in sent)


async def test_two_who_edit_lose_nothing_and_one_who_lost_the_right_changes_nothing(reader, stage):
    ada = await reader(stage.admin).open()
    await ada.press("Edit")
    await ada.choose("rules:articles", 1)
    form = await ada.press("Change")
    admins = stage.guild.roles["Admins"]
    cleo = await reader(stage.person("cleo", admins)).open()
    await cleo.press("Edit")
    await cleo.choose("rules:articles", 1)
    await cleo.fill("Change", title_en="Be kind", text_en="Always.", severity=["low"])
    result = await ada.person.submit_modal(
        form, {"title_en": "Be nice", "text_en": "A long text of mine.", "severity": ["low"]}
    )
    assert "Somebody else changed this article" in result.response.content
    assert "file" in result.response.content
    assert len(result.response.attachments) == 1
    await ada.press("Withdraw")
    assert "Somebody else changed the draft meanwhile" in ada.text
    assert "Be kind" in ada.text
    await ada.press("Review and publish")
    await cleo.press("Back")
    await cleo.fill("Preamble and ending", preamble_en="Welcome.")
    await ada.press("Publish")
    assert "Somebody else changed the draft meanwhile" in ada.text
    assert "Welcome." in ada.text, "what would be published now"
    async with stage.env._acting("a role taken away") as world:
        world.edit_member(stage.guild.id, stage.admin.id, {"role_ids": []})
    refused = await ada.press("Publish")
    assert "not allowed" in refused.response.content
    assert stage.bot.service(Codes).current(stage.guild.id).version == 1


async def test_the_editor_fits_discord_with_everything_full(reader, stage):
    ada = await reader(stage.admin).open()
    await ada.press("Edit")
    codes = stage.bot.service(Codes)
    full = {"en": "W" * 79 + "*", "fr": "é" * 80}

    def fill(document):
        for number in range(11, 26):
            document = document.with_article(replace(document.articles[0], number=number))
        for one in document.articles:
            document = document.with_article(replace(one, titles=full, texts={"en": "x_y " * 249, "fr": "ü " * 499}))
        return document.with_passages(preamble={"en": "p " * 1499}, ending={"fr": "q" * 3000})

    draft = await codes.edit(stage.guild.id, fill, by=1)
    await ada.press("What is in force")
    await ada.press("Edit")
    assert "Add an article" not in ada.labels
    for number in (1, 25):
        await ada.choose("rules:articles", number)
        await ada.press("Back")
    await ada.press("Review and publish")
    seen = 1
    while "Next page" in ada.labels:
        await ada.press("Next page")
        seen += 1
    assert seen > 10
    await ada.press("Français")
    await ada.press("Publish")
    assert codes.current(stage.guild.id).version == draft.version + 1
    await ada.press("What is in force")
    while "Next page" in ada.labels:
        await ada.press("Next page")
    assert "q" * 1000 in ada.text
