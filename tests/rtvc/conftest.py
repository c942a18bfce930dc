"""What the tests of live sound share: a private sound server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pulse_server import PulseServer, missing_programs, pulse_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PulseServer]:
    """A running sound server whose client this process and its children are."""
    if missing := missing_programs():
        pytest.skip(f"no {', '.join(missing)} on this machine")
    folder: Path = tmp_path_factory.mktemp("pulse")
    with pytest.MonkeyPatch.context() as patch, pulse_server(folder) as running:
        for name, value in running.environment.items():
            patch.setenv(name, value)
        yield running
