"""Fetching must bring the published files whole, or nothing and a sentence; the network here is a proxy of our own.

torchvision asks for Fashion-MNIST over http, so a proxy can answer with Debian's copy, packed as the authors packed it.
"""

import errno
import os
import struct
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from core.config import ImagesConfig
from core.errors import ImagesError
from core.images.image_set import build_image_set
from core.images.named_sets import fetch, idx_files
from core.images.named_sets.catalogue import known_set
from core.images.named_sets.fetch import download
from core.images.named_sets.torchvision_reading import Place
from core.reports.images import ImageSetReady
from core.reports.progress import Progress

DEBIAN = Path("/usr/share/datasets/fashion-mnist")
PACKED = {  # when the authors packed each file, in seconds since 1970: their md5 is over that too
    "train-images-idx3-ubyte": 1504176606,
    "train-labels-idx1-ubyte": 1504176606,
    "t10k-images-idx3-ubyte": 1504176627,
    "t10k-labels-idx1-ubyte": 1504176627,
}
needs_debian = pytest.mark.skipif(not DEBIAN.is_dir(), reason="dataset-fashion-mnist is not installed")
Answer = Callable[[BaseHTTPRequestHandler, str], None]


def published(name: str) -> bytes:
    """Debian packed the same stream again without its name and time; this is the file that the authors published."""
    debian = (DEBIAN / f"{name}.gz").read_bytes()
    head = b"\x1f\x8b\x08\x08" + struct.pack("<I", PACKED[name]) + b"\0" + debian[9:10] + name.encode() + b"\0"
    return head + debian[10:]


def give(handler: BaseHTTPRequestHandler, name: str) -> None:
    content = published(name)
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content if handler.command == "GET" else b"")


def give_slowly(handler: BaseHTTPRequestHandler, name: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "26421880")
    handler.end_headers()
    while True:  # until the other side is gone
        handler.wfile.write(bytes(100_000))
        time.sleep(0.02)


def give_something_else(handler: BaseHTTPRequestHandler, name: str) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"<!DOCTYPE html><title>Please log in to this network</title>")


def refuse(handler: BaseHTTPRequestHandler, name: str) -> None:
    handler.send_error(403)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A proxy that answers as it is told to, the only network there is."""
    told: SimpleNamespace = SimpleNamespace(answer=give, asked=[], is_cut=threading.Event())

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            try:
                told.answer(self, self.path.rsplit("/", 1)[1].removesuffix(".gz"))
            except OSError:
                told.is_cut.set()

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    through(monkeypatch, f"http://127.0.0.1:{server.server_port}")
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def without_debian(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(idx_files, "DEBIAN", tmp_path)


def through(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, proxy)


def left_in(home: Path) -> list[Path]:
    return sorted(path for path in (home / "datasets").rglob("*") if path.is_file() or path.name.startswith("."))


@pytest.mark.debian
@needs_debian
@pytest.mark.long
def test_the_published_files_come_whole_and_are_read(network: SimpleNamespace, home: Path) -> None:
    mine = home / "datasets" / "FashionMNIST" / "raw" / "my notes.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("keep me")
    reports = list(download("fashion-mnist"))
    assert all(isinstance(each, Progress) and each.in_bytes for each in reports)
    assert next(each.doing for each in reports if each.total) == "Downloading fashion-mnist"
    done = [each.done for each in reports]
    assert done == sorted(done)
    assert {each.total for each in reports} <= {known_set("fashion-mnist").download_bytes, 0}
    assert known_set("fashion-mnist").download_bytes == sum(len(published(name)) for name in PACKED)
    assert {path.name for path in left_in(home)} == {"my notes.txt", *PACKED}
    *_, last = build_image_set("fashion-mnist", ImagesConfig())
    assert isinstance(last, ImageSetReady)
    # The mean that the field normalises by, of the 60,000 training images.
    assert np.asarray(last.image_set.pixels[:60_000]).mean() / 255.0 == pytest.approx(0.2860, abs=5e-5)
    asked = len(network.asked)
    assert list(download("fashion-mnist")) == []
    assert len(network.asked) == asked


def test_cancelling_ends_it_within_a_second_and_leaves_nothing(network: SimpleNamespace, home: Path) -> None:
    network.answer = give_slowly
    downloading = download("fashion-mnist")
    report = next(each for each in downloading if each.done > 1_000_000)
    assert report.seconds_left is not None
    began = time.monotonic()
    downloading.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 1.0
    assert left_in(home) == []
    assert network.is_cut.wait(5.0)


@pytest.mark.parametrize(
    ("answer", "sentence"), [(give_something_else, "cannot be downloaded"), (refuse, r"refuses \(.*403")]
)
def test_what_is_not_the_set_is_not_taken_for_it(
    answer: Answer, sentence: str, network: SimpleNamespace, home: Path
) -> None:
    network.answer = answer
    with pytest.raises(ImagesError, match=sentence) as caught:
        list(download("fashion-mnist"))
    assert "\n" not in str(caught.value)
    assert left_in(home) == []


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
@pytest.mark.long
def test_offline_is_a_sentence(name: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    through(monkeypatch, "http://127.0.0.1:9")  # nobody listens there
    with pytest.raises(ImagesError, match=f"{name} cannot be downloaded: this machine is offline") as caught:
        list(download(name))
    assert str(home / "datasets") in str(caught.value)
    assert left_in(home) == []


def test_space_is_looked_for_before_the_first_byte(network: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=5_000_000_000))
    with pytest.raises(ImagesError, match=r"food101 needs 10 GB .* and 5.0 GB are free"):
        next(iter(download("food101")))
    assert network.asked == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_is_full_on_the_way_is_not_blamed_on_the_network(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fetch, "open_split", write)
    source = known_set("mnist").source
    assert source is not None
    with pytest.raises(ImagesError, match=f"mnist cannot be kept in .*{os.strerror(number)}"):
        list(fetch.fetch_all(Place("mnist", source, tmp_path)))


def test_a_link_that_leads_nowhere_is_a_sentence(home: Path, tmp_path: Path, network: SimpleNamespace) -> None:
    (home / "datasets").symlink_to(tmp_path / "unplugged")
    with pytest.raises(ImagesError, match="cannot be kept in"):
        list(download("mnist"))
    assert network.asked == []


def test_a_folder_that_cannot_be_written_is_a_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse_to_make(**_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(fetch, "TemporaryDirectory", refuse_to_make)
    with pytest.raises(ImagesError, match=r"cannot be kept in .*Permission denied"):
        list(download("mnist"))


@pytest.mark.skipif(find_spec("gdown") is not None, reason="gdown is installed")
def test_a_missing_package_is_named_before_anything_is_fetched(home: Path) -> None:
    with pytest.raises(ImagesError, match="pip install gdown"):
        next(iter(download("celeba")))


def test_what_needs_no_fetching_fetches_nothing(network: SimpleNamespace) -> None:
    assert list(download("faces")) == []
    with pytest.raises(ImagesError, match="no image set called cats"):
        list(download("cats"))
    assert network.asked == []


def test_every_address_is_one_that_torchvision_has() -> None:
    code = Path(fetch.__file__).read_text() + Path(idx_files.__file__).read_text()
    assert "http://" not in code
    assert "https://" not in code


def test_what_a_killed_program_left_is_swept_away_after_a_day(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = home / "datasets" / ".making-old", home / "datasets" / ".making-new"
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "half.gz").write_bytes(b"half")
    os.utime(old, (time.time() - 2 * 24 * 3600,) * 2)
    with fetch._making(home / "datasets"):
        pass
    assert not old.exists()
    assert new.exists()
