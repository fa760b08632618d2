"""What a code of conduct is, how it is changed, compared and cut into pages; on plain values."""
