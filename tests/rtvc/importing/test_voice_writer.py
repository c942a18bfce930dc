"""From a checkpoint to a voice that speaks, whatever is missing on the way."""

import hashlib
import json

import numpy as np
import pytest
import safetensors.torch
import soundfile
import torch

from models.construction import unfilled
from models.speaker import SpeakerNetwork, embed_speaker
from models.spectrogram import Spectrogram
from models.synthesizer import Synthesizer, SynthesizerConfig
from rtvc.errors import AudioFileError, RtvcError, VoiceError
from rtvc.importing.voice_writer import Wish, import_voice, set_references
from rtvc.own_voices import OwnVoices
from rtvc.parts import HUBERT, SPEAKER, Parts
from rtvc.sinc import resample
from tests.checkpoint_files import weights, write_voice
from tests.filling import fill
from tests.rtvc.commands.toys import make_speech


@pytest.fixture
def own(tmp_path):
    return OwnVoices(tmp_path / "home" / "voices", tmp_path / "shipped")


@pytest.fixture
def parts(tmp_path):
    return Parts(tmp_path / "home" / "parts")


@pytest.fixture
def clips(tmp_path):
    """Two recordings of 3 s, one of them at another rate and with two channels."""
    paths = [tmp_path / "one.wav", tmp_path / "two.flac"]
    soundfile.write(paths[0], make_speech(3.2, 32000), 32000, "FLOAT")
    soundfile.write(paths[1], np.stack([make_speech(3.0, 48000), 0.5 * make_speech(3.0, 48000)], 1), 48000)
    return paths


def expected_style(version, paths, speaker=None):
    """Each reference heard by the book, and their mean."""
    model = unfilled(Synthesizer, SynthesizerConfig.of_version(version), has_posterior=False)
    model.load_state_dict({name: one.float() for name, one in weights(version).items()})
    heard = []
    for path in paths:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        mono = resample(torch.from_numpy(samples.mean(1)), rate, 32000)
        verified = None if speaker is None else embed_speaker(speaker, resample(mono, 32000, 16000)[None])
        heard.append(model.eval().style(Spectrogram().linear(mono[None]), verified))
    return torch.stack(heard).mean(0)


@torch.inference_mode()
def test_voice_has_its_weights_card_style_and_references(tmp_path, own, parts, clips):
    path = write_voice(tmp_path / "anna_e8_s144.pth", "v1")
    steps = []

    imported = import_voice(own, parts, Wish(path, references=clips), lambda words, done: steps.append(done))

    voice = own.library.get("anna")
    raw = voice.weights.read_bytes()
    found = safetensors.torch.load(raw)
    assert all(torch.equal(found[name], one) for name, one in weights("v1").items())
    metadata = json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")])["__metadata__"]
    assert metadata["family"] == "sovits"
    assert SynthesizerConfig.of_facts(json.loads(metadata["config"])) == SynthesizerConfig.of_version("v1")
    expected = {"name": "anna", "title": "anna", "family": "sovits", "version": "v1", "text_vocabulary": 322}
    expected |= {"input_rate": 16000, "output_rate": 32000, "content": "chinese-hubert-base"}
    assert expected.items() <= voice.card.items()
    assert voice.card["origin"] == {
        "file": "anna_e8_s144.pth",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "epoch": 8,
        "step": 144,
        "format": "zip",
    }
    style = safetensors.torch.load_file(voice.folder / "style.safetensors")["ge"]
    torch.testing.assert_close(style, expected_style("v1", clips), atol=1e-5, rtol=0)
    assert [soundfile.info(clip).samplerate for clip in sorted(voice.folder.glob("references/*"))] == [32000, 32000]
    assert imported.doubts == ()
    assert imported.needs == ("it needs the part chinese-hubert-base; get it with: rtvc voices fetch hubert",)
    assert steps == sorted(steps) and steps[-1] == 1.0
    assert sorted(one.name for one in own.folder.parent.iterdir()) == ["voices"]


def test_voice_without_references_says_what_it_needs(tmp_path, own, parts, clips):
    imported = import_voice(own, parts, Wish(write_voice(tmp_path / "anna.pth")))

    assert "give it a recording of 3 to 10 s: rtvc voices reference anna clip.wav" in imported.needs[-1]
    assert not (imported.voice.folder / "style.safetensors").exists()

    assert len(set_references(own, parts, "anna", clips[:1]).needs) == 1
    assert (imported.voice.folder / "style.safetensors").exists()


@torch.inference_mode()
def test_pro_voice_hears_its_speaker_once_its_part_is_there(tmp_path, own, parts, clips):
    imported = import_voice(own, parts, Wish(write_voice(tmp_path / "anna.pth", "v2Pro"), references=clips[:1]))
    folder = imported.voice.folder
    assert any("it needs the part eres2netv2w24s4ep4 to hear its speaker" in need for need in imported.needs)
    assert any("then: rtvc voices reference anna" in need for need in imported.needs)
    network = unfilled(SpeakerNetwork).eval()
    fill(network)
    parts.store(SPEAKER, network.state_dict(), {}, {"sha256": "0" * 64})

    set_references(own, parts, "anna", [])

    style = safetensors.torch.load_file(folder / "style.safetensors")["ge"]
    soft = [folder / "references" / "01.flac"]
    torch.testing.assert_close(style, expected_style("v2Pro", soft, network), atol=1e-5, rtol=1e-4)


def test_same_file_twice_is_told(tmp_path, own, parts):
    path = write_voice(tmp_path / "anna.pth")
    import_voice(own, parts, Wish(path))

    with pytest.raises(VoiceError, match="is the voice anna already"):
        import_voice(own, parts, Wish(path, "berta"))


def test_same_file_again_brings_references(tmp_path, own, parts, clips):
    path = write_voice(tmp_path / "anna.pth")
    folder = import_voice(own, parts, Wish(path)).voice.folder

    again = import_voice(own, parts, Wish(path, references=clips))

    assert again.voice.folder == folder
    assert (folder / "style.safetensors").is_file()


def test_taken_name_is_answered_with_a_free_one(tmp_path, own, parts):
    import_voice(own, parts, Wish(write_voice(tmp_path / "anna.pth")))
    other = write_voice(tmp_path / "other.pth", changes={"train": {"eps": 1.0}})

    with pytest.raises(VoiceError, match="there is a voice Anna already; choose another name, such as Anna-2"):
        import_voice(own, parts, Wish(other, "Anna"))


def test_file_of_a_taken_name_gets_the_next_one(tmp_path, own, parts):
    import_voice(own, parts, Wish(write_voice(tmp_path / "anna_e4_s72.pth")))
    later = write_voice(tmp_path / "anna_e8_s144.pth", changes={"train": {"eps": 1.0}})

    assert import_voice(own, parts, Wish(later)).voice.name == "anna-2"


@pytest.mark.parametrize("name", ["", "../anna", "a/b", ".anna", "con", "a" * 65, "a\nb", "C:anna", "a."])
def test_name_that_is_no_folder_is_refused(tmp_path, own, parts, name):
    with pytest.raises(VoiceError, match="is no name for a voice"):
        import_voice(own, parts, Wish(tmp_path / "anna.pth", name))


class StoppedError(Exception):
    pass


@pytest.mark.parametrize("when", ["reading", "writing", "listening to the references"])
def test_import_that_is_stopped_leaves_nothing(tmp_path, own, parts, clips, when):
    def stop(words, _):
        if words == when:
            raise StoppedError

    with pytest.raises(StoppedError):
        import_voice(own, parts, Wish(write_voice(tmp_path / "anna.pth"), references=clips), stop)

    assert not own.folder.exists() or not list(own.folder.iterdir())
    assert not own.folder.parent.exists() or [one.name for one in own.folder.parent.iterdir()] in ([], ["voices"])


def write_clip(path, samples, rate=16000):
    soundfile.write(path, samples.astype(np.float32), rate)


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (np.zeros(64000), "is silent"),
        (make_speech(0.2, 16000), "has 0.2 s, a reference has at least 0.5"),
        (make_speech(61, 16000), "has 61.0 s, a reference has at most 60"),
    ],
    ids=["silent", "short", "long"],
)
def test_recording_without_a_voice_is_refused_before_anything_is_written(tmp_path, own, parts, samples, expected):
    write_clip(tmp_path / "clip.wav", samples)

    with pytest.raises(AudioFileError, match=expected):
        import_voice(own, parts, Wish(write_voice(tmp_path / "anna.pth"), references=[tmp_path / "clip.wav"]))

    assert not own.names()


def test_unusual_length_of_a_reference_is_a_doubt(tmp_path, own, parts):
    write_clip(tmp_path / "clip.wav", make_speech(1.5, 16000))

    imported = import_voice(own, parts, Wish(write_voice(tmp_path / "anna.pth"), references=[tmp_path / "clip.wav"]))

    assert imported.doubts == (f"{tmp_path / 'clip.wav'} has 1.5 s; references of 3 to 10 s are heard best",)


def test_full_disk_is_one_sentence(tmp_path, own, parts):
    own.folder.parent.mkdir(parents=True)
    own.folder.write_text("a file where the folder should be")

    with pytest.raises(RtvcError, match="cannot be written"):
        import_voice(own, parts, Wish(write_voice(tmp_path / "anna.pth")))


def test_given_parts_are_kept_and_named_on_the_card(tmp_path, own, parts, monkeypatch):
    from rtvc.importing import hubert_files
    from tests.rtvc.importing.test_hubert_files import SMALL, write_folder

    monkeypatch.setattr(hubert_files, "HubertConfig", lambda: SMALL)
    folder = write_folder(tmp_path / "chinese-hubert-base")

    imported = import_voice(own, parts, Wish(write_voice(tmp_path / "anna.pth"), hubert=folder))

    assert parts.get(imported.voice.card["content"], HUBERT).kind == HUBERT
    assert len(imported.needs) == 1
