import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rtvc import command_line
from rtvc.command_line import COMMANDS, main
from rtvc.errors import DeviceError

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def module(monkeypatch):
    """A command `toy` whose module a test can make fail."""

    class Toy:
        fault: BaseException | None = None

        def add_arguments(self, parser):
            parser.add_argument("--hop-ms", type=float)

        def run(self, args):
            if self.fault:
                raise self.fault
            return 0

    toy = Toy()
    import_module = command_line.importlib.import_module
    monkeypatch.setitem(COMMANDS, "toy", command_line.Command("toy", "play"))
    monkeypatch.setattr(
        command_line.importlib, "import_module", lambda name: toy if name == "toy" else import_module(name)
    )
    return toy


def test_help_shows_every_command_and_examples(capsys):
    code = main(["--help"])

    told = capsys.readouterr().out
    assert code == 0
    assert set(re.findall(r"^    (\S+)", told, re.MULTILINE)) >= set(COMMANDS)
    assert "rtvc convert speech.wav out.wav" in told


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("train", "window")])
def test_help_of_each_command_has_examples(capsys, name):
    code = main([name, "--help"])

    assert code == 0
    assert f"  rtvc {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["covnert"], "unknown command 'covnert'; did you mean convert?"),
        (["--confg", "x"], "did you mean --config?"),
        (["--config"], "--config needs the name of a file"),
        (["convert", "--hop", "20"], "unknown option --hop; did you mean --hop-ms?"),
        (["convert", "in.wav"], "the following arguments are required: OUT"),
        (["convert", "a", "b", "c"], "unknown arguments: c"),
        (["convert", "a", "b", "--hop-ms", "2"], "'2' is not a number from 10 to 1000"),
        (["convert", "a", "b", "--hop-ms", "nan"], "'nan' is not a number from 10 to 1000"),
        (["convert", "a", "b", "--rate", "44.1"], "'44.1' is not a whole number from 8000 to 192000"),
        (["convert", "a", "b", "--threads", "0"], "'0' is not a whole number from 1 to 64"),
        (["convert", "a", "b", "--set", "gate"], "'gate' is not of the form name=number"),
        (["convert", "a", "b", "--set", "gate=inf"], "'gate=inf' is not of the form name=number"),
        (["bench", "--seconds", "0"], "'0' is not a number from 0.1 to 3600"),
        (["bench", "--device", "gpu"], "invalid choice: 'gpu'"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(capsys, words, expected):
    code = main(words)

    told = capsys.readouterr().err
    assert code == 2
    assert expected in told
    assert told.count("\n") == 1


def test_fault_of_the_world_is_one_sentence_and_exit_code_1(capsys, module):
    module.fault = DeviceError("no device 'Mic'; did you mean Mic 2?")

    code = main(["toy"])

    assert code == 1
    assert capsys.readouterr().err == "rtvc: no device 'Mic'; did you mean Mic 2?\n"


def test_interruption_is_exit_code_130(capsys, module):
    module.fault = KeyboardInterrupt()

    assert main(["toy"]) == 130
    assert capsys.readouterr().err == "rtvc: interrupted\n"


def test_own_mistake_keeps_its_traceback_in_a_file(capsys, module, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    module.fault = ZeroDivisionError("oh")

    code = main(["toy"])

    told = capsys.readouterr().err
    assert code == 1
    assert told.count("\n") == 1 and "ZeroDivisionError: oh" in told
    (report,) = tmp_path.rglob("last_error.txt")
    assert str(report) in told
    assert "Traceback" in report.read_text()


def test_config_is_taken_before_and_after_the_command(tmp_path, capsys):
    path = tmp_path / "config.yaml"
    path.write_text("engin: {}\n")

    codes = [main(["--config", str(path), "voices"]), main(["voices", "--config", str(path)])]

    assert codes == [1, 1]
    assert capsys.readouterr().err.count("unknown key engin; did you mean engine?") == 2


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["voices", "--json"], ["devices", "--json"]])
def test_quick_commands_load_no_network_library(words, tmp_path):
    script = f"import sys; from rtvc.cli import main; main({words!r}); print(sorted(sys.modules), file=sys.stderr)"

    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)

    loaded = set(json.loads(done.stderr.splitlines()[-1].replace("'", '"')))
    assert loaded.isdisjoint({"torch", "PySide6", "models.base", "ui"})


def test_reader_that_leaves_early_is_no_error(tmp_path):
    command = f"{sys.executable} -m rtvc.cli --help | true; exit ${{PIPESTATUS[0]}}"

    done = subprocess.run(["bash", "-c", command], cwd=PROJECT, capture_output=True, text=True, check=False)

    assert "Traceback" not in done.stderr
