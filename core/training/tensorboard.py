"""TensorBoard's records of a run, as bytes: who writes them is told of a full disk."""

import struct
import time

from tensorboardX.proto.event_pb2 import Event, SessionLog
from tensorboardX.record_writer import masked_crc32c
from tensorboardX.summary import scalar


def opening(step: int) -> bytes:
    """How an event file begins; after step 0 what was shown of later steps is of a training that was not saved."""
    first = _record(file_version="brain.Event:2")
    if not step:
        return first
    return first + _record(step=step, session_log=SessionLog(status=SessionLog.START))


def point(name: str, number: float, step: int) -> bytes:
    """One point of one curve."""
    return _record(step=step, summary=scalar(name, number))


def _record(**content: object) -> bytes:
    data: bytes = Event(wall_time=time.time(), **content).SerializeToString()
    length = struct.pack("<Q", len(data))
    crcs = (struct.pack("<I", masked_crc32c(part)) for part in (length, data))
    return length + next(crcs) + data + next(crcs)
