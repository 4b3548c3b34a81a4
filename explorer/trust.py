"""How far to trust a picture, in words: the verdict on its place, its round trip, and how typical an image is."""

import math
from typing import TYPE_CHECKING

from explorer.widgets.verdict_chip import VerdictName

if TYPE_CHECKING:
    from core.latent.support import Standing
    from core.latent.surroundings import Surroundings
    from explorer.trips.placing import Weighed

RULE = (
    "Two figures are compared with those of held-out images: how far the 5th nearest image learned from is, and how "
    "far the middle of these. Inside: neither is larger than in 95 % of them; empty space: one is larger than in "
    "99 %; between, the edge."
)
NOT_KNOWN = "Too few images have been learned from to say whether there is data here."


def trust_in_words(found: "Surroundings") -> tuple[VerdictName, str, str, str]:
    """The verdict and what it comes from, the round trip and what that is."""
    standing = found.standing
    verdict: VerdictName = "" if standing is None else standing.verdict
    why = NOT_KNOWN if standing is None else f"{_why(standing)}\n{RULE}"
    return verdict, why, *_round_trip(found.round_trip, found.typical)


def weighed_in_words(weighed: "Weighed") -> tuple[str, ...]:
    """How typical a placed image is, in short phrases."""
    if weighed.nats is None or weighed.share is None or weighed.usual is None:
        return (weighed.why_not,)
    side = "more" if weighed.nats > weighed.usual else "fewer"
    nats = f"{weighed.nats:,.0f} nats, {abs(weighed.nats - weighed.usual):,.0f} {side} than usual".replace("-", "−")
    images = f"{100 * weighed.share:.0f}\N{NO-BREAK SPACE}%" if weighed.share >= 0.005 else "none"
    return nats, f"more typical than {images} of the images"


def _why(standing: "Standing") -> str:
    away, out = standing.away_limits, standing.out_limits
    if standing.verdict == "inside":
        return (
            f"The 5th nearest image learned from is {standing.away:.2f} away and their middle {standing.out:.1f} σ: "
            f"as for most held-out images, which stay within {away.inside:.2f} and {out.inside:.1f} σ."
        )
    share = "95 %" if standing.verdict == "edge" else "99 %"
    if standing.is_far_out:
        limit = out.inside if standing.verdict == "edge" else out.edge
        return f"{standing.out:.1f} σ from the middle of the data: {share} of held-out images are within {limit:.1f} σ."
    limit = away.inside if standing.verdict == "edge" else away.edge
    return (
        f"The 5th nearest image learned from is {standing.away:.2f} away: "
        f"for {share} of held-out images it is within {limit:.2f}."
    )


def _round_trip(length: float, typical: float) -> tuple[str, str]:
    if not math.isfinite(length):
        return "", ""
    tip = f"The picture is encoded again: its code comes out {length:.2f} from z."
    if not math.isfinite(typical) or typical <= 0.0:
        return f"round trip {length:.2f}", tip
    times = length / typical
    said = f"round trip {times:.1f} × typical" if times < 10.0 else f"round trip {times:,.0f} × typical"
    return said, f"{tip} For held-out images it is typically {typical:.2f}."
