import os

import pytest

from rtvc.errors import AudioFileError
from rtvc.recordings import Job, plan


def touch(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_file_goes_to_the_named_file(tmp_path):
    touch(tmp_path, "a.wav")

    jobs = plan(tmp_path / "a.wav", tmp_path / "b.flac", ".wav")

    assert jobs == [Job(tmp_path / "a.wav", tmp_path / "b.flac")]


def test_file_goes_into_an_existing_folder_under_its_own_name(tmp_path):
    touch(tmp_path, "a.mp3", "out/other.wav")

    jobs = plan(tmp_path / "a.mp3", tmp_path / "out", ".flac")

    assert jobs == [Job(tmp_path / "a.mp3", tmp_path / "out" / "a.flac")]


def test_folder_keeps_relative_names(tmp_path):
    touch(tmp_path, "in/b.flac", "in/deep/er/a.b.OGG", "in/notes.txt", "in/.hidden.wav")

    jobs = plan(tmp_path / "in", tmp_path / "out", ".wav")

    assert jobs == [
        Job(tmp_path / "in" / "b.flac", tmp_path / "out" / "b.wav"),
        Job(tmp_path / "in" / "deep/er/a.b.OGG", tmp_path / "out" / "deep/er/a.b.wav"),
    ]


def test_two_recordings_never_share_a_result(tmp_path):
    touch(tmp_path, "in/a.flac", "in/a.mp3", "in/b.mp3")

    jobs = plan(tmp_path / "in", tmp_path / "out", ".wav")

    assert [job.target.name for job in jobs] == ["a.flac.wav", "a.mp3.wav", "b.wav"]


def test_results_inside_the_folder_are_not_converted_again(tmp_path):
    touch(tmp_path, "in/a.wav", "in/out/a.wav")

    jobs = plan(tmp_path / "in", tmp_path / "in" / "out", ".wav")

    assert jobs == [Job(tmp_path / "in" / "a.wav", tmp_path / "in" / "out" / "a.wav")]


@pytest.mark.parametrize("link", [os.link, os.symlink])
def test_recording_is_not_overwritten_through_a_link(tmp_path, link):
    touch(tmp_path, "a.wav")
    link(tmp_path / "a.wav", tmp_path / "b.wav")

    with pytest.raises(AudioFileError, match=r"b\.wav is a recording to convert"):
        plan(tmp_path / "a.wav", tmp_path / "b.wav", ".wav")


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("a.wav", "a.wav", "is a recording to convert"),
        ("a.wav", "in/../a.wav", "is a recording to convert"),
        ("a.wav", ".", "is a recording to convert"),
        ("in", "in", "is the folder of the recordings"),
        ("in", ".", "is a recording to convert"),
        ("in", "a.wav", "is a file; a folder is converted into a folder"),
        ("a.wave", "b.wav", r"no file or folder .*; did you mean .*a\.wav\?"),
        ("empty", "out", "there is no recording in this folder"),
        ("a.wav", "b", "does not say which format to write"),
        ("a.wav", "b.doc", "does not say which format to write"),
    ],
)
def test_impossible_plan_is_one_sentence(tmp_path, source, target, expected):
    touch(tmp_path, "a.wav", "in/b.wav", "b.wav", "empty/notes.txt")
    (tmp_path / "b.wav").unlink()
    (tmp_path / "b.wav").symlink_to(tmp_path / "in" / "b.wav")

    with pytest.raises(AudioFileError, match=expected):
        plan(tmp_path / source, tmp_path / target, ".wav")
