"""What a user of the command line does about an error."""

from collections.abc import Mapping

from core.errors import Remedy

REMEDIES: Mapping[Remedy, str] = {
    "completion": "train one with --conditional completion",
    "device": "choose --device auto or cpu",
    "download": "`latentscape datasets --download {what}` fetches it",
    "held-out images": "name images by --data",
    "images": "choose another --data",
    "list of sets": "`latentscape datasets` lists them",
    "mend": "`latentscape mend {what}` goes on with what is whole",
    "room": "free some, choose a smaller --image-size, or let LATENTSCAPE_HOME name a folder on a larger disk",
    "run folder": "resume it as it is, or choose another --run folder",
}
