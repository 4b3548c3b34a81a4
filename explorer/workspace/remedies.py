"""What a user of the window does about an error."""

from collections.abc import Mapping

from core.errors import Remedy

REMEDIES: Mapping[Remedy, str] = {
    "completion": "set Conditional to completion, under Advanced in the training form, and train a new model",
    "device": "set Device to auto or cpu, under Advanced in the training form",
    "download": "choose it under Named sets, which fetches it",
    "held-out images": "set a held-out share above 0, under Advanced in the training form, and train a new model",
    "images": "open a folder that has some",
    "list of sets": "Named sets lists them",
    "mend": "Mend, at the foot of the window, goes on with what is whole",
    "room": "free some (Settings, in the menu File, clears decoded images), or choose a smaller image size",
    "run folder": "go on with it as it is, or train a new model",
}
