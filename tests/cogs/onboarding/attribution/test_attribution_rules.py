"""No member is ever given a wrong code, whatever happened between two looks."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cogs.onboarding.attribution.rules import (
    BY_REQUEST,
    Counted,
    Evidence,
    Fate,
    Moved,
    Verdict,
    attribute,
    fate,
    is_balanced,
    movements,
)
from tests.conftest import NOW

LATER = NOW + timedelta(minutes=5)


def between(before: dict[str, Counted], after: dict[str, Counted], joined: int, **fates: Fate) -> Verdict:
    return attribute(movements(before, after, fates, NOW), joined)


def test_the_only_invite_that_moved_brought_everybody_who_joined():
    before = {"a": Counted(3), "b": Counted(7)}

    assert between(before, {"a": Counted(4), "b": Counted(7)}, 1).code == "a"
    assert between(before, {"a": Counted(6), "b": Counted(7)}, 3).code == "a"


def test_with_two_that_moved_it_is_one_of_them():
    found = between({"a": Counted(0), "b": Counted(0)}, {"a": Counted(1), "b": Counted(1)}, 2)

    assert found == Verdict(None, ("a", "b"))


@pytest.mark.parametrize("joined", [1, 3])
def test_one_that_moved_by_another_number_than_joined_is_a_candidate_only(joined):
    assert between({"a": Counted(0)}, {"a": Counted(2)}, joined) == Verdict(None, ("a",))


def test_who_came_while_nothing_moved_is_not_guessed_at():
    assert between({"a": Counted(4, 5)}, {"a": Counted(4, 5)}, 1) == Verdict()


def test_an_invite_made_since_the_last_look_began_at_nothing():
    assert between({}, {"new": Counted(2)}, 2).code == "new"


def test_a_vanity_address_is_counted_like_an_invite_but_a_new_one_has_a_past():
    assert between({"us": Counted(50, vanity=True)}, {"us": Counted(51, vanity=True)}, 1).code == "us"
    assert between({}, {"us": Counted(50, vanity=True)}, 50) == Verdict(None, ("us",))


def test_an_invite_that_vanished_with_its_last_use_brought_the_one_who_came():
    before = {"once": Counted(0, 1), "b": Counted(2)}

    assert between(before, {"b": Counted(2)}, 1, once=Fate.USED_UP).code == "once"
    assert between(before, {"b": Counted(3)}, 1, once=Fate.USED_UP).code is None
    assert between({"few": Counted(2, 5)}, {}, 3, few=Fate.USED_UP).code == "few"


def test_an_invite_that_somebody_removed_did_not_make_its_last_use():
    assert between({"once": Counted(0, 1)}, {}, 1, once=Fate.REMOVED) == Verdict()
    assert between({"few": Counted(0, 2)}, {}, 1, few=Fate.REMOVED) == Verdict(None, ("few",))


def test_an_invite_of_which_nobody_knows_why_it_vanished_is_a_candidate_only():
    assert between({"once": Counted(0, 1)}, {}, 1) == Verdict(None, ("once",))


def test_an_invite_that_ran_out_before_anybody_came_brought_nobody():
    old = {"old": Counted(0, 0, NOW - timedelta(hours=1)), "b": Counted(0)}

    assert between(old, {"b": Counted(1)}, 1).code == "b"


def test_uses_that_went_down_were_counted_anew_and_prove_nothing():
    assert between({"a": Counted(9)}, {"a": Counted(1)}, 1) == Verdict(None, ("a",))


@pytest.mark.parametrize(
    ("invite", "known", "found"),
    [
        (Counted(4, 5), {"removed": False}, Fate.USED_UP),
        (Counted(4, 5), {"removed": True}, Fate.REMOVED),
        (Counted(4, 5), {"removed": None}, Fate.UNCLEAR),
        (Counted(4, 5), {"removed": False, "has_place": False}, Fate.UNCLEAR),
        (Counted(4, 5, NOW), {"removed": False}, Fate.UNCLEAR),
        (Counted(4), {"removed": False}, Fate.UNCLEAR),
    ],
)
def test_an_invite_counts_as_used_up_only_when_nothing_else_explains_that_it_is_gone(invite, known, found):
    assert fate(invite, **{"has_place": True, "at": LATER, **known}) is found


def test_uses_and_arrivals_balance_when_nothing_is_under_way():
    assert is_balanced({"a": Moved(2, 2), "b": Moved(1, 1)}, 3)
    assert not is_balanced({"a": Moved(2, 2)}, 1)
    assert not is_balanced({"a": Moved(1, 2)}, 1)


def test_after_an_outage_numbers_prove_something_only_where_every_way_in_is_a_known_invite():
    assert Evidence(watched=True, features=["DISCOVERABLE"]).proof
    assert not Evidence(watched=True, features=[BY_REQUEST]).proof
    assert Evidence(watched=False, unseen=()).proof
    assert not Evidence(watched=False, unseen=(), features=["DISCOVERABLE"]).proof
    assert not Evidence(watched=False, unseen=("gone",)).proof
    assert not Evidence(watched=False, unseen=None).proof
    assert not Evidence(watched=False, unseen=(), complete=False).proof


@dataclass
class World:
    """A server that knows by which invite everybody came."""

    doors: bool
    invites: dict[str, Counted] = field(default_factory=dict)
    fates: dict[str, Fate] = field(default_factory=dict)
    made: dict[str, Counted] = field(default_factory=dict)
    members: dict[int, str | None] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    def make(self, number: int, limit: int, lifetime: int) -> None:
        code = f"i{number}"
        if code not in self.invites and code not in self.fates:
            self.invites[code] = Counted(0, limit, NOW + timedelta(minutes=lifetime) if lifetime else None)
            self.made[code] = self.invites[code]

    def drop(self, code: str, what: Fate) -> None:
        del self.invites[code]
        self.fates[code] = what

    def join(self, code: str | None) -> None:
        """By that invite, or without one where the server has other doors."""
        if code is not None and code in self.invites:
            old = self.invites[code]
            self.invites[code] = Counted(old.uses + 1, old.max_uses, old.expires_at)
            if self.invites[code].left == 0:
                self.drop(code, Fate.USED_UP)
        elif not self.doors or code is not None:
            return
        self.members[len(self.members)] = code

    def leave(self) -> None:
        if self.members:
            self.gone.add(max(self.members))


numbers = st.integers(0, 3)
acts = st.one_of(
    st.tuples(st.just("make"), numbers, st.sampled_from([0, 1, 2]), st.sampled_from([0, 0, 3])),
    st.tuples(st.just("remove"), numbers),
    st.tuples(st.just("expire"), numbers),
    st.tuples(st.just("leave")),
    st.tuples(st.just("join"), numbers),
    st.tuples(st.just("join"), numbers),
    st.tuples(st.just("join"), st.none()),
)


def act(world: World, what: tuple) -> None:
    name, *details = what
    code = f"i{details[0]}" if details and details[0] is not None else None
    if name == "make":
        world.make(*details)
    elif name == "join":
        world.join(code)
    elif name == "leave":
        world.leave()
    elif code in world.invites:
        world.drop(code, Fate.REMOVED if name == "remove" else Fate.UNCLEAR)


A, B = ("make", 0, 0, 0), ("make", 1, 0, 0)
COME_AND_GONE = [B, ("join", 1), ("remove", 1), ("join", 0), ("leave",)]
"""One comes by an invite that is taken back, another by A, and leaves: A alone moved, by as many as there are."""
BY_ANOTHER_DOOR = [("join", None), ("join", 0), ("leave",)]


@example([A], COME_AND_GONE, False, False, True, True)
@example([A], BY_ANOTHER_DOOR, True, False, True, True)
@given(st.lists(acts, max_size=8), st.lists(acts, max_size=6), *[st.booleans()] * 4)
def test_nobody_is_given_a_wrong_code_and_the_right_one_is_always_among_the_candidates(
    earlier, between_looks, doors, watched, can_read_log, hears_of_new_ones
):
    world = World(doors)
    for what in earlier:
        act(world, what)
    before, world.fates, world.made, already = dict(world.invites), {}, {}, len(world.members)
    world.gone.clear()
    for what in between_looks:
        act(world, what)

    if watched and hears_of_new_ones:
        before |= world.made
    came = {who: code for who, code in world.members.items() if who >= already and (watched or who not in world.gone)}
    known = world.fates if can_read_log else {}
    moved = movements(before, world.invites, known)
    unseen = (world.made.keys() & world.fates.keys()) if can_read_log else None
    evidence = Evidence(watched, ["DISCOVERABLE"] if doors else [], True, unseen)
    found = attribute(moved, len(came), proof=evidence.proof)

    for code in came.values():
        assert found.code in (None, code)
        if code in before or code in world.invites:
            assert code in found.candidates
