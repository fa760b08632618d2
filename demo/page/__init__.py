"""The page of the demo: five doors, a guided list, and simcord's preview of the community, on loopback only."""
