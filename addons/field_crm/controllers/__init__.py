from . import card, leads
