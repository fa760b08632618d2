"""A new edition of the code of conduct: whoever accepted an older one is asked again, once, spread over days."""
