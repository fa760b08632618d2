"""The circuit breaker's rule: when it opens, for what, and when it closes again."""

import logging

import pytest

from bot.circuit import ANSWERS_STOP_AT, OPENS_AT, Circuit, CircuitOpen


class Clock:
    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def circuit(clock):
    return Circuit(clock)


def refuse(circuit, times, status=403, path="channels/123/messages", **how):
    for _ in range(times):
        circuit.note(status, "POST", path, **how)


def test_it_opens_at_a_thousand_refusals_within_ten_minutes_and_closes_by_itself(circuit, clock):
    refuse(circuit, OPENS_AT - 1)
    circuit.check("channels/123/messages")
    clock.seconds = 300
    refuse(circuit, 1, status=429)
    assert circuit.open
    with pytest.raises(CircuitOpen):
        circuit.check("channels/123/messages")
    clock.seconds = 601
    assert circuit.invalid == 1
    circuit.check("channels/123/messages")


def test_refusals_spread_over_a_longer_time_do_not_open_it(circuit, clock):
    for _ in range(5 * OPENS_AT):
        refuse(circuit, 1)
        clock.seconds += 0.61
    assert not circuit.open


@pytest.mark.parametrize("status", [200, 204, 400, 404, 500, 503])
def test_what_discord_does_not_count_is_not_counted(circuit, status):
    refuse(circuit, 2 * OPENS_AT, status=status)
    refuse(circuit, 2 * OPENS_AT, status=429, shared=True)
    assert circuit.invalid == 0


def test_people_are_still_answered_until_the_danger_is_near(circuit):
    refuse(circuit, ANSWERS_STOP_AT - 1)
    circuit.check("interactions/1/token/callback")
    refuse(circuit, 1)
    with pytest.raises(CircuitOpen):
        circuit.check("webhooks/1/token")


def test_it_says_once_what_was_refused_without_ids_or_tokens_and_once_that_it_goes_on(circuit, clock, caplog):
    caplog.set_level(logging.WARNING, "bot.circuit")
    refuse(circuit, OPENS_AT - 100)
    refuse(circuit, 200, path="webhooks/1/secret-token/messages/2")
    assert len(caplog.records) == 1
    assert "403 POST channels/…/messages (900x)" in caplog.text
    assert "secret" not in caplog.text
    assert "123" not in caplog.text
    clock.seconds = 601
    circuit.check("users/@me")
    circuit.check("users/@me")
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
