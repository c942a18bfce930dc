import pytest
from PySide6.QtCore import Qt

from ui.voice_list import VoiceItem, VoiceList

VOICES = (
    VoiceItem("bdl", "BDL", "Male", "Licence: free"),
    VoiceItem("slt", "SLT", "Female"),
    VoiceItem("odd", "odd", fault="card.yaml is no YAML"),
    VoiceItem("ksp", "KSP", "Male"),
)


@pytest.fixture
def voices(qtbot):
    made = VoiceList()
    qtbot.addWidget(made)
    made.resize(280, 220)
    with qtbot.waitExposed(made):
        made.show()
    made.show_voices(VOICES)
    return made


def click(qtbot, voices, row):
    place = voices.visualRect(voices.model().index(row, 0)).center()
    qtbot.mouseClick(voices.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_click_chooses(qtbot, voices):
    with qtbot.waitSignal(voices.voice_chosen) as told:
        click(qtbot, voices, 1)

    assert (told.args, voices.chosen) == (["slt"], "slt")


def test_keys_choose_and_step_over_a_voice_that_cannot_be_used(qtbot, voices):
    voices.choose("slt")

    qtbot.keyClick(voices, Qt.Key.Key_Down)

    assert voices.chosen == "ksp"


def test_faulty_voice_cannot_be_chosen_and_says_why(qtbot, voices):
    with qtbot.assertNotEmitted(voices.voice_chosen):
        click(qtbot, voices, 2)
        voices.choose("odd")

    assert voices.model().index(2, 0).data(Qt.ItemDataRole.ToolTipRole) == "card.yaml is no YAML"


def test_licence_is_in_the_tooltip(voices):
    assert voices.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == "Licence: free"


def test_assistive_programs_hear_title_and_detail(voices):
    assert voices.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "SLT, Female"


def test_new_list_keeps_the_choice(voices):
    voices.choose("slt")

    voices.show_voices(VOICES[1:])

    assert voices.chosen == "slt"
    assert voices.currentIndex().row() == 0


def test_unknown_voice_chooses_nothing(voices):
    voices.choose("nobody")

    assert voices.chosen is None


def test_empty_list_says_what_to_do(voices):
    voices.show_voices([])
    blank = voices.viewport().grab().toImage()

    voices.emptiness = "No voice is installed."

    assert voices.viewport().grab().toImage() != blank
