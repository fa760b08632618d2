"""Newcomers seen by the team: how many get how far, who is stuck where, and the reminder that helps them on."""
