"""Evidence: a message as it was when somebody put it before the team, kept as long as what it proves."""
