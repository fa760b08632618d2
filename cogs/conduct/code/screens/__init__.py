"""What people see of a code of conduct, made of a place and nothing else: no screen remembers anything."""
