"""Deciding: what a moderator does about a member, beside what the ladder proposes and what others received."""
