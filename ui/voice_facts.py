"""What the window takes out of a voice's card."""

from rtvc.errors import VoiceError
from rtvc.library import Library, Voice
from rtvc.params import COMMON_CONTROLS, Control, read_controls
from rtvc.presets import read_presets
from ui.voice_list import VoiceItem

SEXES = {"f": "Female", "m": "Male", "female": "Female", "male": "Male"}


def controls_of(voice: Voice | None) -> tuple[Control, ...]:
    """Return the voice's own controls, then those that every voice has; raises VoiceError for a wrong card."""
    return (*(read_controls(voice.card) if voice else ()), *COMMON_CONTROLS)


def items_of(library: Library) -> tuple[tuple[Voice, ...], tuple[VoiceItem, ...]]:
    """Return the voices, and what the list shows: first those that can be used, then those that cannot and why."""
    usable, items, faults = [], [], dict(library.faults())
    for voice in library.list():
        try:
            controls_of(voice)
            read_presets(voice)
        except VoiceError as error:
            faults[voice.name] = str(error)
            continue
        usable.append(voice)
        items.append(_item(voice))
    return tuple(usable), (*items, *(VoiceItem(name, name, fault=words) for name, words in faults.items()))


def _item(voice: Voice) -> VoiceItem:
    card = voice.card
    sex = str(card.get("sex", ""))
    rate = card.get("output_rate")
    details = [SEXES.get(sex.lower(), sex), str(card["family"]), f"{rate / 1000:g} kHz" if rate else ""]
    notices = [
        f"{words}: {card[key]}"
        for key, words in (("licence", "Licence"), ("attribution", "By"), ("training_data", "Trained on"))
        if card.get(key)
    ]
    return VoiceItem(voice.name, voice.title, " · ".join(filter(None, details)), "\n".join(notices))
