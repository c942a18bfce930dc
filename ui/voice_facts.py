"""What the window takes out of a voice's card."""

from collections.abc import Callable, Mapping
from statistics import fmean, median
from typing import Any

from rtvc.errors import VoiceError
from rtvc.library import Voice
from rtvc.own_voices import OwnVoices
from rtvc.params import COMMON_CONTROLS, Control, read_controls
from rtvc.presets import read_presets
from ui.language import marked, translate
from ui.voice_list import VoiceItem
from ui.words import milliseconds

SEXES = {
    "f": marked("rtvc", "Female"),
    "m": marked("rtvc", "Male"),
    "female": marked("rtvc", "Female"),
    "male": marked("rtvc", "Male"),
}
IMPORTED = "sovits"
FAMILIES = {"live": marked("rtvc", "live"), IMPORTED: "GPT-SoVITS", "passthrough": marked("rtvc", "unchanged")}
STYLE = "style.safetensors"
LIKE = ((0.86, marked("rtvc", "Very like")), (0.78, marked("rtvc", "Like")), (0.0, marked("rtvc", "A little like")))
"""By the similarity to the speaker's own recordings, 1 for the same."""
CLEAR = (
    (4.0, marked("rtvc", "clear words")),
    (15.0, marked("rtvc", "mostly clear words")),
    (100.0, marked("rtvc", "rough words")),
)
"""By per cent of wrong words."""
CLOSE = ((0.75, marked("rtvc", "Very like")), (0.5, marked("rtvc", "Like")), (0.0, marked("rtvc", "A little like")))
"""By the likeness of a voice made here, from 0, the reader, to 1, the speaker."""
SAME_PHONES = (
    (0.7, marked("rtvc", "clear words")),
    (0.5, marked("rtvc", "mostly clear words")),
    (0.0, marked("rtvc", "rough words")),
)


def controls_of(voice: Voice | None) -> tuple[Control, ...]:
    """Return the voice's own controls, then those that every voice has; raises VoiceError for a wrong card."""
    return (*(read_controls(voice.card) if voice else ()), *COMMON_CONTROLS)


def items_of(own: OwnVoices, delay_of: Callable[[Voice], float]) -> tuple[tuple[Voice, ...], tuple[VoiceItem, ...]]:
    """Return the voices, and what the list shows: first those that can be used, then those that cannot and why.

    `delay_of` tells the whole delay of a voice in seconds, as far as it is known before it runs.
    """
    usable, items, faults = [], [], dict(own.library.faults())
    for voice in own.library.list():
        try:
            controls_of(voice)
            read_presets(voice)
        except VoiceError as error:
            faults[voice.name] = str(error)
            continue
        usable.append(voice)
        items.append(_item(voice, voice.folder.parent == own.folder, delay_of(voice)))
    return tuple(usable), (*items, *(VoiceItem(name, name, fault=words) for name, words in faults.items()))


def quality_words(card: Mapping[str, Any]) -> str:
    """Return what was measured of a voice, in words; empty where nothing was."""
    entries = card.get("quality")
    found = [one for one in entries if isinstance(one, Mapping)] if isinstance(entries, list) else []
    similar, wrong, likeness, phones = (
        [float(one[key]) for one in found if isinstance(one.get(key), int | float)]
        for key in ("similarity", "word_error_percent", "likeness", "phones")
    )
    told = [
        _above(LIKE, fmean(similar)) if similar else "",
        _above(CLOSE, likeness[0]) if likeness and not similar else "",
        next(translate("rtvc", words) for most, words in CLEAR if median(wrong) <= most or most == CLEAR[-1][0])
        if wrong
        else "",
        _above(SAME_PHONES, phones[0]) if phones and not wrong else "",
    ]
    words = ", ".join(filter(None, told))
    return words[:1].upper() + words[1:]


def _above(table: tuple[tuple[float, str], ...], value: float) -> str:
    return translate("rtvc", next((words for least, words in table if value >= least), table[-1][1]))


def _item(voice: Voice, is_own: bool, delay: float) -> VoiceItem:
    card = voice.card
    sex, family = str(card.get("sex", "")), str(card["family"])
    rate = card.get("output_rate")
    is_imported = family == IMPORTED
    details = [
        milliseconds(delay),
        translate("rtvc", SEXES.get(sex.lower(), sex)),
        " ".join(
            filter(
                None,
                (translate("rtvc", FAMILIES.get(family, family)), str(card.get("version", "")) if is_imported else ""),
            )
        ),
        f"{rate / 1000:g} kHz" if rate else "",
    ]
    quality = quality_words(card)
    if is_imported and not (voice.folder / STYLE).is_file():
        quality = translate("rtvc", "Has not heard its speaker yet")
    notices = [
        f"{words}: {card[key]}"
        for key, words in (
            ("licence", translate("rtvc", "Licence")),
            ("attribution", translate("rtvc", "By")),
            ("training_data", translate("rtvc", "Trained on")),
        )
        if card.get(key)
    ]
    return VoiceItem(
        voice.name,
        voice.title,
        " · ".join(filter(None, details)),
        "\n".join(notices),
        quality=quality,
        is_own=is_own,
        takes_references=is_imported and is_own,
    )
