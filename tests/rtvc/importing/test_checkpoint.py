"""Every form in which a GPT-SoVITS voice is found is read, to the last number."""

from pathlib import Path

import pytest
import torch

from rtvc.importing.checkpoint import read_checkpoint, read_weights
from rtvc.importing.torch_file import TorchFile
from tests.checkpoint_files import new_names, on_device, shapes, views, weights, write_voice


def read(path: Path):
    with TorchFile(path) as file:
        checkpoint = read_checkpoint(file)
        return checkpoint, read_weights(file, checkpoint.weights, lambda _: None)


def same(found, wanted):
    return found.keys() == wanted.keys() and all(
        found[name].dtype == wanted[name].dtype and torch.equal(found[name], wanted[name]) for name in wanted
    )


@pytest.mark.parametrize("version", ["v1", "v2", "v2Pro", "v2ProPlus"])
def test_versions_are_told_apart(tmp_path, version):
    path = write_voice(tmp_path / "anna.pth", version)

    checkpoint, found = read(path)

    mark = {"v2Pro": "zip, header 05", "v2ProPlus": "zip, header 06"}.get(version, "zip")
    assert (checkpoint.version, checkpoint.epoch, checkpoint.step, checkpoint.format) == (version, 8, 144, mark)
    assert same(found, weights(version))


def test_pretrained_pro_file_without_a_mark_is_read(tmp_path):
    checkpoint, _ = read(write_voice(tmp_path / "s2Gv2Pro.pth", "v2Pro", is_marked=False))

    assert checkpoint.version == "v2Pro"


def test_legacy_format_is_read(tmp_path):
    checkpoint, found = read(write_voice(tmp_path / "anna.pth", "v2", is_legacy=True))

    assert checkpoint.format == "legacy"
    assert same(found, weights("v2"))


def test_posterior_encoder_is_left_behind(tmp_path):
    tensors = weights("v2", has_posterior=True)
    path = write_voice(tmp_path / "s2G2333k.pth", "v2", tensors)

    assert same(read(path)[1], {name: one for name, one in tensors.items() if not name.startswith("enc_q.")})


def test_training_checkpoint_in_single_precision_is_read(tmp_path):
    tensors = views(shapes("v2", has_posterior=True), torch.float32)
    tensors._metadata = {"": {"version": 1}}
    numbers = tensors["dec.conv_pre.bias"]
    optimizer = {"state": {0: {"step": torch.tensor(3.0), "exp_avg": numbers}}, "param_groups": [{"lr": 1e-4}]}
    torch.save({"model": tensors, "iteration": 7, "optimizer": optimizer, "learning_rate": 1e-4}, tmp_path / "G_7.pth")

    checkpoint, found = read(tmp_path / "G_7.pth")

    assert (checkpoint.version, checkpoint.epoch) == ("v2", 7)
    assert found["dec.conv_pre.bias"].dtype == torch.float32
    assert torch.equal(found["dec.conv_pre.bias"], numbers)


def test_new_names_of_weight_norms_are_read(tmp_path):
    path = write_voice(tmp_path / "anna.pth", "v2", new_names(weights("v2")))

    assert same(read(path)[1], weights("v2"))


def test_file_of_a_graphics_card_is_read(tmp_path):
    path = on_device(write_voice(tmp_path / "anna.pth"))
    assert b"cuda:0" in path.read_bytes()

    assert same(read(path)[1], weights("v2"))


def test_brain_floats_and_doubles_become_single_precision(tmp_path):
    tensors = weights("v2") | {
        "dec.conv_pre.bias": torch.linspace(-1, 1, 512, dtype=torch.bfloat16),
        "dec.cond.bias": torch.linspace(-1, 1, 512, dtype=torch.float64),
    }

    _, found = read(write_voice(tmp_path / "anna.pth", "v2", tensors))

    assert torch.equal(found["dec.conv_pre.bias"], tensors["dec.conv_pre.bias"].float())
    assert torch.equal(found["dec.cond.bias"], tensors["dec.cond.bias"].float())


def test_tensor_that_is_a_part_of_another_in_another_order_is_read(tmp_path):
    wide = torch.randn(192, 768, generator=torch.Generator().manual_seed(0)).half()
    turned = wide.T[:, :, None].transpose(0, 1)
    tensors = weights("v2") | {"enc_p.ssl_proj.weight": turned, "dec.conv_pre.bias": wide.view(-1)[100:612]}

    _, found = read(write_voice(tmp_path / "anna.pth", "v2", tensors))

    assert torch.equal(found["enc_p.ssl_proj.weight"], turned)
    assert torch.equal(found["dec.conv_pre.bias"], wide.view(-1)[100:612])


def test_settings_of_old_files_may_be_missing(tmp_path):
    torch.save({"weight": weights("v1"), "config": {}, "info": None}, tmp_path / "old_e12_s96.pth")

    checkpoint, _ = read(tmp_path / "old_e12_s96.pth")

    assert (checkpoint.version, checkpoint.epoch, checkpoint.step) == ("v1", 12, 96)


def test_link_to_a_file_is_followed(tmp_path):
    write_voice(tmp_path / "anna.pth")
    (tmp_path / "link.pth").symlink_to(tmp_path / "anna.pth")

    assert read(tmp_path / "link.pth")[0].version == "v2"


def test_reading_changes_nothing(tmp_path):
    path = write_voice(tmp_path / "anna.pth", "v2Pro")
    before = path.read_bytes(), path.stat().st_mtime_ns

    read(path)

    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
