"""A decision is answered in time while the database and Discord are slow; the clock runs ten times faster."""

from tests.cogs.conduct.conftest import buttons, shown
from tests.fair_clock import fair_clock
from tests.test_deadlines import DEADLINE, slow


async def test_the_question_and_its_form_come_in_time_however_slow_the_database_is(conduct, stage, monkeypatch):
    async with fair_clock() as clock:
        begin, seconds = slow(monkeypatch, clock)
        begin()
        asked = await stage.moderator.slash(
            stage.general, "timeout", member=stage.member, duration="3h", article="1", reason="Loud"
        )
        screen = asked.response or asked.followups[0]
        label = next(one for one in buttons(screen) if "say why" in one)
        begin()
        form = await stage.moderator.click(screen, custom_id=buttons(screen)[label])
        assert form.modal is not None, "a form is the first answer or none: it is made from memory"
        begin()
        await stage.moderator.submit_modal(form, {"why": "Threats"})
        assert "Case 1" in shown(screen)
    assert len(seconds) == 3
    assert [took for _path, took in seconds if took >= DEADLINE] == []
