"""Reports: confidential, answered, and told about."""
