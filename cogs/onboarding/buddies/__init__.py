"""Buddies: a member who knows the place and a newcomer who asked for one, for two weeks."""
