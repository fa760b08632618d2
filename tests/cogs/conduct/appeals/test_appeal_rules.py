"""Who may decide an appeal."""

from hypothesis import given
from hypothesis import strategies as st

from cogs.conduct.appeals.rules import Barred, barred, only_owner

OWNER, MINA, ADA, BOB = 1, 2, 3, 4
people = st.integers(1, 6)


def may(person, *, sanctioner=MINA, subject=BOB, deciders=(MINA, ADA)):
    return barred(person, subject=subject, sanctioner=sanctioner, deciders=deciders, owner=OWNER) is None


def test_somebody_else_decides_than_whoever_made_the_case():
    assert may(ADA)
    assert may(OWNER), "the owner always may"
    assert not may(MINA)
    assert not may(BOB)
    assert not may(99)


def test_of_a_single_moderator_the_owner_decides_and_an_owner_alone_decides_even_their_own():
    alone = {"deciders": (MINA,)}
    assert not may(MINA, **alone)
    assert may(OWNER, **alone)
    assert only_owner(subject=BOB, sanctioner=MINA, deciders=[MINA], owner=OWNER)
    assert may(OWNER, sanctioner=OWNER, deciders=(OWNER,))
    assert not may(OWNER, sanctioner=OWNER, deciders=(OWNER, ADA)), "somebody else can"
    assert not only_owner(subject=BOB, sanctioner=MINA, deciders=[MINA, ADA], owner=OWNER)


def test_a_case_of_the_bots_own_is_decided_by_anybody_who_moderates():
    assert may(MINA, sanctioner=None)
    assert barred(BOB, subject=BOB, sanctioner=None, deciders=[BOB], owner=OWNER) is Barred.SUBJECT


@given(people, people, st.none() | people, st.sets(people), people)
def test_there_is_always_somebody_who_may_decide_and_never_the_one_concerned(
    person, subject, sanctioner, deciders, owner
):
    def why(who):
        return barred(who, subject=subject, sanctioner=sanctioner, deciders=deciders, owner=owner)

    assert why(subject) is not None
    able = [who for who in {*deciders, owner} if why(who) is None]
    if owner != subject:
        assert able
    if sanctioner is not None and why(sanctioner) is None:
        assert sanctioner == owner
        assert able == [owner]
