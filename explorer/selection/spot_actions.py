"""What the selection offers wherever an image or a place is seen."""

from collections.abc import Callable
from functools import partial

from explorer.shell.shell import Shell
from explorer.shell.spot_menu import SpotAction, short
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.file_manager import show_file
from explorer.workspace.spot import FEW, MANY, NO_FILES, NOT_SEEN, Spot
from explorer.workspace.workspace import Workspace


def offer_selecting(
    workspace: Workspace,
    shell: Shell,
    choose_near: Callable[[Spot, int], object],
    see_large: Callable[[Spot], object],
) -> None:
    """See it large, its file, those nearest to it, all of its class."""

    def class_words(spot: Spot) -> str:
        table = workspace.viewing.table
        if not spot.is_image or len(table.classes) < 2 or not (name := table.classes[table.labels[spot.index]]):
            return ""
        return f"Select all of “{short(name)}”"

    def why_no_file(_: Spot) -> str:
        return NO_FILES if workspace.folder is None else ""

    def show_in_folder(spot: Spot) -> None:
        if workspace.folder is not None:
            path = workspace.folder / workspace.viewing.table.names[spot.index]
            if path.exists():
                show_file(path)
            else:
                shell.say(f"{drawable(str(path))} is not there any more.")

    def choose_class(spot: Spot) -> None:
        workspace.selecting.choose_class_of(spot.index)

    def choose(count: int, spot: Spot) -> None:
        choose_near(spot, count)

    offer = shell.spots.offer
    offer(SpotAction("large", "see", partial(_of_image, "See it large"), see_large))
    offer(SpotAction("folder", "see", partial(_of_image, "Show in folder"), show_in_folder, why_no_file))
    for count in (FEW, MANY):
        words = partial(_near_words, count)
        offer(SpotAction(f"near {count}", "select", words, partial(choose, count), partial(_why_not, workspace)))
    offer(SpotAction("class", "select", class_words, choose_class))


def _of_image(words: str, spot: Spot) -> str:
    return words if spot.is_image else ""


def _near_words(count: int, spot: Spot) -> str:
    words = {
        "image": f"Select it and the {count} nearest to it",
        "place": f"Select the {count} images nearest to it",
        "picture": "",
    }
    return words[spot.kind]


def _why_not(workspace: Workspace, spot: Spot) -> str:
    """A map of pixels has nearest images too."""
    why_not = workspace.why_nowhere(spot)
    return why_not if why_not == NOT_SEEN else ""
