"""Downloads from a server on this machine that can stop, lie and forget."""

import hashlib
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest
import torch

from models.speaker import SpeakerNetwork
from rtvc.errors import VoiceError
from rtvc.fetching import FetchError, fetch
from rtvc.part_home import fetch_part, take_part
from rtvc.parts import SPEAKER, Parts

DATA = bytes(range(256)) * 4096


class Handler(BaseHTTPRequestHandler):
    """Gives `home.files`, whole or from a place on, through a detour that announces a checksum."""

    def __init__(self, home, *args):
        self.home = home
        super().__init__(*args)

    def do_GET(self):
        name = self.path.removeprefix("/store").lstrip("/")
        if name not in self.home.files:
            self.send_error(404)
        elif not self.path.startswith("/store"):
            self.send_response(302)
            self.send_header("Location", f"/store/{name}")
            self.send_header(
                "X-Linked-Etag", f'"{self.home.digest or hashlib.sha256(self.home.files[name]).hexdigest()}"'
            )
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.give(self.home.files[name])

    def give(self, data):
        start = 0
        self.home.asked.append(self.headers.get("Range"))
        if self.headers.get("Range") and self.headers.get("If-Range") == self.home.tag:
            start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.send_header("ETag", self.home.tag)
        self.end_headers()
        self.wfile.write(data[start : self.home.stops_at or len(data)])

    def log_message(self, *args):
        pass


@pytest.fixture
def home() -> Iterator[SimpleNamespace]:
    state = SimpleNamespace(files={"file": DATA}, digest="", tag='"one"', stops_at=None, asked=[], url="")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, state))
    state.url = f"http://127.0.0.1:{server.server_port}/"
    Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


def test_file_arrives_whole_and_verified(home, tmp_path):
    told = []

    fetched = fetch(home.url + "file", tmp_path / "file", lambda *counts: told.append(counts))

    assert fetched.path.read_bytes() == DATA
    assert (fetched.is_verified, fetched.sha256) == (True, hashlib.sha256(DATA).hexdigest())
    assert told[-1] == (len(DATA), len(DATA))
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_download_goes_on_where_it_stopped(home, tmp_path):
    home.stops_at = 500_000
    with pytest.raises(FetchError, match="stopped after 500000 of 1048576 bytes; run it again to go on"):
        fetch(home.url + "file", tmp_path / "file", lambda *_: None)
    assert not (tmp_path / "file").exists()
    home.stops_at = None

    fetch(home.url + "file", tmp_path / "file", lambda *_: None)

    assert (tmp_path / "file").read_bytes() == DATA
    assert home.asked == [None, "bytes=500000-"]


def test_file_that_changed_meanwhile_is_fetched_anew(home, tmp_path):
    home.stops_at = 500_000
    with pytest.raises(FetchError):
        fetch(home.url + "file", tmp_path / "file", lambda *_: None)
    home.stops_at, home.tag, home.files = None, '"two"', {"file": DATA[::-1]}

    fetch(home.url + "file", tmp_path / "file", lambda *_: None)

    assert (tmp_path / "file").read_bytes() == DATA[::-1]


def test_wrong_checksum_is_refused(home, tmp_path):
    home.digest = "0" * 64

    with pytest.raises(FetchError, match="arrived damaged"):
        fetch(home.url + "file", tmp_path / "file", lambda *_: None)

    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize(
    ("address", "expected"),
    [("none", "was not given: 404"), (None, "127.0.0.1:1 cannot be reached")],
    ids=["unknown", "offline"],
)
def test_what_cannot_be_fetched_is_one_sentence(home, tmp_path, address, expected):
    url = home.url + address if address else "http://127.0.0.1:1/file"

    with pytest.raises(FetchError, match=expected):
        fetch(url, tmp_path / "file", lambda *_: None)


def test_offline_says_what_to_put_where(tmp_path):
    with pytest.raises(VoiceError) as caught:
        fetch_part(Parts(tmp_path / "parts"), SPEAKER, lambda *_: None, "http://127.0.0.1:1/")

    assert "127.0.0.1:1 cannot be reached" in str(caught.value)
    assert "sv/pretrained_eres2netv2w24s4ep4.ckpt" in str(caught.value)
    assert str(caught.value).endswith("rtvc voices fetch speaker-verification --from FOLDER")


@pytest.fixture(scope="module")
def speaker_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("sv") / "pretrained_eres2netv2w24s4ep4.ckpt"
    with torch.device("cpu"):
        torch.save({name: one.half() for name, one in SpeakerNetwork().state_dict().items()}, path)
    return path


def test_fetched_part_is_stored_with_its_origin(home, tmp_path, speaker_file):
    home.files = {"sv/pretrained_eres2netv2w24s4ep4.ckpt": speaker_file.read_bytes()}
    parts = Parts(tmp_path / "parts")

    part, fetched = fetch_part(parts, SPEAKER, lambda *_: None, home.url)

    assert parts.get("eres2netv2w24s4ep4", SPEAKER) == part
    assert part.origin["sha256"] == fetched.sha256
    assert part.origin["url"] == home.url + "sv/pretrained_eres2netv2w24s4ep4.ckpt"


@pytest.mark.parametrize("place", ["", "sv/", "sv/pretrained_eres2netv2w24s4ep4.ckpt"])
def test_part_is_taken_from_a_local_place(tmp_path, speaker_file, place):
    (tmp_path / "models" / "sv").mkdir(parents=True)
    (tmp_path / "models" / "sv" / speaker_file.name).symlink_to(speaker_file)

    assert take_part(Parts(tmp_path / "parts"), SPEAKER, tmp_path / "models" / place).id == "eres2netv2w24s4ep4"


def test_damaged_part_is_told_and_mended(tmp_path, speaker_file):
    parts = Parts(tmp_path / "parts")
    part = take_part(parts, SPEAKER, speaker_file)
    part.weights.write_bytes(b"x")
    with pytest.raises(VoiceError, match="is damaged; remove its folder"):
        parts.get(part.id, SPEAKER)

    take_part(parts, SPEAKER, speaker_file)

    assert parts.get(part.id, SPEAKER).origin == part.origin


def test_other_weights_of_a_kind_get_an_id_of_their_own(tmp_path):
    parts = Parts(tmp_path / "parts")
    first = parts.store(SPEAKER, {"a": torch.zeros(3)}, {}, {"sha256": "1" * 64})
    second = parts.store(SPEAKER, {"a": torch.ones(3)}, {}, {"sha256": "2" * 64})

    assert first.id == "eres2netv2w24s4ep4"
    assert second.id == "eres2netv2w24s4ep4-22222222"
    assert parts.store(SPEAKER, {"a": torch.ones(3)}, {}, {"sha256": "2" * 64}).id == second.id
    assert [part.id for part in parts.list()] == [first.id, second.id]
