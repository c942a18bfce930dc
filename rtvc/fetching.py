"""Downloads of large files: over https, resumed where they were cut off, checked before they count."""

import hashlib
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rtvc.errors import RtvcError

PIECE = 1 << 18
TIMEOUT = 30.0
MOST_BYTES = 2 << 30
DIGEST_HEADER, SIZE_HEADER = "x-linked-etag", "x-linked-size"
"""Where Hugging Face tells a large file's SHA-256 and size, in the answer that points to its store."""
SHA256_LETTERS = 64


class FetchError(RtvcError):
    """A file cannot be fetched; the sentence says why, not yet what to do."""


@dataclass(frozen=True)
class Fetched:
    """A complete file, and whether its home told a checksum that it matches."""

    path: Path
    sha256: str
    is_verified: bool


def fetch(url: str, path: Path, on_progress: Callable[[int, int], None]) -> Fetched:
    """Get a file whole or not at all, going on where an earlier attempt stopped; raises FetchError.

    `on_progress` is told the bytes that are there and those that there will be (0: unknown). What it raises ends the
    download, which the next call resumes.
    """
    part, note = path.with_name(f".{path.name}.part"), path.with_name(f".{path.name}.part.json")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        promise = _download(url, part, note, on_progress)
        found = _checksum(part)
        if promise.sha256 and found != promise.sha256:
            part.unlink()
            raise FetchError(f"{url} arrived damaged (its SHA-256 is not the one announced); try again")
        part.replace(path)
        note.unlink(missing_ok=True)
    except urllib.error.HTTPError as error:
        raise FetchError(f"{url} was not given: {error.code} {error.reason}") from error
    except (urllib.error.URLError, TimeoutError, ConnectionError, http.client.HTTPException) as error:
        raise FetchError(f"{urlsplit(url).netloc} cannot be reached ({_reason(error)})") from error
    except OSError as error:
        raise FetchError(f"{part} cannot be written ({_reason(error)})") from error
    return Fetched(path, found, bool(promise.sha256))


@dataclass(frozen=True)
class _Promise:
    """What the home says of the file: size, SHA-256 and version; empty where it says nothing."""

    size: int
    sha256: str
    version: str


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to https only (a test's own machine aside), and keeps what the first answer says."""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if urlsplit(req.full_url).scheme == "https" and urlsplit(newurl).scheme != "https":
            raise urllib.error.URLError("it leads to an unprotected address")
        self.told = {key.lower(): value for key, value in headers.items()} | self.told
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _download(url: str, part: Path, note: Path, on_progress: Callable[[int, int], None]) -> _Promise:
    have = part.stat().st_size if part.exists() else 0
    redirects = _Redirects()
    request = urllib.request.Request(url, headers={"User-Agent": "rtvc"})
    before = _noted(note)
    if have and before:
        request.add_header("Range", f"bytes={have}-")
        request.add_header("If-Range", before)
    try:
        answer = urllib.request.build_opener(redirects).open(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code != http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        part.unlink()  # all of it is there, or it was another file
        return _download(url, part, note, on_progress)
    with answer:
        resumes = answer.status == http.client.PARTIAL_CONTENT
        promise = _promise(answer, redirects.told, have if resumes else 0)
        note.write_text(json.dumps(promise.version), encoding="utf-8")
        with part.open("ab" if resumes else "wb") as file:
            done = have if resumes else 0
            while piece := answer.read(PIECE):
                done += len(piece)
                if done > (promise.size or MOST_BYTES):
                    raise FetchError(f"{url} sends more than the {promise.size} bytes that it announced")
                file.write(piece)
                on_progress(done, promise.size)
    if promise.size and done != promise.size:
        raise FetchError(f"{url} stopped after {done} of {promise.size} bytes; run it again to go on")
    return promise


def _promise(answer: Any, told: dict[str, str], have: int) -> _Promise:
    headers = {key.lower(): value for key, value in answer.headers.items()}
    length = headers.get("content-length", "")
    size = have + int(length) if length.isdigit() else 0
    digest = told.get(DIGEST_HEADER, headers.get(DIGEST_HEADER, "")).strip('W/"').lower()
    linked = told.get(SIZE_HEADER, headers.get(SIZE_HEADER, ""))
    if linked.isdigit() and size and int(linked) != size:
        raise FetchError(f"{answer.url} has {size} bytes, not the {linked} announced")
    if size > MOST_BYTES:
        raise FetchError(f"{answer.url} has {size} bytes, far more than expected")
    return _Promise(size, digest if len(digest) == SHA256_LETTERS else "", headers.get("etag", ""))


def _noted(note: Path) -> str:
    with suppress(OSError, ValueError):
        version = json.loads(note.read_text(encoding="utf-8"))
        return version if isinstance(version, str) and not version.startswith("W/") else ""
    return ""


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _reason(error: Exception) -> str:
    cause = getattr(error, "reason", error)
    words = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return " ".join(str(words).lower().split())
