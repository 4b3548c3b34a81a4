"""What colours the map: numbers that are measured, groups, the legend's levels."""

from core.reports.progress import Progress
from explorer.map.colours.controller import Measuring
from explorer.map.panel import MapPanel
from explorer.shell.shell import Shell
from explorer.shell.status_bar import words_for_seconds
from explorer.workspace.workspace import Workspace


class ColourFeature:
    """Joins the map's colours to what is measured of each image."""

    def __init__(self, panel: MapPanel, workspace: Workspace, shell: Shell) -> None:
        self.measuring = measuring = Measuring(workspace.unusual, shell)
        learning, viewing = workspace.learning, workspace.viewing
        panel.number_chosen.connect(measuring.choose)
        panel.measure_again_clicked.connect(measuring.measure_again)
        learning.run_opened.connect(lambda opened: measuring.open(opened.run, opened.config))
        learning.training_started.connect(lambda started: measuring.start(started.run, started.config))
        learning.state_changed.connect(measuring.show_state)
        viewing.map_changed.connect(measuring.show_map)
        viewing.images_shown.connect(measuring.show_images)
        viewing.cleared.connect(measuring.clear)
        workspace.charting.charted.connect(measuring.show_pixels)
        measuring.offered.connect(panel.offer_numbers)
        measuring.scaled.connect(panel.show_scale)
        measuring.noted.connect(panel.show_scale_note)
        measuring.failed.connect(lambda words: panel.show_scale_note(words, True))
        measuring.progressed.connect(lambda progress: panel.show_measuring(_words_of(progress)))
        workspace.exploring.changed.connect(
            lambda now, fields: panel.show_groups(now.groups) if "groups" in fields else None
        )
        shell.closing.connect(measuring.stop)


def _words_of(progress: Progress | None) -> str:
    """How far the measuring is, for the map's pill."""
    if progress is None:
        return ""
    left = "" if progress.seconds_left is None else f", {words_for_seconds(progress.seconds_left)} left"
    return f"{progress.doing}: {progress.counted}{left}"
