"""How far to trust a picture, in words: the verdict on its place, its round trip, and how an image stands."""

import math
from typing import TYPE_CHECKING

from core.verdicts import WORDS
from explorer.shell.verdict_chip import VerdictName

if TYPE_CHECKING:
    from core.evaluation.typicality import ImageStanding
    from core.latent.around_place import Surroundings
    from core.latent.place_verdict import Limits, Standing
    from explorer.workspace.placed_image import Weighed

RULE = (
    "Two figures are compared with those of held-out images: how far the 5th nearest image learned from is, and how "
    "far the middle of all. Among the pictures: neither is larger than in 95 % of them. Near few: than in 99 %, or a "
    "real image is right here. Else between groups, if there are pictures across from the nearest, or far from any."
)
IMAGE_RULE = (
    "Of an image from outside two figures are compared with those of held-out images: how far its reconstruction is "
    "off, and how far its objective is from the usual one. Among the pictures: neither is larger than in 95 % of them. "
    "Near few: than in 99 %. Else far from any. It stands no better than the place of its code."
)
NOT_KNOWN = "Too few images have been learned from to say whether there are pictures here."


def trust_in_words(found: "Surroundings", nearest: str = "") -> tuple[VerdictName, str, str, str]:
    """The verdict and what it comes from, the round trip and what that is. `nearest` is the nearest image's name."""
    standing = found.standing
    verdict: VerdictName = "" if standing is None else standing.verdict
    if found.unjudged:
        return "", found.unjudged, found.unjudged, ""
    why = NOT_KNOWN if standing is None else f"{_why(standing, nearest)}\n{RULE}"
    return verdict, why, *_round_trip(found.round_trip, found.typical)


def weighed_in_words(weighed: "Weighed") -> tuple[str, ...]:
    """How typical a placed image is, in short phrases."""
    standing = weighed.standing
    if standing is None:
        return (weighed.why_not,)
    side = "more" if standing.nats > standing.usual else "fewer"
    nats = f"{standing.nats:,.0f} nats, {standing.off:,.0f} {side} than usual".replace("-", "−")
    images = f"{100 * standing.share:.0f}\N{NO-BREAK SPACE}%" if standing.share >= 0.005 else "none"
    return nats, f"more typical than {images} of the images"


def image_verdict_in_words(weighed: "Weighed") -> tuple[VerdictName, str]:
    """The verdict on a placed image, and what it comes from."""
    standing = weighed.standing
    return ("", weighed.why_not) if standing is None else (standing.verdict, f"{_why_image(standing)}\n{IMAGE_RULE}")


def _why(standing: "Standing", nearest: str) -> str:
    away, out = standing.away_limits, standing.out_limits
    if standing.passed == 0:
        return (
            f"The 5th nearest image learned from is {_times(standing.away, away)} and the middle {standing.out:.1f} σ "
            f"away: of held-out images 95 % are within {_times(away.usual, away)} and {out.usual:.1f} σ."
        )
    share = "95 %" if standing.passed == 1 else "99 %"
    if standing.is_far_out:
        limit = out.usual if standing.passed == 1 else out.rare
        figure = f"The middle of all is {standing.out:.1f} σ away: {share} of held-out images are within {limit:.1f} σ."
    else:
        limit = away.usual if standing.passed == 1 else away.rare
        figure = (
            f"The 5th nearest image learned from is {_times(standing.away, away)} away: "
            f"for {share} of held-out images it is within {_times(limit, away)}."
        )
    return " ".join(filter(None, (_around(standing, nearest), figure)))


def _around(standing: "Standing", nearest: str) -> str:
    """What there is all the same, or across."""
    match standing.verdict:
        case "few" if standing.passed == 2:
            return f"{nearest or 'A real image'} is right here, and hardly any other picture is near."
        case "between":
            return "There are pictures on one side and on the other, and none here."
        case "far":
            return "There are pictures on one side only, or none."
        case _:
            return ""


def _times(away: float, limits: "Limits") -> str:
    """A distance by how far it typically is."""
    if limits.median <= 0.0:
        return f"{away:.2g}"
    times = away / limits.median
    return f"{times:.1f} × as far as usual" if times < 10.0 else f"{times:,.0f} × as far as usual"


def _why_image(standing: "ImageStanding") -> str:
    error, off = standing.error_limits, standing.off_limits
    figures = [
        (error.passed(standing.error), f"Its reconstruction is off by {standing.error:.3f} a pixel", error, ".3f"),
        (off.passed(standing.off), f"Its objective is {standing.off:,.0f} nats from the usual one", off, ",.0f"),
    ]
    most = max(passed for passed, *_ in figures)
    words = [_beside(figure, passed, limits, form) for passed, figure, limits, form in figures if passed == most]
    if standing.place not in (None, "among"):
        words.append(f"The place of its code is {WORDS[standing.place]}.")
    return " ".join(words)


def _beside(figure: str, passed: int, limits: "Limits", form: str) -> str:
    share, limit = ("99 %", limits.rare) if passed == 2 else ("95 %", limits.usual)
    return f"{figure}: {share} of held-out images are within {limit:{form}}."


def _round_trip(length: float, typical: float) -> tuple[str, str]:
    if not math.isfinite(length):
        return "", ""
    tip = f"The picture is encoded again: its code comes out {length:.2f} from z."
    if not math.isfinite(typical) or typical <= 0.0:
        return f"round trip {length:.2f}", tip
    times = length / typical
    said = f"round trip {times:.1f} × typical" if times < 10.0 else f"round trip {times:,.0f} × typical"
    return said, f"{tip} For held-out images it is typically {typical:.2f}."
