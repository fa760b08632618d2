"""The code of conduct itself: numbered articles, a draft, versions that are published and never lost."""
