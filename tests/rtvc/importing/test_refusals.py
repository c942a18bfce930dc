"""What is no voice is refused in one sentence; nothing in it runs, and it takes neither long nor much memory."""

import subprocess
import sys
from pathlib import Path

import pytest

from rtvc.errors import VoiceError
from rtvc.importing.voice_writer import Wish, import_voice
from rtvc.own_voices import OwnVoices
from rtvc.parts import Parts
from tests.rtvc.importing.bad_files import BAD

RUN = Path("/tmp/rtvc-was-run")
pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name")
MOST_BYTES = 1 << 30


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_one_sentence_and_leaves_nothing(tmp_path, name):
    write, expected = BAD[name]
    path = tmp_path / "anna.pth"
    write(path)
    RUN.unlink(missing_ok=True)
    own = OwnVoices(tmp_path / "home" / "voices", tmp_path / "shipped")

    with pytest.raises(VoiceError) as caught:
        import_voice(own, Parts(tmp_path / "home" / "parts"), Wish(path))

    assert expected in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert str(caught.value).isprintable() and len(str(caught.value)) < 500
    assert not RUN.exists()
    assert not own.folder.exists() or not list(own.folder.iterdir())


MEASURE = """
import sys
from pathlib import Path
from rtvc.errors import VoiceError
from rtvc.importing.voice_writer import Wish, import_voice
from rtvc.own_voices import OwnVoices
from rtvc.parts import Parts

folder = Path(sys.argv[1])
for path in sorted(folder.glob("*.pth")):
    try:
        import_voice(OwnVoices(folder / "voices", folder / "shipped"), Parts(folder / "parts"), Wish(path))
        sys.exit(f"{path} was taken")
    except VoiceError:
        pass
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))  # of this program alone
print(int(peak.split()[1]) * 1024)
"""


@pytest.mark.timeout(600)
def test_refusals_end_and_take_little_memory(tmp_path):
    for i, (write, _) in enumerate(BAD.values()):
        write(tmp_path / f"{i}.pth")

    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path)], capture_output=True, text=True, timeout=500, check=True
    )

    assert int(done.stdout) < MOST_BYTES
