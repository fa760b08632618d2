"""Reports and the panel are answered in time while the database and Discord are slow; ten times faster than life."""

from tests.cogs.conduct.conftest import buttons, shown
from tests.fair_clock import fair_clock
from tests.test_deadlines import DEADLINE, slow


async def test_forms_menus_and_the_panel_come_in_time_however_slow_the_database_is(conduct, stage, monkeypatch):
    message = await stage.member.send(stage.general, "You fools")
    async with fair_clock() as clock:
        begin, seconds = slow(monkeypatch, clock)
        begin()
        form = await stage.admin.context_menu(stage.general, "Report", message)
        assert form.modal is not None, "a form is the first answer or none: it is made from memory"
        begin()
        said = await stage.admin.submit_modal(form, {"details": "", "article": []})
        assert any("with the team" in shown(one) for one in filter(None, [said.response, *said.followups]))
        begin()
        opened = await stage.moderator.context_menu(stage.general, "Moderate", message)
        panel = opened.response or opened.followups[0]
        begin()
        form = await stage.moderator.click(panel, custom_id=buttons(panel)["Write the reason"])
        assert form.modal is not None
    assert len(seconds) == 4
    assert [took for _path, took in seconds if took >= DEADLINE] == []
