"""Closes or slows a server for a while, and puts everything back as it was found."""
