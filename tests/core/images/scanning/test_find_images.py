"""What a word or a path stands for: read as it was meant, or answered by the sentence that helps."""

import os
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import main
from core.errors import ImagesError
from core.images.scanning.find_images import find_images
from core.written_paths import read_path, said
from tests import rights

Output = pytest.CaptureFixture[str]
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"
MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(40)
WEBM, AVI = b"\x1aE\xdf\xa3" + bytes(40), b"RIFF\0\0\0\0AVI LIST" + bytes(40)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a folder of two pictures that is called like an image set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PICTURES", str(tmp_path / "my pictures"))
    for name in ("faces", "my pictures"):
        (tmp_path / name).mkdir()
        for number in range(2):
            Image.new("RGB", (16, 16), (100 * number, 0, 0)).save(tmp_path / name / f"{number}.png")
    return tmp_path


def test_a_folder_goes_before_a_set_of_its_name_and_both_are_said(here: Path, capsys: Output) -> None:
    assert main(["scan", "faces", "--image-size", "16"]) == 0
    output = capsys.readouterr()
    assert output.out.startswith(f"{here / 'faces'}: 2 images")
    assert f"faces is the folder {here / 'faces'} here; the image set of that name is set:faces." in output.err
    assert find_images("set:faces").source == "faces"
    assert find_images("./faces").source == str(here / "faces")
    assert find_images("./faces").note == ""
    (here / "faces").rename(here / "other")
    assert find_images("faces").source == "faces"
    (here / "mnist").write_text("no folder")
    assert find_images("mnist").source == "mnist"


@pytest.mark.long
def test_a_sweep_of_a_set_is_of_that_set_whatever_lies_here(here: Path, capsys: Output) -> None:
    words = [
        "--over",
        "latent-dims",
        "1",
        "--minutes",
        "0.001",
        "--width",
        "4",
        "--image-size",
        "16",
        "--network",
        "mlp",
    ]
    assert main(["sweep", "set:faces", *words, "--out", str(here / "out")]) == 0
    assert '"source": "faces"' in (here / "out" / "latent-dims-1" / "config.json").read_text("utf-8")


@pytest.mark.parametrize(
    "words",
    [
        "my pictures",
        "my pictures/",
        "my pictures//",
        "  my pictures ",
        "./my pictures",
        "faces/../my pictures",
        "'my pictures'",
        '"my pictures"',
        "“my pictures”",
        "my\\ pictures",
        "~/my pictures",
        "$HOME/my pictures",
        "${PICTURES}",
        "$PICTURES/",
        "file://{here}/my%20pictures",
        "file:{here}/my%20pictures",
        "FILE://localhost{here}/my%20pictures/",
        "'file://{here}/my%20pictures'",
        "{here}/my pictures\n",
    ],
)
def test_a_path_is_read_as_it_was_meant(here: Path, words: str) -> None:
    assert find_images(words.replace("{here}", str(here))).source == str(here / "my pictures")


def test_what_is_there_goes_before_what_could_be_meant(here: Path) -> None:
    for name in ("'quoted'", " spaced ", "$HOME", "~", "a\nb", "50%20off", "set", "caf\udce9"):
        (here / name).mkdir()
        assert find_images(name if name != "~" else "./~").source == str(here / name)


def test_a_link_to_a_folder_is_a_folder_and_one_that_leads_nowhere_is_said(here: Path) -> None:
    (here / "link").symlink_to(here / "faces")
    assert find_images("link").source == str(here / "link")
    (here / "broken").symlink_to(here / "gone")
    with pytest.raises(ImagesError, match=f"broken is a link that leads to {re.escape(str(here / 'gone'))}"):
        find_images("broken")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("nothing", "There is no folder {here}/nothing, and no image set is called nothing"),
        ("./nothing", "There is no folder {here}/nothing."),
        ("MNIST", "did you mean mnist?"),
        ("fashon-mnist", "did you mean fashion-mnist?"),
        ("set:fashon-mnist", "did you mean fashion-mnist?"),
        ("~/nothing", "There is no folder {here}/nothing."),
        ("//server/share", "There is no folder //server/share."),
        ("https://example.org/pets.zip", "an address in a network"),
        ("smb://nas/pictures", "mount it"),
        ("a\nb", "a\\nb"),
        ("", "No folder was named"),
        ("   ", "No folder was named"),
        ("/dev/null", "neither folder nor file"),
        ("faces/0.png", "is one picture, and a model learns from many: choose the folder it lies in, {here}/faces."),
    ],
)
def test_what_is_not_there_gets_one_sentence(here: Path, capsys: Output, words: str, sentence: str) -> None:
    assert main(["scan", words]) == 1
    output = capsys.readouterr()
    assert sentence.replace("{here}", str(here)) in output.err
    assert output.err.count("\n") == 1
    assert output.out == ""


@pytest.mark.parametrize("words", ["a" * 5_000, "a/" * 2_500, "~" * 5_000, "/" + "é" * 5_000, "\0", "a\0b"])
def test_a_path_that_no_disk_can_hold_is_a_short_sentence(here: Path, capsys: Output, words: str) -> None:
    assert main(["scan", words]) == 1
    assert 10 < len(capsys.readouterr().err) < 800


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.png", POINTER, "is a Git LFS pointer, fetch it by git lfs pull"),
        ("a.zip", POINTER, "is a Git LFS pointer, fetch it by git lfs pull"),
        ("film", MP4, "is a video.*ffmpeg"),
        ("film.webm", WEBM, "is a video.*ffmpeg"),
        ("film.avi", AVI, "is a video.*ffmpeg"),
        ("film.ts", b"G" + bytes(50), "is a video.*ffmpeg"),
        ("a.h5", b"\x89HDF\r\n\x1a\n", "is a container of arrays.*PNG or TIFF"),
        ("a.tar", bytes(600), "is an archive.*Unpack it first"),
        ("a.tar.gz", b"\x1f\x8b\x08", "is an archive.*Unpack it first"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "is an archive.*Unpack it first"),
        ("a.rar", b"Rar!\x1a\x07\x01", "is an archive.*Unpack it first"),
        ("a.csv", b"file,class\n", "is a table, and no picture: choose the folder"),
        ("a.pdf", b"%PDF-1.7", "is a PDF"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "is no picture: choose a folder"),
        ("a.jpg", b"", "is an empty file"),
        ("a.zip", b"PK\x03\x04 cut", "no ZIP archive, or was cut off: fetch it again"),
        ("a.zip", b"no archive at all", "no ZIP archive, or was cut off: fetch it again"),
    ],
)
def test_a_single_file_gets_the_sentence_that_helps(
    here: Path, capsys: Output, name: str, content: bytes, sentence: str
) -> None:
    (here / name).write_bytes(content)
    assert main(["scan", name]) == 1
    said = capsys.readouterr().err
    assert re.search(sentence, said)
    assert said.count("\n") == 1


@pytest.mark.parametrize("name", ["a.npy", "a.npz"])
def test_an_array_is_told_to_be_saved_as_pictures(here: Path, capsys: Output, name: str) -> None:
    save = np.save if name == "a.npy" else np.savez
    save(here / name, np.zeros((2, 2), np.uint8))
    assert main(["scan", name]) == 1
    assert re.search("is a NumPy array.*PNG files", capsys.readouterr().err)


def folder_of(here: Path, suffix: str, content: bytes) -> Path:
    (here / "set of them").mkdir()
    for number in range(3):
        (here / "set of them" / f"{number}{suffix}").write_bytes(content)
    return here / "set of them"


@pytest.mark.parametrize(
    ("suffix", "content", "sentence"),
    [
        (".png", POINTER, "3 × a Git LFS pointer, fetch it by git lfs pull"),
        ("", POINTER, "3 × a Git LFS pointer, fetch it by git lfs pull"),
        (".mp4", MP4, r"3 × video\)\. Save the frames"),
        (".mkv", WEBM, r"3 × video\)\. Save the frames"),
        (".npy", b"\x93NUMPY\x01\0v\0", r"3 × NumPy array\)\. Save the images"),
        (".zip", b"PK\x03\x04" + bytes(30), r"3 × ZIP archive\)\. A ZIP archive inside a folder"),
        (".heic", b"\0\0\0\x18ftypheic", r"3 × HEIC\)\. Save them as PNG or JPEG"),
        (".txt", b"hm", r"3 × not a picture\)\. Choose a folder with at least two pictures"),
    ],
)
def test_a_folder_of_something_else_says_what_helps(
    here: Path, capsys: Output, suffix: str, content: bytes, sentence: str
) -> None:
    folder = folder_of(here, suffix, content)
    assert main(["scan", str(folder)]) == 0
    assert re.search(sentence, capsys.readouterr().out)
    assert main(["train", str(folder), "--run", str(here / "run")]) == 1
    assert re.search(sentence, capsys.readouterr().err)


def test_an_empty_folder_is_said_to_be_empty(here: Path, capsys: Output) -> None:
    (here / "empty").mkdir()
    for words in (["scan", "empty"], ["train", "empty", "--run", str(here / "run")]):
        main(words)
        output = capsys.readouterr()
        assert f"There is no file in {here / 'empty'}: choose a folder that holds pictures." in output.out + output.err


def test_a_picture_that_is_a_pointer_is_skipped_with_what_helps(here: Path, capsys: Output) -> None:
    (here / "faces" / "2.png").write_bytes(POINTER)
    assert main(["scan", "./faces", "--json"]) == 0
    assert '"reason": "a Git LFS pointer, fetch it by git lfs pull"' in capsys.readouterr().out


def test_a_zip_is_read_by_every_command_that_reads_images(here: Path, capsys: Output) -> None:
    with zipfile.ZipFile(here / "pets.zip", "w") as archive:
        for number in range(12):
            Image.new("RGB", (16, 16), (20 * number, 0, 99)).save(here / "one.png")
            archive.write(here / "one.png", f"{'cats' if number % 2 else 'dogs'}/{number}.png")
    tiny = ["--epochs", "1", "--width", "4", "--image-size", "16", "--network", "mlp", "--device", "cpu"]
    assert main(["scan", "pets.zip"]) == 0
    assert main(["train", "pets.zip", "--run", "run", *tiny]) == 0
    assert main(["resume", "run", "--epochs", "2"]) == 0
    assert main(["evaluate", "run", "--data", "pets.zip", "--importance-samples", "2"]) == 0
    assert main(["encode", "run", "pets.zip", "--out", "codes.csv"]) == 0
    lines = (here / "codes.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[:2] for line in lines[1:3]] == [["cats/1.png", "cats"], ["cats/3.png", "cats"]]


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_folder_that_may_not_be_read_is_said(here: Path) -> None:
    (here / "closed").mkdir(mode=0o000)
    (here / "dark").mkdir()
    (here / "dark" / "inner").mkdir()
    (here / "dark").chmod(0o600)
    (here / "secret.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    (here / "secret.zip").chmod(0o000)
    for name in ("closed", "dark/inner", "secret.zip"):
        done = rights.command(["scan", str(here / name)], here / "home")
        assert (done.returncode, done.stdout) == (1, "")
        assert re.search(r"cannot be (read|opened): Permission denied", done.stderr)
        assert done.stderr.count("\n") == 1


def test_a_path_is_said_in_one_short_line() -> None:
    assert said("/a/b") == "/a/b"
    assert said("/a\n\x1b[31m\u202eb") == "/a\\n\\x1b[31m\\u202eb"
    assert len(said("/" + "a" * 5_000)) < 310


def test_an_address_of_a_server_is_its_share() -> None:
    assert read_path("file://nas/pictures/a%20b") == "//nas/pictures/a b"
