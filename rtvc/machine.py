"""What this machine is, so that a measurement can be read elsewhere."""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

CPU_FACTS = Path("/proc/cpuinfo")


def describe_machine() -> dict[str, str | int]:
    """Return the processor's name and its cores usable here, the system and the version of Python."""
    return {
        "cpu": _processor(),
        "cores": _usable_cores(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
    }


def network_facts() -> dict[str, str | int]:
    """Return what computes networks: PyTorch and its threads where that is in use, else ONNX Runtime."""
    torch = sys.modules.get("torch")
    if torch is None:
        return {"onnxruntime": version("onnxruntime"), "threads": 1}
    return {"torch": str(torch.__version__), "threads": int(torch.get_num_threads())}


def _processor() -> str:
    try:
        facts = CPU_FACTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in facts.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
