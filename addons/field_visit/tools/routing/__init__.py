"""Order of the stops of one day. Pure functions: seconds since midnight, metres, no ORM.

``day`` describes a day and walks through it, ``solve`` finds the order, ``matrix`` and
``providers`` tell how far everything is from everything.
"""
