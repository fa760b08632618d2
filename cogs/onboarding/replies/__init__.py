"""The first answer: every newcomer is answered by a human in time, or the team hears of it."""
