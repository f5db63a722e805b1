"""Text in German and English at once; the page shows one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from orchestration.language import LANGUAGES, Language

SAY = tuple(Language(code) for code in LANGUAGES)


@dataclass(frozen=True)
class Both:
    """Plain text in each language, in the order of `LANGUAGES`. As HTML it is escaped."""

    texts: tuple[str, ...]

    def __html__(self) -> str:
        if len(set(self.texts)) == 1:
            return str(Markup("{}").format(self.texts[0]))
        span = Markup('<span lang="{}">{}</span>')
        return "".join(
            span.format(code, text) for code, text in zip(LANGUAGES, self.texts, strict=True)
        )

    @property
    def by_language(self) -> list[tuple[str, str]]:
        return list(zip(LANGUAGES, self.texts, strict=True))


def each(write: Callable[[Language], str]) -> Both:
    """What is written in each language."""
    return Both(tuple(write(say) for say in SAY))


def text(key: str, **values: Any) -> Both:
    """A text of `orchestration/language`; values that are `Both` are put in by language."""
    return Both(
        tuple(
            say(key, **{n: v.texts[at] if isinstance(v, Both) else v for n, v in values.items()})
            for at, say in enumerate(SAY)
        )
    )
