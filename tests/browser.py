"""A headless Chromium that listens to a microphone by getUserMedia, as a call in a browser does."""

import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from rtvc.resample import Samples

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PAGE = """
<script>
const worklet = `registerProcessor("listener", class extends AudioWorkletProcessor {
  constructor() { super(); this.kept = new Float32Array(4800); this.count = 0; }
  process(inputs) {
    const heard = inputs[0][0] || new Float32Array(128);
    for (const sample of heard) {
      this.kept[this.count++] = sample;
      if (this.count === this.kept.length) { this.port.postMessage(this.kept); this.count = 0; }
    }
    return true;
  }
});`;
const plain = {echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1};
async function listen(words) {
  (await navigator.mediaDevices.getUserMedia({audio: true})).getTracks().forEach(track => track.stop());
  const devices = (await navigator.mediaDevices.enumerateDevices()).filter(one => one.kind === "audioinput");
  const chosen = devices.find(one => one.label.includes(words));
  if (!chosen) throw new Error("no microphone " + words + " among " + devices.map(one => one.label).join(", "));
  const audio = {...plain, deviceId: {exact: chosen.deviceId}};
  const stream = await navigator.mediaDevices.getUserMedia({audio});
  const context = new AudioContext({sampleRate: 48000});
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([worklet], {type: "text/javascript"})));
  const node = new AudioWorkletNode(context, "listener");
  let sent = Promise.resolve();
  node.port.onmessage = message => {
    sent = sent.then(() => fetch("/samples", {method: "POST", body: message.data}));
  };
  context.createMediaStreamSource(stream).connect(node);
  node.connect(context.destination);
}
listen(decodeURIComponent(location.hash.slice(1)))
  .catch(error => fetch("/fault", {method: "POST", body: String(error)}));
</script>
"""


class Listener(ThreadingHTTPServer):
    """Serves the page and keeps what it sends back: `samples` at 48 kHz, and `fault` where it could not listen."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fault = ""
        self.pieces: list[Samples] = []

    @property
    def samples(self) -> Samples:
        """Everything heard so far, mono."""
        return np.concatenate(self.pieces) if self.pieces else np.zeros(0, np.float32)


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/fault":
            self.server.fault = body.decode()
        else:
            self.server.pieces.append(np.frombuffer(body, np.float32))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def browser_listening(microphone: str, folder: Path, environment: Mapping[str, str]) -> Iterator[Listener]:
    """A browser that listens to the microphone whose name contains these words; `folder` is all it writes to."""
    assert PROGRAM is not None
    listener = Listener()
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    command = [
        PROGRAM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio",
        "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-default-browser-check",
        f"--user-data-dir={folder}", f"http://127.0.0.1:{listener.server_port}/#{microphone}",
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        browser = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log)
    try:
        yield listener
    finally:
        browser.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            browser.wait(10)
        browser.kill()
        listener.shutdown()
        listener.server_close()
