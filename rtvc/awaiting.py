"""Devices that are not there yet when a session begins."""

from collections.abc import Callable

from rtvc.errors import AbsentError
from rtvc.plan import Plan, SessionOptions, make_plan

LOOK_EVERY = 0.5  # seconds


def awaited_plan(options: SessionOptions, is_over: Callable[[float], bool], tell: Callable[[str], None]) -> Plan | None:
    """Look everything up, again and again where the options say to wait; None where it was over first.

    `is_over(seconds)` waits so long at most for the end, `tell` is told in a sentence what is waited for. Raises
    DeviceError or AudioFileError for what no waiting mends, and for all that is absent where nothing waits.
    """
    while True:
        try:
            plan = make_plan(options)
        except AbsentError as error:
            if not options.waits:
                raise
            tell(f"waiting for {error.wanted}; it begins by itself when that is there")
            if is_over(LOOK_EVERY):
                return None
        else:
            tell("")
            return plan
