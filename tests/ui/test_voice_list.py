import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLineEdit

from ui.voice_card import HEIGHT, LINE, play_place
from ui.voice_list import VoiceItem, VoiceList

VOICES = (
    VoiceItem("bdl", "BDL", "Male", "Licence: free"),
    VoiceItem("slt", "SLT", "Female"),
    VoiceItem("odd", "odd", fault="card.yaml is no YAML"),
    VoiceItem("ksp", "KSP", "Male", quality="Very like", is_own=True),
)


@pytest.fixture
def voices(qtbot):
    made = VoiceList()
    qtbot.addWidget(made)
    made.resize(280, 300)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.setFocus()
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


def test_title_has_the_whole_width_of_a_card():
    card = QRect(0, 0, 300, HEIGHT)

    assert play_place(card).top() > card.center().y() + 1 - 3 * LINE // 2 + LINE
    assert card.contains(play_place(card).toRect())


def test_empty_list_says_what_to_do(voices):
    voices.show_voices([])
    blank = voices.viewport().grab().toImage()

    voices.emptiness = "No voice is installed."

    assert voices.viewport().grab().toImage() != blank


def test_search_shows_what_has_the_words_and_keeps_the_choice(qtbot, voices):
    voices.choose("slt")

    with qtbot.assertNotEmitted(voices.voice_chosen):
        voices.seek("kSp")

    assert [voices.model().index(row, 0).data() for row in range(voices.model().rowCount())] == ["KSP"]
    assert voices.chosen == "slt"
    voices.seek("")
    assert voices.currentIndex().data() == "SLT"


def test_voice_that_is_not_in_sight_can_be_chosen(qtbot, voices):
    voices.seek("bdl")

    with qtbot.waitSignal(voices.voice_chosen) as told:
        voices.choose("ksp")

    assert told.args == ["ksp"]


def test_search_without_result_says_so(voices):
    voices.show_voices([])
    voices.emptiness = ""
    blank = voices.viewport().grab().toImage()
    voices.show_voices(VOICES)

    voices.seek("zzz")

    assert voices.model().rowCount() == 0
    assert voices.viewport().grab().toImage() != blank


def test_play_button_plays_without_choosing(qtbot, voices):
    voices.choose("slt")
    card = voices.visualRect(voices.model().index(0, 0))

    with qtbot.waitSignal(voices.preview_asked) as told:
        qtbot.mouseClick(voices.viewport(), Qt.MouseButton.LeftButton, pos=play_place(card).center().toPoint())

    assert (told.args, voices.chosen) == (["bdl"], "slt")


def test_space_plays_the_chosen_voice(qtbot, voices):
    voices.choose("slt")

    with qtbot.waitSignal(voices.preview_asked) as told:
        qtbot.keyClick(voices, Qt.Key.Key_Space)

    assert told.args == ["slt"]


def test_only_own_voices_can_be_renamed_and_removed(qtbot, voices):
    asked = []
    voices.rename_asked.connect(lambda *names: asked.append(names))
    voices.remove_asked.connect(asked.append)
    for name in ("slt", "ksp"):
        voices.choose(name)
        qtbot.keyClick(voices, Qt.Key.Key_F2)
        for editor in voices.viewport().findChildren(QLineEdit):
            qtbot.keyClicks(editor, "Kim")
            qtbot.keyClick(editor, Qt.Key.Key_Return)
            qtbot.waitUntil(lambda: bool(asked))
        qtbot.keyClick(voices, Qt.Key.Key_Delete)

    assert asked == [("ksp", "Kim"), "ksp"]
