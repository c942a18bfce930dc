"""What an imported voice still lacks."""

from rtvc.library import Voice
from rtvc.parts import SPEAKER, Parts

STYLE, REFERENCES = "style.safetensors", "references"


def needs_of(voice: Voice, parts: Parts) -> tuple[str, ...]:
    """Return a sentence for each thing that an imported voice lacks before it can speak."""
    if voice.card["family"] != "sovits":
        return ()
    needs = []
    content, speaker = voice.card.get("content"), voice.card.get("speaker_verification")
    if content is not None and parts.find(str(content)) is None:
        needs.append(f"it needs the part {content}; get it with: rtvc voices fetch hubert")
    has_style = (voice.folder / STYLE).is_file()
    if not has_style and speaker is not None and parts.find(str(speaker)) is None:
        needs.append(f"it needs the part {speaker} to hear its speaker; get it with: rtvc voices fetch {SPEAKER}")
    if not has_style:
        keeps = any((voice.folder / REFERENCES).glob("*.flac"))
        needs.append(
            f"it has not heard its speaker yet; {'then' if keeps else 'give it a recording of 3 to 10 s'}: "
            f"rtvc voices reference {voice.name}{'' if keeps else ' clip.wav'}"
        )
    return tuple(needs)
