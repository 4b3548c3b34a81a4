"""TensorBoard's event file of a run, written in the caller's thread: a full disk is the caller's to say."""

import time
from contextlib import suppress
from pathlib import Path

from tensorboardX.event_file_writer import EventsWriter
from tensorboardX.proto.event_pb2 import Event, SessionLog
from tensorboardX.summary import scalar


class Board:
    """Numbers for TensorBoard; each board is a file of its own. Every method raises OSError.

    tensorboardX's own SummaryWriter has a thread and a last will that fail aloud after all has been said.
    """

    def __init__(self, run: Path, step: int) -> None:
        self._writer = EventsWriter(str(run / "events"))
        if step:  # what was shown of later steps is of a training that was not saved
            self._write(step=step, file_version="brain.Event:2")
            self._write(step=step, session_log=SessionLog(status=SessionLog.START))

    def add(self, name: str, number: float, step: int) -> None:
        """One point of one curve."""
        self._write(step=step, summary=scalar(name, number))

    def flush(self) -> None:
        """Make sure that it is on disk."""
        self._writer.flush()

    def close(self) -> None:
        """Close the file, whatever comes of it."""
        try:
            self._writer.close()
        except OSError:
            with suppress(OSError):
                self._writer._py_recordio_writer.close()
            raise

    def _write(self, **content: object) -> None:
        self._writer.write_event(Event(wall_time=time.time(), **content))
