"""What the processes of a run do for themselves."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from rtvc.child import give_way


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own there")
def test_thread_gives_way_and_the_others_do_not() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def loading() -> int:
        give_way(before + 5)
        return niceness()

    before = niceness()
    with ThreadPoolExecutor(1) as loader:
        assert loader.submit(loading).result() == before + 5
    assert niceness() == before


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own there")
def test_all_threads_of_a_process_hurry() -> None:
    script = (
        "import os, threading, time\n"
        "from rtvc.child import hurry\n"
        "threading.Thread(target=time.sleep, args=(5,), daemon=True).start()\n"
        "hurry(7)\n"
        "print(sorted(os.getpriority(os.PRIO_PROCESS, int(task)) for task in os.listdir('/proc/self/task')))\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "[7, 7]\n"
