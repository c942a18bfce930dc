"""What the window translates although it is written elsewhere: controls and presets, by their own words."""

from ui.language import marked

COMMON = (
    marked("rtvc", "Gate"),
    marked("rtvc", "Quieter input is silenced; the lowest value is off."),
    marked("rtvc", "Input gain"),
    marked("rtvc", "Applied before the voice."),
    marked("rtvc", "Output gain"),
    marked("rtvc", "Applied after the voice."),
    marked("rtvc", "Noise suppression"),
    marked("rtvc", "Takes noise away; 30 ms more delay."),
    marked("rtvc", "Low cut"),
    marked("rtvc", "Takes rumble out of the microphone; 0 is off."),
    marked("rtvc", "Bass"),
    marked("rtvc", "The voice below 250 Hz."),
    marked("rtvc", "Middle"),
    marked("rtvc", "The voice around 1200 Hz."),
    marked("rtvc", "Treble"),
    marked("rtvc", "The voice above 4500 Hz."),
    marked("rtvc", "Voice"),
    marked("rtvc", "The rest is your own sound, in step with the voice."),
    marked("rtvc", "Limiter"),
    marked("rtvc", "No sample is ever louder than this."),
)
"""Label and help of the controls that every voice has."""

OF_FAMILIES = (
    marked("rtvc", "Pitch"),
    marked("rtvc", "Moves the voice up or down, on top of the automatic shift."),
    marked("rtvc", "Automatic pitch"),
    marked("rtvc", "1 moves your range onto the voice's own range."),
    marked("rtvc", "Clarity"),
    marked("rtvc", "More books: clearer words. Fewer: less of you is left."),
    marked("rtvc", "Liveliness"),
    marked("rtvc", "How much chance there is in the voice: 0 is flat."),
    marked("rtvc", "Detail"),
    marked("rtvc", "Lets through what the codes leave out: clearer, and more of you."),
    marked("rtvc", "Gain"),
    marked("rtvc", "Level of the output against the input."),
)
"""Those of the families of voices."""

UNITS = (marked("rtvc", "semitones"), marked("rtvc", "books"))
"""What is counted in the families' controls, where it is a word."""

PRESETS = (
    marked("rtvc", "Lowest delay"),
    marked("rtvc", "Low delay"),
    marked("rtvc", "Balanced"),
    marked("rtvc", "Quality"),
)
