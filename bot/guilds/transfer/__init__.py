"""The settings of a server as a TOML file: written, read, laid over another server. Knows no Discord."""
