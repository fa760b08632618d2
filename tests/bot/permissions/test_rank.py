"""Who may act on whom, and which roles the bot hands out, on real members of a simulated server."""

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simcord import MemberActor

from bot.errors import UserError
from bot.permissions.rank import (
    BotRankTooLow,
    OnTheOwner,
    OnYourself,
    RankTooLow,
    RoleNotBelow,
    person,
    require_above_role,
    require_rank,
)
from bot.permissions.roles import (
    DangerousRole,
    EveryoneRole,
    ManagedRole,
    NoPermissionToGrant,
    RoleAboveBot,
    RoleGone,
    grantable,
)
from bot.permissions.rules import DANGEROUS, Person, outranks

people = st.builds(Person, user_id=st.integers(1, 5), top_role=st.integers(0, 5), is_owner=st.booleans())


@pytest.fixture
def bot_options():
    return {"features": ("administration",)}


@given(people, people)
def test_nobody_outranks_themselves_the_owner_or_each_other(one, other):
    assert not outranks(one, one)
    assert not (outranks(one, other) and outranks(other, one))
    if other.is_owner:
        assert not outranks(one, other)


@given(people, people, people)
def test_rank_is_transitive_among_different_people(one, other, third):
    if outranks(one, other) and outranks(other, third) and one.user_id != third.user_id:
        assert outranks(one, third)


def member(stage, actor):
    found = stage.server.get_member(actor.id)
    assert found is not None
    return found


async def test_the_matrix_of_who_may_act_on_whom(stage):
    high = stage.guild.create_role("High", permissions=discord.Permissions.none(), position=90)
    await stage.env.settle()
    chief = stage.person("chief", high)
    await stage.env.settle()
    owner = MemberActor(stage.env, stage.guild, stage.guild.owner)
    twin = stage.person("twin", stage.team)
    await stage.env.settle()
    expected = {
        (stage.moderator, stage.member): None,
        (stage.moderator, twin): RankTooLow,
        (stage.moderator, stage.moderator): OnYourself,
        (stage.moderator, owner): OnTheOwner,
        (stage.moderator, chief): RankTooLow,
        (stage.member, stage.moderator): RankTooLow,
        (stage.member, twin): RankTooLow,
        (chief, stage.moderator): None,
        (owner, chief): BotRankTooLow,
        (owner, stage.moderator): None,
    }
    for (actor, target), refusal in expected.items():
        if refusal is None:
            require_rank(member(stage, actor), member(stage, target))
        else:
            with pytest.raises(refusal):
                require_rank(member(stage, actor), member(stage, target))
    assert person(member(stage, owner)).is_owner


async def test_the_bot_itself_is_never_below_anybody(stage):
    owner = member(stage, MemberActor(stage.env, stage.guild, stage.guild.owner))
    with pytest.raises(UserError):
        require_rank(owner, stage.server.me)


async def test_a_role_is_used_only_by_those_above_it(stage):
    team = stage.server.get_role(stage.team.id)
    with pytest.raises(RoleNotBelow):
        require_above_role(member(stage, stage.moderator), team)
    with pytest.raises(RoleNotBelow):
        require_above_role(member(stage, stage.member), team)
    require_above_role(member(stage, MemberActor(stage.env, stage.guild, stage.guild.owner)), team)


@pytest.mark.parametrize("permission", sorted(name for name in DANGEROUS if hasattr(discord.Permissions, name)))
async def test_every_dangerous_permission_makes_a_role_ungrantable(permission):
    given_permissions = discord.Permissions(**{permission: True})
    from bot.permissions.rules import dangerous_permissions

    assert dangerous_permissions(name for name, granted in given_permissions if granted)


def test_what_discord_calls_elevated_is_dangerous_to_us_too():
    from bot.permissions.rules import dangerous_permissions

    elevated = [name for name, granted in discord.Permissions.elevated() if granted]
    assert set(dangerous_permissions(elevated)) == set(elevated)


async def test_a_role_that_turned_dangerous_after_it_was_configured_is_refused_at_the_grant(stage):
    role = stage.guild.create_role("Red", permissions=discord.Permissions.none())
    await stage.env.settle()
    assert grantable(stage.server, role.id, member(stage, stage.admin)).id == role.id
    await stage.server.get_role(role.id).edit(permissions=discord.Permissions(manage_messages=True))
    await stage.env.settle()
    with pytest.raises(DangerousRole):
        grantable(stage.server, role.id)


async def test_of_two_roles_at_one_position_the_older_stands_higher(stage):
    """Discord puts a new role just above @everyone, where the bot's own may stand: that one is older."""
    new = stage.guild.create_role("New", permissions=discord.Permissions.none())
    await stage.env.settle()
    beside, mine = stage.server.get_role(new.id), stage.server.me.top_role
    beside.position = mine.position
    assert grantable(stage.server, new.id) == beside
    top_of_ada = member(stage, stage.admin).top_role
    beside.position = top_of_ada.position
    require_above_role(member(stage, stage.admin), beside)
    beside.position = mine.position + 1
    with pytest.raises(RoleAboveBot):
        grantable(stage.server, new.id)


async def test_each_reason_why_a_role_cannot_be_handed_out_is_said(stage):
    high = stage.guild.create_role("High", permissions=discord.Permissions.none(), position=99)
    low = stage.guild.create_role("Low", permissions=discord.Permissions.none())
    await stage.env.settle()
    with pytest.raises(RoleAboveBot):
        grantable(stage.server, high.id)
    with pytest.raises(EveryoneRole):
        grantable(stage.server, stage.server.default_role)
    with pytest.raises(RoleGone):
        grantable(stage.server, 1)
    with pytest.raises(RoleNotBelow):
        grantable(stage.server, high.id, member(stage, stage.admin))
    stage.server.get_role(low.id).managed = True
    with pytest.raises(ManagedRole):
        grantable(stage.server, low.id)
    stage.server.get_role(low.id).managed = False
    mine = next(role for role in stage.server.me.roles if role.managed)
    mine._permissions = discord.Permissions(send_messages=True).value
    with pytest.raises(NoPermissionToGrant):
        grantable(stage.server, low.id)
