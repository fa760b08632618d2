"""Cases: what was decided about members, what follows from it on Discord, and how it is undone."""
