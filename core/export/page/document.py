"""The one file: a template with style, script and data in it, and a policy that lets nothing else in."""

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

from core.export.ownership import GENERATOR
from core.version import app_version

WEB = Path(__file__).with_name("web")
SCRIPTS = ("bytes", "network", "plane", "drawings", "dots", "map", "card", "controls", "verdicts", "main")


def document(data: Mapping[str, Any], html: Mapping[str, str], aspect: float) -> bytes:
    """The page: `data` is read by its script, `html` are the parts of the template that are ready to stand in it.

    `aspect` is the map's width by its height.
    """
    style = f"{_read('page.css')}:root {{ --aspect: {aspect:.4f}; }}\n"
    script = '"use strict";\n' + "\n".join(_read(f"{name}.js") for name in SCRIPTS)
    policy = (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; "
        "form-action 'none'"
    )
    whole = Template(_read("page.html")).substitute(
        html,
        policy=policy,
        generator=f"{GENERATOR} {app_version()}",
        style=style,
        script=script,
        data=_inert(data),
    )
    return whole.encode("utf-8", "replace")


def url_of(content: bytes, kind: str) -> str:
    """A file as an address that holds it."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _inert(data: Mapping[str, Any]) -> str:
    """JSON in which no sign can end the element that it stands in, whatever a class is called."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return (WEB / name).read_text("utf-8")
