"""The workspace with the controllers of features that are not yet made by their own."""

from pathlib import Path

from PySide6.QtCore import QObject

from explorer.completion.controller import Completing
from explorer.directions.contrast_controller import Contrasting
from explorer.directions.controller import Directing
from explorer.images.fit_previews import Fitting
from explorer.map.backdrop.controller import Backdrop
from explorer.map.colours.controller import Measuring
from explorer.map.dots.thumbnail_reader import Picturing
from explorer.map.marks.contour_controller import Contouring
from explorer.map.plane.controller import Planes
from explorer.map.plane.umap_controller import Projecting
from explorer.outside.drawing_controller import Outlining
from explorer.outside.placing_controller import Placing
from explorer.paths.film_export import Filming
from explorer.paths.interpolation import Travelling
from explorer.paths.playback import Playing
from explorer.paths.stops_controller import Routing
from explorer.runs.compare_controller import Comparing
from explorer.runs.evaluation_controller import Evaluating
from explorer.runs.findings_controller import Diagnosing
from explorer.runs.run_list import Shelving
from explorer.samples.controller import Sampling
from explorer.selection.controller import Selecting
from explorer.selection.file_gathering import Gathering
from explorer.selection.image_list import Listing
from explorer.selection.image_search import Finding
from explorer.shell.cache_limit import Housekeeping
from explorer.shell.save_controller import Saving
from explorer.traversals.controller import Traversing
from explorer.workspace.run_in_hand import BUSY
from explorer.workspace.settings import Settings
from explorer.workspace.workspace import Workspace


class Session(Workspace):
    """The workspace with what is no feature of its own yet."""

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(settings, parent)
        self.measuring = Measuring(self.unusual, self)
        self.selecting = Selecting(self.exploring, self.unusual, self)
        self.listing = Listing(self.exploring, self.viewing, self.unusual, self)
        self.finding, self.gathering = Finding(self), Gathering(self)
        self.planes, self.projecting = Planes(self.exploring, self), Projecting(self)
        self.backdrop, self.contouring = Backdrop(self), Contouring(self)
        self.finding.file_unknown.connect(self.place_picture)
        self.picture_brought.connect(self._take_picture)
        self.placing, self.outlining = Placing(self.viewing, self), Outlining(self.viewing, self)
        self.traversing = Traversing(self.exploring, self)
        self.contrasting, self.directing = Contrasting(self.exploring, self), Directing(self.exploring, self)
        self.routing, self.travelling = Routing(self.exploring, self), Travelling(self)
        self.saving = Saving(self)
        self.playing, self.filming = Playing(self.exploring, self), Filming(self)
        self.fitting = Fitting(self)
        self.housekeeping, self.shelving = Housekeeping(self), Shelving(self)
        self.picturing = Picturing(self)
        self.sampling, self.completing = Sampling(self), Completing(self)
        self.comparing, self.evaluating, self.diagnosing = Comparing(self), Evaluating(self), Diagnosing(self)

    def throw_away(self, run: Path) -> None:
        """Put a run into the bin; in place of the one in hand its images are opened. Not while it is trained."""
        if run == self.learning.run:
            if self.learning.state in BUSY:
                return
            source = self.source
            self.exploring.let_go()
            self.learning.let_go()
            self.viewing.clear()
            if source is not None:
                self.open_source(source)
        self.shelving.throw_away(run)

    def _take_picture(self, path: Path) -> None:
        """One of the images has its dot; any other is placed."""
        config = self.learning.config
        if not self.finding.find_file(path, config.source if config else self.source):
            self.place_picture(path)

    def place_picture(self, path: Path) -> None:
        """Place an image file on the map, read as the images of the run were."""
        space = self.viewing.latent_space
        if space is None:
            return
        self.placing.place_file(path, self.images_as_read)

    def look_at_sample(self, index: int) -> None:
        """Go to the z of one of the pictures that were drawn."""
        drawn = self.sampling.last
        if drawn is not None and index < len(drawn.z):
            self.look_at_latent(drawn.z[index], drawn.class_names[index] if drawn.class_names else "")

    def go_to_stop(self, stop: int) -> None:
        """Go to a stop of the path that is shown, before its way is found too."""
        path, trip = self.routing.path, self.travelling.trip
        if trip is not None and trip.way.path is path:
            self.playing.seek(float(trip.way.stops_at[stop]))
        elif path is not None and stop < len(path.stops):
            self.look_at_latent(path.stops[stop], path.class_name)

    def evaluate(self, importance_samples: int, judge_samples: bool) -> None:
        """Measure the run in hand, as it was last saved."""
        if self.learning.run is not None:
            self.evaluating.evaluate(self.learning.run, importance_samples, judge_samples)

    def close(self) -> None:
        """Save and leave every thread."""
        self.learning.close()
        asking = (self.sampling, self.completing, self.comparing, self.evaluating, self.diagnosing)
        walking = (self.traversing, self.contrasting, self.directing, self.playing, self.travelling)
        saving = (self.filming, self.saving)
        map_of = (self.charting, self.picturing, self.planes, self.projecting, self.backdrop, self.contouring)
        outside = (self.placing, self.outlining)
        selection = (self.selecting, self.listing, self.finding, self.gathering, self.unusual, self.measuring)
        kept = (self.exploring, self.viewing, self.fitting, self.housekeeping, self.shelving)
        for each in (*outside, *map_of, *walking, *saving, *selection, *kept, *asking):
            each.stop()
