"""The numbers of an image that can be measured, by the names a list shows."""

from dataclasses import dataclass
from typing import Literal

Source = Literal["pass", "plane", "codes"]  # a pass over the images, the plane of the map, the codes


@dataclass(frozen=True)
class Measured:
    """What a number is called, its unit, where it comes from, and what it tells."""

    name: str
    unit: str
    source: Source
    tip: str


RECONSTRUCTION = Measured("Reconstruction error", "nats", "pass", "−log p(x|z): how badly the model draws the image")
KL = Measured("KL", "nats", "pass", "How much its code says beyond the prior: KL(q(z|x) ‖ p(z))")
OBJECTIVE = Measured("Objective", "nats", "pass", "What training makes small: of most runs, reconstruction + β·KL")
FROM_PLANE = Measured("Distance from the plane", "", "plane", "How far the code lies from the plane of the map")
ALONE = Measured("Distance to the 5th nearest image", "", "codes", "How alone the image is: high for unusual ones")

NUMBERS = {each.name: each for each in (RECONSTRUCTION, KL, OBJECTIVE, FROM_PLANE, ALONE)}
