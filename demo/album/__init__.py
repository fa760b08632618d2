"""Every message of a feature as a picture, in both languages and as wide as a phone, to be looked at.

Not part of the demo that visitors see: `make pictures` writes it to ``build/album``.
"""
