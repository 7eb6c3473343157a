"""The characters of the reps: how each of them works, drives and treats his phone."""

from dataclasses import dataclass, field

from .phone import Settings


@dataclass(frozen=True)
class Habit:
    """How one kind of rep works. Times in minutes, chances from 0 to 1."""

    name: str
    wire: str  #: form of the tracker app's messages, see wire.py
    visits: int = 7  #: planned for a working day
    stay: tuple = (26, 46)
    cruise: float = 10.5  #: m/s on a free street
    tracker: Settings = field(default_factory=Settings)
    hole: float = 0.25  #: chance that the network is gone for a while
    skips_visit: float = 0.06  #: chance that a planned visit does not happen
    forgets_check_out: float = 0.0  #: chance per visit
    forgets_close: float = 0.0  #: chance per day
    silent: float = 0.0  #: chance that the system stops the tracker app for a while
    skips_step: float = 0.0  #: chance that a step could not be done
    cheats: bool = False


HABITS = {
    habit.name: habit
    for habit in (
        Habit("thorough", wire="form", visits=6, stay=(35, 55)),
        Habit("steady", wire="json", visits=7, tracker=Settings(noise_m=6)),
        Habit("quick", wire="query", visits=9, stay=(15, 28), cruise=11.5),
        Habit("offline", wire="form", visits=7, hole=1.0),
        Habit("forgetful", wire="query", visits=7, forgets_check_out=0.3, forgets_close=0.35),
        Habit("cheat", wire="json", visits=8, stay=(18, 32), cheats=True),
        Habit("hurried", wire="form", visits=9, stay=(3, 14), skips_step=0.25),
        Habit("silent", wire="json", visits=7, silent=0.8, tracker=Settings(noise_m=7)),
    )
}
