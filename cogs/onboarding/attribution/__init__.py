"""By which invite a member came, as far as it can be known; what cannot be known is said to be so."""
