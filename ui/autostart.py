"""Joins the menu's switch to what the system starts at the log-in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from rtvc.errors import RtvcError
from ui.settings_menu import SettingsMenu

if TYPE_CHECKING:
    from rtvc.autostart.entry import Entry

NOTICE = "autostart"


class Autostart(QObject):
    """Shows what the system says, and tells it what is chosen; `notices` gets why that cannot be.

    Signals: none.
    """

    def __init__(self, menu: SettingsMenu, notices: dict[str, str], config: Path) -> None:
        super().__init__()
        self._menu, self._notices, self._config = menu, notices, config
        menu.opening.connect(lambda: self._try(lambda entry: None))
        menu.autostart_chosen.connect(lambda chosen: self._try(lambda entry: entry.switch(chosen)))

    def _try(self, act: Callable[[Entry], None]) -> None:
        """Act, then show what the system says now."""
        from rtvc.autostart.entry import autostart_entry  # nobody needs it before the menu is opened

        self._notices.pop(NOTICE, None)
        entry, is_on = autostart_entry(self._config), False
        try:
            act(entry)
            is_on = entry.is_on()
        except RtvcError as error:
            self._notices[NOTICE] = str(error)
        self._menu.show_autostart(is_on)
