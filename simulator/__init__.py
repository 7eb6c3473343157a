"""Eight sales reps of the demo company who live through the real HTTP protocol.

Standard library only. The plan of a day (`day.py` and what it stands on) is pure: the demo's
history and the live simulation are made from the same function.
"""
