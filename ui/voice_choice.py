"""Which voice is chosen, whoever chooses: the user, a session that refuses, a voice that gets another name or goes."""

from PySide6.QtCore import QObject, Signal

from rtvc.library import user_folder
from rtvc.nearest import hint
from rtvc.status import State, Status
from ui.kept_settings import KeptSettings, renamed
from ui.language import translate
from ui.run_options import control_values, stream_times
from ui.runner import LiveSession, Runner
from ui.voice_desk import VoiceDesk
from ui.voice_panel import VoicePanel


class VoiceChoice(QObject):
    """Joins the voice list to the settings and to a session that runs; `notices` gets what is wrong with a choice.

    Signals: `changed`, when another voice is chosen or the voices were read anew.
    """

    changed = Signal()

    def __init__(
        self, panel: VoicePanel, settings: KeptSettings, desk: VoiceDesk, runner: Runner, notices: dict[str, str]
    ) -> None:
        super().__init__()
        self._panel, self._settings, self._desk = panel, settings, desk
        self._runner, self._notices = runner, notices
        self._before = ""
        panel.voices.voice_chosen.connect(self._on_chosen)
        panel.back_asked.connect(lambda: panel.voices.choose(self._before))
        desk.read.connect(self._on_read)
        desk.renamed.connect(self._on_renamed)
        desk.leaving.connect(self._on_leaving)

    @property
    def name(self) -> str:
        """The chosen voice's name."""
        return self._settings.config.voice.name

    def stay(self, status: Status) -> None:
        """Choose the voice that speaks again, where another one was to take over and cannot."""
        settled = status.state is State.RUNNING and not status.coming and not self._runner.is_switching
        if not settled or status.voice == self.name or status.voice not in self._desk.voices:
            return
        self._settings.change("voice", name=status.voice)
        self._panel.voices.choose(status.voice)
        self.changed.emit()

    def _switch(self) -> None:
        """Let the voice of the settings take over in a session that runs."""
        self._notices.pop("change", None)
        config, library = self._settings.config, self._desk.library

        def act(session: LiveSession) -> None:
            voice = library.get(config.voice.name)
            session.set_voice(voice, control_values(config, voice), stream_times(config, voice))

        self._runner.switch(act)

    def _remember(self, before: str) -> None:
        self._before = before
        self._panel.back.setEnabled(before in self._desk.voices)

    def _on_read(self) -> None:
        voices = self._desk.voices
        emptiness = translate("rtvc", "No voice is installed. Add one, or put it into {folder}.").format(
            folder=user_folder()
        )
        absence = translate("rtvc", "no voice {name!r}{hint}").format(name=self.name, hint=hint(self.name, voices))
        self._notices["voices"] = "" if self.name in voices else absence if voices else emptiness
        self._panel.voices.emptiness = emptiness
        self._panel.voices.choose(self.name)
        self._remember(self._before)
        self.changed.emit()

    def _on_chosen(self, name: str) -> None:
        self._notices.pop("voices", None)
        if name == self.name:
            return
        self._remember(self.name)
        self._settings.change("voice", name=name)
        self.changed.emit()
        self._switch()

    def _on_renamed(self, name: str, new: str) -> None:
        self._before = new if self._before == name else self._before
        was_chosen = name == self.name
        self._settings.apply(lambda config: renamed(config, name, new))
        if was_chosen:
            self._switch()

    def _on_leaving(self, name: str) -> None:
        others = [one for one in (self._before, *self._desk.voices) if one in self._desk.voices and one != name]
        if name == self.name and others:
            self._panel.voices.choose(others[0])
