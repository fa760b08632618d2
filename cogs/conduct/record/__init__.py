"""What is known about a member: the team's timeline, and the member's own record."""
