"""Deletes many recent messages of a channel, after a preview of exactly those."""
