"""A real browser without a window, told what to do by WebDriver (W3C 2018): plain HTTP, so nothing else is needed."""

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

DRIVER, CHROMIUM = shutil.which("chromedriver"), shutil.which("chromium")
needs_browser = pytest.mark.skipif(
    DRIVER is None or CHROMIUM is None, reason="chromium and chromium-driver are not installed"
)
SWITCHES = (
    "--headless=new",
    "--no-sandbox",  # it will not start as root with one; it sees our own pages only
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # nothing leaves this machine
)
STARTED, PATIENCE = "was started successfully on port ", 60.0  # what the driver says, seconds for an answer
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # what WebDriver calls one


class Browser:
    """One window of Chromium."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        chrome = {"binary": CHROMIUM, "args": list(SWITCHES)}
        wished = {"browserName": "chrome", "goog:chromeOptions": chrome, "goog:loggingPrefs": {"browser": "ALL"}}
        session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": wished}})
        self._at = f"/session/{session['sessionId']}"

    def close(self) -> None:
        """End the browser."""
        self._ask("DELETE", self._at)
        self._connection.close()

    def open(self, page: Path) -> None:
        """A file from the disk, once it has loaded."""
        self._ask("POST", f"{self._at}/url", {"url": page.as_uri()})

    def run(self, script: str, *arguments: object) -> Any:
        """What a script returns; of a promise, what it promised."""
        return self._ask("POST", f"{self._at}/execute/sync", {"script": script, "args": arguments})

    def pointer(self, *steps: dict[str, object], kind: str = "mouse") -> None:
        """Moves and presses of a mouse or a finger, one after the other."""
        told = [{"duration": 0, "origin": "viewport", **step} for step in steps]
        hand = {"type": "pointer", "id": kind, "parameters": {"pointerType": kind}, "actions": told}
        self._ask("POST", f"{self._at}/actions", {"actions": [hand]})

    def keys(self, *keys: str) -> None:
        """Press and let go of each; "Shift+" before one holds that down."""
        told = [step for key in keys for step in _presses(key)]
        self._ask("POST", f"{self._at}/actions", {"actions": [{"type": "key", "id": "keys", "actions": told}]})

    def set(self, method: str, **parameters: object) -> None:
        """A setting of the browser, by the DevTools protocol."""
        self._ask("POST", f"{self._at}/goog/cdp/execute", {"cmd": method, "params": parameters})

    def shot(self) -> NDArray[np.uint8]:
        """What is seen, (H, W, 3)."""
        png = base64.b64decode(self._ask("GET", f"{self._at}/screenshot"))
        return np.asarray(Image.open(BytesIO(png)).convert("RGB"))

    def complaints(self) -> list[str]:
        """What has failed or was forbidden, as the browser's console says, since it was last asked."""
        said = self._ask("POST", f"{self._at}/se/log", {"type": "browser"})
        return [each["message"] for each in said if each["level"] == "SEVERE"]

    def _ask(self, verb: str, path: str, content: object = None) -> Any:
        body = None if content is None else json.dumps(content)
        self._connection.request(verb, path, body, {"Content-Type": "application/json"})
        value = json.loads(self._connection.getresponse().read())["value"]
        if isinstance(value, dict) and "error" in value:
            raise AssertionError(f"{path}: {value['message']}")
        return value


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser of its own; it ends with the block."""
    assert DRIVER is not None
    with subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, text=True) as driver:
        try:
            assert driver.stdout is not None
            said = next(line for line in driver.stdout if STARTED in line)
            browser = Browser(int(said.split(STARTED)[1].rstrip(".\n")))
            try:
                yield browser
            finally:
                browser.close()
        finally:
            driver.terminate()


def _presses(key: str) -> Sequence[dict[str, str]]:
    codes = {"Left": "\ue012", "Up": "\ue013", "Right": "\ue014", "Down": "\ue015", "Tab": "\ue004", "Shift": "\ue008"}
    held, _, last = key.rpartition("+")
    downs = [{"type": "keyDown", "value": codes.get(each, each)} for each in (held, last) if each]
    return [*downs, *({**each, "type": "keyUp"} for each in reversed(downs))]
