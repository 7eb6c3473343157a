"""What `./field` is made of: only Python's standard library is used in here, because nothing
else is there before the first run has installed it."""
