"""Promise 8: every button, menu and form of every page answers in the next process, with the present state."""

from tests.cogs.administration.setup.conftest import Builder

WAY = {
    "purpose": ["purpose"],
    "language": ["language"],
    "team": ["language", "team"],
    "capabilities": ["review", "portrait", "capabilities"],
    "of.welcome": ["review", "portrait", "capabilities", "of.welcome"],
    "portrait": ["review", "portrait"],
    "review": ["review"],
}
"""From the first page to each."""


async def test_every_button_and_menu_of_every_page_answers_in_the_next_process(stage, env, make_bot):
    handles = {5: None, 6: stage.team, 8: stage.general}
    pages: list[tuple[str, Builder]] = []
    for page, steps in WAY.items():
        person = await Builder(stage, stage.admin).open()
        for step in steps[0 if page != "purpose" else 1 :]:
            await person.go(step)
        pages.append((page, person))
    await env.restart(make_bot())
    pressed = set()
    for page, seen in pages:
        for custom_id in [part["custom_id"] for part in seen.enabled()]:
            (part,) = [one for one in seen.enabled() if one["custom_id"] == custom_id] or [None]
            if part is None or custom_id.startswith(("setup:apply", "setup:go", "setup:forget")):
                continue  # what is left of a page that has changed belongs to what was
            pressed.add(custom_id.rsplit(":", 1)[0])
            match part["type"]:
                case 2:
                    result = await seen.person.click(seen.message, custom_id=custom_id)
                case 3:
                    value = part["options"][0]["value"]
                    result = await seen.person.select(seen.message, [value], custom_id=custom_id)
                case kind:
                    result = await seen.person.select(seen.message, [handles[kind]], custom_id=custom_id)
            assert result.modal is not None or "Step" in seen.text or "setup:turn" in str(seen.ids()), (page, custom_id)
            if result.modal is not None:
                await env.restart(make_bot())
                filled = {"query": "Lyon"} if custom_id == "setup:zones" else {"for_whom": "a", "not_for_whom": "b"}
                await seen.person.submit_modal(result, filled)
    assert {"setup:objective", "setup:choose", "setup:channel", "setup:role", "setup:create:0"} <= pressed, pressed
    assert env.errors == []
    answers = seen.setup.drafts.get(stage.guild.id).answers
    assert (answers["for_whom"], answers["time_zone"]) == ("a", "Europe/Paris")
    await seen.click("setup:forget")
    assert seen.setup.drafts.get(stage.guild.id).answers == {}
