"""How alike two leads are. What is compared, and what each agreement is worth."""

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from .linkage import UNKNOWN, Field, Linkage, levels_of, same

MERGE, REVIEW = 0.9, 0.6
NEAR_M, FAR_M = 200, 5000

# Levels of each field, for the explanation: what a reader is told.
NAME, ADDRESS, CONTACT = "name", "address", "contact"


def name_similarity(left, right):
    """Of two normalised names, 0 to 1; the order of words does not count, their number does."""
    return max(fuzz.token_sort_ratio(left, right), JaroWinkler.similarity(left, right) * 90) / 100


def address_similarity(left, right):
    return fuzz.token_set_ratio(left, right) / 100


def compare_sets(left, right):
    """Telephone numbers, addresses of mail: one in common is enough; none is weak evidence."""
    if not left or not right:
        return UNKNOWN
    return 0 if set(left) & set(right) else 1


def compare_distance(left, right):
    """Positions as (metres are computed by the caller's function, attached to the left one)."""
    if not left or not right:
        return UNKNOWN
    metres = left[2](left[0], left[1], right[0], right[1])
    return 0 if metres <= NEAR_M else 1 if metres <= FAR_M else 2


def lead_linkage():
    """The weights for leads: exact identifiers decide, names need company.

    *m* and *u* were set so that the thresholds keep their meaning: above .9 two independent strong
    agreements, or one tax number; .6 to .9 one strong agreement or a name with its place.
    """
    return Linkage(
        [
            Field("tax", same, m=[0.98, 0.02], u=[0.000001, 0.999]),
            Field("phones", compare_sets, m=[0.75, 0.25], u=[0.0004, 0.9996]),
            Field("emails", compare_sets, m=[0.7, 0.3], u=[0.0003, 0.9997]),
            Field("domain", same, m=[0.8, 0.2], u=[0.004, 0.996]),
            Field(
                NAME,
                levels_of(name_similarity, 0.999, 0.9, 0.75, 0.5),
                m=[0.55, 0.28, 0.12, 0.04, 0.01],
                u=[0.003, 0.006, 0.02, 0.2, 0.771],
            ),
            Field("place", compare_distance, m=[0.8, 0.15, 0.05], u=[0.01, 0.19, 0.8]),
            Field(
                ADDRESS,
                levels_of(address_similarity, 0.95, 0.8, 0.5),
                m=[0.5, 0.25, 0.15, 0.1],
                u=[0.002, 0.02, 0.2, 0.778],
            ),
            Field("city", same, m=[0.92, 0.08], u=[0.1, 0.9]),
            Field(
                CONTACT,
                levels_of(name_similarity, 0.999, 0.85),
                m=[0.5, 0.15, 0.35],
                u=[0.003, 0.01, 0.987],
            ),
        ],
        prior=0.004,
    )
