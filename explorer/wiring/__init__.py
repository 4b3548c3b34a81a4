"""Every connection between the session and the panels, a line each; a file for each part of the window."""

from explorer.dialogs.asking import Dialogs
from explorer.dialogs.saving import SavingDialogs
from explorer.dialogs.selection_questions import SelectionDialogs
from explorer.dialogs.spot_menus import SpotMenus
from explorer.presenter import Presenter
from explorer.session import Session
from explorer.shell.main_window import MainWindow
from explorer.wiring.allowing import wire_allowing
from explorer.wiring.directing import wire_directing
from explorer.wiring.exploring import wire_exploring
from explorer.wiring.images import wire_images
from explorer.wiring.judging import wire_judging
from explorer.wiring.mapping import wire_map
from explorer.wiring.measuring import wire_measuring
from explorer.wiring.placing import wire_placing
from explorer.wiring.planes import wire_backdrop, wire_planes
from explorer.wiring.sampling import wire_completion, wire_samples
from explorer.wiring.saving import wire_saving
from explorer.wiring.selecting import wire_selecting
from explorer.wiring.shelving import wire_shelving
from explorer.wiring.spots import wire_spots
from explorer.wiring.training import wire_training
from explorer.wiring.travelling import wire_travelling
from explorer.wiring.traversing import wire_traversing
from explorer.wiring.viewing import wire_viewing
from explorer.wiring.window import wire_window


def wire(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    """Join a window to its session; each reaches the other only through these lines."""
    wire_images(window, session, presenter, dialogs)
    wire_training(window, session, presenter)
    wire_shelving(window, session, dialogs)
    wire_viewing(window, session, presenter, dialogs)
    wire_map(window, session)
    wire_samples(window, session, presenter)
    wire_completion(window, session, presenter)
    wire_judging(window, session, presenter, dialogs)
    wire_exploring(window, session, presenter, dialogs)
    wire_planes(window, session, presenter, dialogs)
    wire_backdrop(window, session, presenter, dialogs)
    wire_measuring(window, session, presenter, dialogs)
    asking, saving = SelectionDialogs(window, session), SavingDialogs(window, session)
    wire_selecting(window, session, asking)
    wire_saving(window, session, saving)
    wire_spots(window, session, SpotMenus(window, session, asking, saving))
    wire_traversing(window, session, presenter, dialogs)
    wire_directing(window, session, presenter, dialogs)
    wire_travelling(window, session, presenter, dialogs)
    wire_placing(window, session, presenter, dialogs)
    wire_window(window, session, dialogs)
    wire_allowing(window, session)
