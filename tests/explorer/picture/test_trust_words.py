"""What is said of a place: the figures that the verdict comes from, and no others."""

import numpy as np
import pytest

from core.evaluation.typicality import ImageStanding
from core.latent.around_place import Surroundings
from core.latent.place_verdict import Limits, Standing
from explorer.picture.trust_words import (
    IMAGE_RULE,
    NOT_KNOWN,
    RULE,
    image_verdict_in_words,
    trust_in_words,
    weighed_in_words,
)
from explorer.workspace.placed_image import Weighed

AWAY, OUT = Limits(0.5, 1.0, 2.0), Limits(1.0, 3.0, 5.0)


def found(standing: Standing | None, round_trip: float = 0.3, typical: float = 0.1) -> Surroundings:
    return Surroundings(np.zeros(0, np.int64), np.zeros(0, np.float32), standing, round_trip, typical)


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing("among", 0.75, 2.5, AWAY, OUT), ("1.5 × as far", "2.5 σ", "2.0 × as far", "3.0 σ")),
        (Standing("few", 1.5, 2.5, AWAY, OUT), ("3.0 × as far", "95 % of", "within 2.0 ×")),
        (Standing("few", 0.5, 4.0, AWAY, OUT), ("middle of all is 4.0 σ", "95 % of", "within 3.0 σ")),
        (Standing("few", 1.95, 3.1, Limits(0.5, 1.98, 2.0), OUT), ("middle of all is 3.1 σ", "within 3.0 σ")),
        (Standing("few", 9.0, 4.0, AWAY, OUT), ("a.png is right here", "18 × as far", "99 % of", "within 4.0 ×")),
        (Standing("between", 9.0, 4.0, AWAY, OUT), ("on one side and on the other", "18 × as far", "99 % of")),
        (Standing("far", 0.5, 40.0, AWAY, OUT), ("one side only", "middle of all is 40.0 σ", "within 5.0 σ")),
    ],
)
def test_the_figure_that_decides_is_the_one_that_is_named(standing, said):
    verdict, why, _, _ = trust_in_words(found(standing), "a.png")
    assert verdict == standing.verdict
    for words in said:
        assert words in why.removesuffix(RULE)
    assert ("a.png" in why) == ("a.png is right here" in said)
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


def image(nats: float, share: float, verdict: str = "among", error: float = 0.02, place: str = "among") -> Weighed:
    limits = Limits(50.0, 200.0, 400.0), Limits(0.02, 0.05, 0.08)
    return Weighed(ImageStanding(verdict, nats, 3300.0, share, error, *limits, place))


def test_how_typical_an_image_is():
    nats, share = weighed_in_words(image(3412.4, 0.83))
    assert share == "more typical than 83\N{NO-BREAK SPACE}% of the images"
    assert nats == "3,412 nats, 112 more than usual"
    assert weighed_in_words(image(3100.0, 0.001)) == (
        "3,100 nats, 200 fewer than usual",
        "more typical than none of the images",
    )
    assert weighed_in_words(Weighed(why_not="Later.")) == ("Later.",)


@pytest.mark.parametrize(
    ("weighed", "said", "unsaid"),
    [
        (image(3350.0, 0.8), ("off by 0.020", "within 0.050", "50 nats", "within 200"), "place"),
        (image(3600.0, 0.03, "few"), ("300 nats", "95 % of held-out images are within 200"), "off by"),
        (image(3350.0, 0.8, "far", 0.2), ("off by 0.200", "99 % of held-out images are within 0.080"), "nats"),
        (image(3350.0, 0.8, "between", place="between"), ("its code is between groups",), "99 %"),
    ],
)
def test_what_decides_on_an_image_is_what_is_named(weighed, said, unsaid):
    verdict, why = image_verdict_in_words(weighed)
    assert verdict == weighed.standing.verdict
    told = why.removesuffix(IMAGE_RULE)
    for words in said:
        assert words in told
    assert unsaid not in told


def test_an_image_that_was_not_compared_has_no_verdict():
    assert image_verdict_in_words(Weighed(why_not="Later.")) == ("", "Later.")
