"""What moderation did in a month, told without pointing at anybody."""
