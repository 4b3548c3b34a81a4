"""The five steps of the first two minutes: what to do, a button that helps, and what was seen once it is done."""

from dataclasses import dataclass

DRAG, PLANE, OWN, EMPTY, FOLDER = range(5)


@dataclass(frozen=True)
class Shown:
    """What the card says: a step by its place in STEPS, its number of how many, words, whether it is done."""

    place: int
    number: int
    count: int
    words: str
    is_done: bool = False


@dataclass(frozen=True)
class Step:
    """One thing to do; `seen` may have fields for what was found. `action` is the shell's, behind a button."""

    task: str
    seen: str
    action: str = ""
    button: str = ""


STEPS = (
    Step(
        "Press on a dot and drag, or use the arrow keys: the picture follows your hand.",
        "Every place on the map is a picture: the decoder drew a new one wherever your hand went.",
    ),
    Step(
        "Press G, and see the whole plane at once.",
        "Each tile is what the decoder draws at that place: places that are near give pictures that are alike.",
    ),
    Step(
        "Bring a picture of your own: draw one (F9), or drop a file on the map.",
        "The encoder made {} of it{}; from {} the decoder drew the picture at the end.",
        "draw",
        "Draw",
    ),
    Step(
        "Drag to where no dots are (by keys: Ctrl+M, then arrows), and read the verdict under the picture.",
        "The verdict is “{}”: no picture that it learned from lies here, so what the decoder draws is made up.",
    ),
    Step(
        "Now a folder of pictures of your own. They never leave this machine.",
        "Your pictures lie on the map by their pixels for now; press Train, and the model puts them in its own order.",
        "open_folder",
        "Open folder…",
    ),
)
BACK_TO_DOTS = "Press G to see the dots again. "  # said where the plane is before them
