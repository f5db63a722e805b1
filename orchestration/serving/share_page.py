"""A dealer's page: one self-contained HTML file made from his share and from nothing else.

What belongs here: gathering the parts (`share_score`, `share_incentives`, ...) and writing them by
`doc_pages/share.html`, in German and English at once. What does not: figures that are in no mart.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from notebooks.dealer_view import german_day
from orchestration.review.both import Both, text
from orchestration.serving.share_incentives import incentives
from orchestration.serving.share_quality import quality
from orchestration.serving.share_reader import SOURCES, Row, Share, ShareReader
from orchestration.serving.share_refinancing import refinancing
from orchestration.serving.share_score import score
from orchestration.serving.share_words import code, day, instant, number, rich
from orchestration.serving.share_work import agreements, cases

PAGE = "index.html"
_FOLDER = Path(__file__).parent.parent / "doc_pages"
_GRAVEST = ("bad", "warn", "none")


class PageWriter:
    """Makes pages one after another; what all of them have in common is made once."""

    def __init__(self) -> None:
        self._reader = ShareReader()
        self._pages = _environment()
        self._sources: Markup | None = None

    def close(self) -> None:
        self._reader.close()

    def page_of(self, file: Path, dealer_id: str) -> str:
        """The page of the dealer whose share the file is."""
        with self._reader.opened(file, dealer_id) as share:
            (made,) = share.publication.records("select * from _publication")
            today = german_day(made["as_of"])
            contracts = _contracts(share)
            brands = [
                _brand(share, contract, today) | {"at": at}
                for at, contract in enumerate(contracts, 1)
            ]
            delivered = quality(share)
            if self._sources is None:
                template = self._pages.get_template("share_sources.html")
                self._sources = Markup(template.render(sources=_sources(share)))
        names = [row["dealer_name"] for row in contracts if row["dealer_name"]]
        return self._pages.get_template("share.html").render(
            dealer_name=names[0] if names else dealer_id,
            whose=_whose(dealer_id, contracts),
            brands=brands,
            quality=delivered,
            now=_now(brands, delivered),
            made=_made(made),
            sources=self._sources,
        )


def looks() -> str:
    """A fingerprint of what pages are made by beside the code: their templates."""
    digest = hashlib.sha256()
    for path in sorted({*_FOLDER.glob("share*.html"), _FOLDER / "style.html"}):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _contracts(share: Share) -> list[Row]:
    """The dealer's rows, one per brand."""
    if not share.holds("who"):
        return []
    return share.rows("select * from dim_dealer where dealer_id = $dealer_id order by brand_code")


def _whose(dealer_id: str, contracts: list[Row]) -> Both:
    if not contracts:
        return text("share_for_none", dealer_id=dealer_id)
    brands = ", ".join(row["brand_code"] for row in contracts)
    return text("share_for", dealer_id=dealer_id, brands=brands)


def _brand(share: Share, contract: Row, today: Any) -> dict[str, Any]:
    brand = contract["brand_code"]
    closed = contract["closed_on"]
    return {
        "code": brand,
        "contract": text(
            "share_contract",
            model=contract["contract_model"] or "–",
            group=contract["peer_group"] or "–",
            opened=day(contract["opened_on"]),
        ),
        "closed": text("share_closed", day=day(closed))
        if closed is not None and closed < today
        else None,
        "score": score(share, brand),
        "incentives": incentives(share, brand, today),
        "refinancing": refinancing(share, brand),
        "cases": cases(share, brand),
        "agreements": agreements(share, brand, today),
    }


def _now(brands: list[dict[str, Any]], delivered: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What needs the dealer, the gravest first: level, sentence, brand where he has several."""
    found = [
        {"level": level, "words": words, "brand": brand["code"] if len(brands) > 1 else None}
        for brand in brands
        for part in ("refinancing", "cases", "agreements", "incentives", "score")
        if brand[part]
        for level, words in brand[part]["now"]
    ]
    if delivered:
        found += [
            {"level": level, "words": words, "brand": None} for level, words in delivered["now"]
        ]
    return sorted(found, key=lambda item: _GRAVEST.index(item["level"]))


def _made(made: Row) -> list[Both]:
    """As of when, published when, by which version, and how the gates judged it."""
    return [
        rich(
            "freshness",
            as_of=instant(made["as_of"]),
            published_at=instant(made["published_at"]),
            version=made["code_version"],
        ),
        rich(
            "gate",
            result=code("gate", made["gate_result"]),
            rules=number(made["gate_rules"]),
            warnings=number(made["gate_warnings"]),
        ),
    ]


def _sources(share: Share) -> dict[str, list[dict[str, Any]]]:
    """Part of the page -> the tables that it comes from, with what their columns say."""
    return {
        part: [
            {
                "name": table,
                "columns": [(c, share.comments[table].get(c, "")) for c in columns],
            }
            for table, columns in tables.items()
            if table in share.comments
        ]
        for part, tables in SOURCES.items()
    }


def _environment() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_shown,
    )
    pages.globals["t"] = _label
    pages.globals["rich"] = rich
    return pages


def _shown(value: Any) -> Any:
    """Words of both languages as HTML: `Both` does the same, but slowly, and a page has thousands
    of them."""
    if not isinstance(value, Both):
        return value
    german, english = map(escape, value.texts)
    if german == english:
        return german
    return Markup(f'<span lang="de">{german}</span><span lang="en">{english}</span>')


@cache
def _fixed(key: str) -> Markup:
    return Markup(_shown(text(key)))


def _label(key: str, **values: Any) -> Markup | Both:
    """A text of the template; those without values are the same on every page."""
    return text(key, **values) if values else _fixed(key)
