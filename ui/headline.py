"""What the state line says: of the session, of what was asked of it, and of what is missing."""

from collections.abc import Mapping

from rtvc.status import State, Status
from ui.kept_settings import KeptSettings
from ui.language import translate
from ui.runner import Runner, Wish
from ui.state_line import Mood
from ui.state_words import Shown, described, failed, loading, stopping, trying
from ui.voice_desk import VoiceDesk


class Headline:
    """Finds the words for a status; `notices` is what is wrong besides, the first one told."""

    def __init__(self, settings: KeptSettings, desk: VoiceDesk, runner: Runner, notices: Mapping[str, str]) -> None:
        self._settings, self._desk, self._runner, self._notices = settings, desk, runner, notices

    def words(self, status: Status) -> Shown:
        """Return what to show."""
        speaks = status.state in (State.RUNNING, State.RECOVERING) and status.voice
        title = self._title(speaks or self._settings.config.voice.name)
        if self._runner.wish is not Wish.NONE:
            return {Wish.START: loading(title), Wish.TRIAL: trying()}.get(self._runner.wish, stopping())
        shown = (
            failed(self._runner.fault) if self._runner.fault else described(status, title, self._title(status.coming))
        )
        notice = next(filter(None, self._notices.values()), "")
        if notice and shown.mood is Mood.IDLE:
            shown = Shown(Mood.WARNING, translate("rtvc", "Something is missing"), notice)
        elif notice and shown.mood is Mood.GOOD:
            shown = Shown(Mood.WARNING, shown.headline, notice)
        return shown._replace(sentence=shown.sentence[:1].upper() + shown.sentence[1:])

    def facts(self, state: State) -> tuple[object, ...]:
        """Return what the words hang on most, cheaper to find than they are."""
        return state, self._runner.wish, self._runner.fault, *self._notices.values()

    def _title(self, name: str) -> str:
        return self._desk.voices[name].title if name in self._desk.voices else name
