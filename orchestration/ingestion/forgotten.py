"""Whom the warehouse has forgotten: known by keyed hashes only, so that nobody comes back.

`secrets/forgotten.json` holds a random key of its own and the hashes under it. From the key comes
what stands for a forgotten person's id or address, too: the same in every file, so that the person
still counts as one, and never to be led back without the key. What belongs here: recognizing
somebody in texts, by name or by hash. What does not: files of the lake.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.settings import Settings, UsageError

_LEAST = 3
"""Characters: an id with less would be found in everybody."""
_FILE = "forgotten.json"
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+", re.ASCII)
"""Well-formed as the rules of quality judge it."""
REDACTED = "[forgotten]"
_WORDS = re.compile(r"[^\s\"'<>()\[\]{},;|:/=\\]+")
_ENDS = ".!?-"
"""What may follow a name at the end of a sentence."""


class Sought(Protocol):
    """Who is looked for. Texts are compared without case, form of their letters, and blanks around
    them."""

    def is_meant(self, ids: pa.Array) -> np.ndarray:
        """Which of the ids, or other values that stand alone, are the person's."""

    def is_named(self, texts: pa.Array) -> np.ndarray:
        """Which of the texts name the person, alone or among other words."""

    def may_hold(self, texts: pa.Array) -> np.ndarray:
        """Which of the texts, of many, are to be taken apart to see."""


def fold(text: str) -> str:
    """A text as it compares."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def _folded(texts: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(pc.utf8_lower(pc.utf8_normalize(texts, form="NFKC")))


def _mask(found: pa.Array) -> np.ndarray:
    return pc.fill_null(found, False).to_numpy(zero_copy_only=False)


class Person:
    """One person, named by e-mail address or person id.

    Raises:
        UsageError: neither of them, or too short to tell somebody from others.
    """

    def __init__(self, name: str) -> None:
        self.name = fold(name)
        if len(self.name) < _LEAST:
            raise UsageError(f"{name!r} has fewer than {_LEAST} characters: give the whole name")
        self.is_address = _ADDRESS.fullmatch(self.name) is not None
        if not self.is_address and (" " in self.name or "@" in self.name):
            raise UsageError(
                f"{name!r} is neither an e-mail address nor a person id: others may bear the same "
                "name, so give what is this person's alone"
            )

    @cached_property
    def _pattern(self) -> str:
        """The name within a text: not within a longer one, such as another address."""
        name, letter = re.escape(self.name), r"\pL\pN\pM_"
        return rf"(?:^|[^{letter}.+-]){name}(?:$|[^{letter}.@-]|[.-](?:$|[^{letter}]))"

    def may_hold(self, texts: pa.Array) -> np.ndarray:
        """Which of the texts are worth a closer look: JSON may spell letters by their numbers."""
        spelled = pc.match_substring(texts, "\\u")
        return _mask(pc.or_(spelled, pc.match_substring(_folded(texts), self.name)))

    def is_meant(self, ids: pa.Array) -> np.ndarray:
        return _mask(pc.equal(_folded(ids), self.name))

    def is_named(self, texts: pa.Array) -> np.ndarray:
        return _mask(pc.match_substring_regex(_folded(texts), self._pattern))


@dataclass(frozen=True)
class ForgottenPersons:
    """The list of those who were forgotten."""

    key: bytes
    hashes: frozenset[str]

    @classmethod
    def read(cls, settings: Settings) -> ForgottenPersons:
        """The list of a warehouse; an empty one with a new key where nobody was forgotten."""
        path = settings.secrets / _FILE
        if not path.is_file():
            return cls(secrets.token_bytes(32), frozenset())
        kept = json.loads(path.read_text(encoding="ascii"))
        return cls(bytes.fromhex(kept["key"]), frozenset(kept["persons"]))

    def hash_of(self, name: str) -> str:
        """What a person is known by: not to be led back without the key."""
        return hmac.digest(self.key, b"person\0" + fold(name).encode(), "sha256").hex()

    def stand_in(self, value: str, *, is_id: bool) -> str:
        """What takes the place of a personal value. Other spellings of an id or address, which are
        counted as others, stay others; of a text nothing is left."""
        is_address = _ADDRESS.fullmatch(value) is not None
        if not (is_id or is_address):
            return REDACTED
        made = hmac.digest(self.key, b"stand-in\0" + value.encode(), "sha256").hex()
        return f"forgotten-{made[:16]}" + ("@forgotten.invalid" if is_address else "")

    def add(self, settings: Settings, name: str) -> ForgottenPersons:
        """The list with one more person, written in one step, readable by its owner only."""
        grown = ForgottenPersons(self.key, self.hashes | {self.hash_of(name)})
        path = settings.secrets / _FILE
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        draft.unlink(missing_ok=True)
        kept = {"key": grown.key.hex(), "persons": sorted(grown.hashes)}
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(kept, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        return grown

    # -- as those who are looked for ------------------------------------------------------------

    def is_meant(self, ids: pa.Array) -> np.ndarray:
        return self._by_value(ids, lambda text: [text])

    def is_named(self, texts: pa.Array) -> np.ndarray:
        return self._by_value(texts, _names_in)

    def may_hold(self, texts: pa.Array) -> np.ndarray:
        return np.ones(len(texts), dtype=bool)

    def _by_value(self, texts: pa.Array, names: Callable[[str], Iterable[str]]) -> np.ndarray:
        """Each different text is looked at once."""
        values = pc.dictionary_encode(_combined(texts))
        held = np.array(
            [
                any(self.hash_of(name) in self.hashes for name in names(text))
                for text in values.dictionary.to_pylist()
            ]
            + [False],
            dtype=bool,
        )
        return held[pc.fill_null(values.indices, len(held) - 1).to_numpy(zero_copy_only=False)]


def _combined(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    return whole.cast(pa.string())


def _names_in(text: str) -> set[str]:
    """What may be somebody's address or id within a text."""
    words = _WORDS.findall(text)
    return {text, *words, *(word.rstrip(_ENDS) for word in words)}
