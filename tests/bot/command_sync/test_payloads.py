"""What of the commands belongs to one server."""

from hypothesis import given
from hypothesis import strategies as st

from bot.command_sync.payloads import chat_ids, digest, of_everywhere, of_server, works_in_messages

names = st.sampled_from(["help", "inbox", "welcome", "privacy", "groups"])
payloads = st.lists(
    st.builds(
        lambda name, contexts, dm: {"name": name, "type": 1, "contexts": contexts, "dm_permission": dm},
        names,
        st.sampled_from([None, [0], [0, 1], [1, 2]]),
        st.booleans(),
    ),
    unique_by=lambda one: one["name"],
)


@given(payloads, st.frozensets(names))
def test_no_command_shows_twice_and_none_that_is_off_shows_in_the_server(every, off):
    here, everywhere = of_server(every, off), of_everywhere(every)

    assert not {one["name"] for one in here} & {one["name"] for one in everywhere}
    assert not {one["name"] for one in here} & off
    assert {one["name"] for one in (*here, *everywhere)} >= {one["name"] for one in every} - off
    assert not any("contexts" in one or "dm_permission" in one for one in here)


@given(payloads, st.randoms())
def test_the_digest_changes_with_the_commands_and_not_with_their_order(every, chance):
    shuffled = chance.sample(every, len(every))

    assert digest(1, every) == digest(1, shuffled)
    assert digest(1, every) != digest(2, every)
    assert digest(1, every) != digest(1, [*every, {"name": "shop", "type": 1}])
    for one in every:
        assert digest(1, every) != digest(1, [{**other, "nsfw": True} if other is one else other for other in every])


def test_a_command_says_in_two_ways_that_it_works_in_messages():
    assert works_in_messages({"name": "privacy", "contexts": [0, 1]})
    assert works_in_messages({"name": "privacy", "contexts": None, "dm_permission": True})
    assert not works_in_messages({"name": "inbox", "contexts": None, "dm_permission": False})
    assert not works_in_messages({"name": "inbox", "contexts": [0], "dm_permission": True})


def test_context_menus_have_no_id_to_mention():
    answer = [{"name": "help", "id": 7, "type": 1}, {"name": "Report", "id": 8, "type": 3}, {"name": "old", "id": "9"}]

    assert chat_ids(answer) == {"help": "7", "old": "9"}
