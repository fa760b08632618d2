"""Appeals: a member contests a case, somebody else decides, and an overturned case leaves no trace but the record."""
