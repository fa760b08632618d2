"""Looks at what members write: words, patterns, links, mentions and floods. Nothing here acts on anybody."""
