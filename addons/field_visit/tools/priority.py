"""How much a visit matters, and what leaving it out costs the engine."""

PRIORITIES = [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Must")]
#: More than any way through a day, and more than all of the next lower priority in it.
PRIZES = {"0": 10**6, "1": 10**7 * 4, "2": 10**9, "3": 10**10 * 4}
