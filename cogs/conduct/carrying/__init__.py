"""What happens on Discord because of a case: the notice, the act, the log, and the end."""
