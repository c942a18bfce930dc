"""A voice is loaded with the processor threads that its family is worth."""

import os
import subprocess
import sys

import pytest

SCRIPT = (
    "import os, sys\n"
    "import importlib.util\n"
    "os.cpu_count = lambda: int(sys.argv[1])\n"
    "importlib.util.find_spec = lambda name: sys.argv[3] if name == 'openvino' and sys.argv[3] else None\n"
    "from pathlib import Path\n"
    "from rtvc.library import Voice\n"
    "from rtvc.loading import load_model\n"
    "try:\n"
    "    load_model(Voice('toy', {'family': sys.argv[2]}, Path(), None), 'auto', 1)\n"
    "except Exception as error:\n"
    "    print(type(error).__name__)\n"
    "print(os.environ.get('OMP_PROC_BIND'))\n"
)


@pytest.mark.parametrize(
    ("cores", "family", "compiler", "told"),
    [
        (2, "sovits", "", ["CheckpointError", "true"]),
        (2, "sovits", "openvino", ["CheckpointError", "None"]),
        (16, "sovits", "", ["CheckpointError", "None"]),
        (1, "passthrough", "", ["None"]),
    ],
)
def test_threads_are_bound_to_cores_where_a_family_needs_them_all(
    cores: int, family: str, compiler: str, told: list[str]
) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "OMP_PROC_BIND"}

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(cores), family, compiler],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )

    assert done.stdout.split() == told
