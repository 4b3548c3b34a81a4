"""What is said of a place: the figures that the verdict comes from, and no others."""

import numpy as np
import pytest

from core.latent.support import Limits, Standing
from core.latent.surroundings import Surroundings
from explorer.trips.placing import Weighed
from explorer.trust import NOT_KNOWN, RULE, trust_in_words, weighed_in_words

AWAY, OUT = Limits(0.5, 1.0, 2.0), Limits(1.0, 3.0, 5.0)


def found(standing: Standing | None, round_trip: float = 0.3, typical: float = 0.1) -> Surroundings:
    return Surroundings(np.zeros(0, np.int64), np.zeros(0, np.float32), standing, round_trip, typical)


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing("inside", 0.75, 2.5, AWAY, OUT), ("0.75 away", "2.5 σ", "1.00", "3.0 σ")),
        (Standing("edge", 1.5, 2.5, AWAY, OUT), ("1.50 away", "95 % of", "within 1.00")),
        (Standing("edge", 0.5, 4.0, AWAY, OUT), ("4.0 σ from the middle", "95 % of", "within 3.0 σ")),
        (Standing("edge", 1.95, 3.1, Limits(0.5, 1.98, 2.0), OUT), ("3.1 σ from the middle", "within 3.0 σ")),
        (Standing("empty", 9.0, 4.0, AWAY, OUT), ("9.00 away", "99 % of", "within 2.00")),
        (Standing("empty", 0.5, 40.0, AWAY, OUT), ("40.0 σ from the middle", "99 % of", "within 5.0 σ")),
    ],
)
def test_the_figure_that_decides_is_the_one_that_is_named(standing, said):
    verdict, why, _, _ = trust_in_words(found(standing))
    assert verdict == standing.verdict
    for words in said:
        assert words in why.removesuffix(RULE)
    assert why.endswith(RULE)


def test_nothing_is_claimed_where_nothing_is_known():
    assert trust_in_words(found(None))[:2] == ("", NOT_KNOWN)
    assert trust_in_words(found(None, float("nan")))[2:] == ("", "")
    assert trust_in_words(found(None, 0.3, float("nan")))[2] == "round trip 0.30"


@pytest.mark.parametrize(
    ("length", "said"), [(0.13, "1.3 × typical"), (2.0, "20 × typical"), (250.0, "2,500 × typical")]
)
def test_a_round_trip_is_beside_a_typical_one(length, said):
    _, _, round_trip, tip = trust_in_words(found(None, length))
    assert round_trip == f"round trip {said}"
    assert f"{length:.2f} from z" in tip
    assert "0.10" in tip


def test_how_typical_an_image_is():
    nats, share = weighed_in_words(Weighed(3412.4, 3300.0, 0.83))
    assert share == "more typical than 83\N{NO-BREAK SPACE}% of the images"
    assert nats == "3,412 nats, 112 more than usual"
    assert weighed_in_words(Weighed(100.0, 300.0, 0.001)) == (
        "100 nats, 200 fewer than usual",
        "more typical than none of the images",
    )
    assert weighed_in_words(Weighed(why_not="Later.")) == ("Later.",)
