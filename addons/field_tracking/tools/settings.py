"""Numbers the day algorithm works with, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Metres, seconds, metres per second.

    The stay rule (100 m, 5 min, gap aware) was the best of 36 settings on labelled phone days and
    stays the best when chosen on other days than it is scored on.
    """

    #: fixes worse than this never make stays, lines or distance
    accuracy_max: float = 100.0
    #: a fix at most this bad is good enough for a fence or mileage
    accuracy_good: float = 50.0
    #: 200 km/h; trains are faster, so speed alone never removes a fix
    speed_max: float = 55.0
    #: most fixes, and longest time, a burst of stray fixes may last
    burst_fixes: int = 10
    burst_s: float = 600.0
    #: a lone fix farther out than so many usual legs, and faster than this one way, is stray
    alone_factor: float = 8.0
    alone_speed: float = 20.0
    stay_radius: float = 100.0
    stay_min_s: float = 300.0
    #: leaving the circle for less than this is not leaving
    stay_excursion_s: float = 180.0
    #: an excursion that stays this near and holds no stay of its own is noise, not a trip: still
    #: phones were seen 200 m off, several times within minutes, claiming 1.7 m accuracy
    stay_reach: float = 250.0
    stay_return_s: float = 1800.0
    #: smallest circle that a stay begins and ends in, and how long the last metres may take
    edge_min: float = 30.0
    edge_s: float = 60.0
    #: silence this long is a gap
    gap_min_s: float = 300.0
    #: slower than this over a silence, and not farther than ``gap_reach``, is staying
    gap_speed: float = 0.5
    gap_reach: float = 300.0
    walk_speed: float = 1.4
    trip_reach: float = 200.0
    #: also stands in where the sender does not know its accuracy
    anchor_min: float = 20.0
    #: speed is worth integrating only between fixes this close in time
    doppler_max_s: float = 15.0
    #: up to here speed alone tells more than the chord
    dense_s: float = 3.0
    chord_noise: float = 10.0
    #: the slower end is at least this share of the faster one: driving on, no corner and no stop
    steady_share: float = 0.8
    corner_noise: float = 3.0
    #: the way of such a leg is at most this much longer than its straight line
    corner_stretch: float = 1.5
    doppler_block_s: float = 60.0
    #: a leg this much longer than the usual rhythm, and at least ``dropout_min_s``, was not seen
    dropout_factor: float = 10.0
    dropout_min_s: float = 30.0
    #: of several phones of one person, the better one is chosen anew for each such time
    device_window_s: float = 900.0


DEFAULT = Settings()
