"""A change of roles tries again what was in the way of a case, and costs nothing where nothing was."""

from bot.contracts.cases import CaseKind
from bot.database import Database
from tests.cogs.conduct.carrying.test_carrying import asked, may


async def many_roles_move(conduct, count=40):
    roles = [conduct.stage.guild.create_role(f"Role {number}") for number in range(count)]
    async with conduct.env._acting("roles") as world:
        for role in roles[:2]:
            world.edit_role(conduct.stage.guild.id, role.id, {"position": count})


async def test_what_failed_is_tried_again_also_after_a_restart_and_hundreds_of_moved_roles_are_looked_at_twice(
    conduct, make_bot, monkeypatch, logged_errors
):
    written, transaction = [], Database.transaction

    async def counted(self, work):
        written.append(work.__qualname__)
        return await transaction(self, work)

    monkeypatch.setattr(Database, "transaction", counted)

    def tried():
        return sum("Hindrances" in one for one in written)

    await many_roles_move(conduct)
    assert tried() == 0, "nothing was in the way"
    env, guild = conduct.env, conduct.stage.guild.id
    await may(conduct, kick_members=False, ban_members=False)
    await conduct.open(CaseKind.KICK, conduct.stage.member)
    before = tried()
    await many_roles_move(conduct)
    assert 1 <= tried() - before <= 2 * 2, "once at the first of a burst and once after its last; two bursts"
    await env.restart(make_bot(), crash=True)
    assert asked(conduct, "DELETE", f"/guilds/{guild}/members/{conduct.stage.member.id}") == []
    await may(conduct, kick_members=True)
    assert len(asked(conduct, "DELETE", f"/guilds/{guild}/members/{conduct.stage.member.id}")) == 1
    logged_errors.clear()
