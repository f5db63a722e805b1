"""What all notebooks' pages are made of: address, tiles, tables, freshness."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

import marimo as mo
import pandas as pd

from orchestration.language import LANGUAGES, Language, preferred
from orchestration.serving.reading import Publication, open_publication
from orchestration.settings import Settings


class Address:
    """What the page's address asks for (`?lang=en&dealer=D0001`), kept in step with the choices.

    A plain memory: what people chose survives when a selector is drawn again (in the other
    language, or with other options), and the address can be sent to others.
    """

    def __init__(self) -> None:
        self._chosen: dict[str, Any] = dict(mo.query_params().to_dict())
        request = mo.app_meta().request
        self.language = preferred(
            self._chosen.get("lang"), request.headers.get("accept-language") if request else None
        )

    def among(self, name: str, options: Iterable[Any], otherwise: Any) -> Any:
        """The option that was chosen, if it is one of these."""
        return next((o for o in options if str(o) == self._chosen.get(name)), otherwise)

    def remember(self, name: str) -> Callable[[Any], None]:
        """For a selector's `on_change`."""

        def keep(value: Any) -> None:
            self._chosen[name] = str(value)
            mo.query_params().set(name, str(value))

        return keep

    def language_choice(self) -> mo.ui.radio:
        """The switch between the languages."""
        return mo.ui.radio(
            {name: code for code, name in LANGUAGES.items()},
            value=LANGUAGES[self.language],
            inline=True,
            on_change=self.remember("lang"),
        )

    def select(
        self, name: str, label: str, options: dict[str, Any], *, is_open: bool = False
    ) -> mo.ui.dropdown | mo.ui.radio:
        """A choice among {text: value}; it remembers, and takes the first if none was made.

        `is_open` shows all options beside each other instead of a list to open.
        """
        chosen = self.among(name, options.values(), next(iter(options.values())))
        looks = {"inline": True} if is_open else {"allow_select_none": False}
        return (mo.ui.radio if is_open else mo.ui.dropdown)(
            options,
            value=next(text for text, value in options.items() if value == chosen),
            label=label,
            on_change=self.remember(name),
            **looks,
        )


def opened_or_stopped(say: Language, *tables: str) -> Publication:
    """The publication with rows in these tables; else the cell stops and says what is missing."""
    publication = open_publication()
    mo.stop(
        publication is None,
        notice(say.html("no_publication", file=Settings.from_env().serving_file)),
    )
    lacking = publication.lacks(*tables)
    mo.stop(lacking, notice(say.html("no_scores", tables=", ".join(lacking))))
    return publication


def block(html: str, kind: str) -> mo.Html:
    """A division of the page that style.css knows by its class."""
    return mo.Html(f'<div class="pw-{kind}">{html}</div>')


def head(title: str, subtitle: str, *controls: Any) -> mo.Html:
    """The page's title beside its controls. The texts are escaped."""
    shown = "".join(mo.as_html(c).text for c in controls)
    return block(
        f"<div><h1>{escape(title)}</h1><p>{escape(subtitle)}</p></div><div>{shown}</div>", "head"
    )


def section(title: str, *parts: Any) -> mo.Html:
    """A titled part of the page: paragraphs (plain text) and elements below each other."""
    shown = "".join(
        paragraph(escape(p)).text if isinstance(p, str) else mo.as_html(p).text for p in parts
    )
    return block(f"<h2>{escape(title)}</h2>{shown}", "section")


def choices(*selectors: Any) -> mo.Html:
    """The selectors of the page in one row."""
    return block("".join(mo.as_html(s).text for s in selectors), "choices")


def paragraph(html: str) -> mo.Html:
    """A paragraph of running text, given as HTML."""
    return mo.Html(f'<p class="pw-text">{html}</p>')


def side_by_side(*parts: Any) -> mo.Html:
    """Elements in columns where the page is wide enough, else below each other."""
    return block("".join(f"<div>{mo.as_html(p).text}</div>" for p in parts), "columns")


def tiles(*figures: tuple[str, str, str]) -> mo.Html:
    """Large figures: (what, figure, note)."""
    return block(
        "".join(
            f'<div class="pw-tile"><span>{escape(what)}</span><strong>{escape(figure)}</strong>'
            f"<span>{escape(note)}</span></div>"
            for what, figure, note in figures
        ),
        "tiles",
    )


def bullets(items: Sequence[str]) -> mo.Html:
    """A list of sentences, given as HTML."""
    return block("<ol>" + "".join(f"<li>{item}</li>" for item in items) + "</ol>", "bullets")


def table(columns: dict[str, pd.Series], texts: Sequence[str]) -> mo.Html:
    """A table of {heading: formatted values}; the columns `texts` are left-aligned."""
    frame = pd.DataFrame(columns)
    css = ["pw-left" if name in texts else "pw-right" for name in frame.columns]
    header = "".join(
        f'<th class="{c}">{escape(name)}</th>' for c, name in zip(css, frame.columns, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td class="{c}">{escape(str(value))}</td>' for c, value in zip(css, row, strict=True)
        )
        + "</tr>"
        for row in frame.itertuples(index=False)
    )
    return block(f"<table><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table>", "table")


def notice(html: str) -> mo.Html:
    """What the page says instead of figures."""
    return block(html, "notice")


def freshness(publication: Publication, say: Language, *grains: str) -> mo.Html:
    """How fresh the figures are, how the gates judged them, and the grain of the tables read."""
    made = publication.records("select * from _publication")[0]
    deliveries = publication.rows(
        "select unnest(map_keys(last_delivered_at)) as feed, "
        "unnest(map_values(last_delivered_at)) as delivered_at from _publication order by feed"
    )
    lines = [
        say.html(
            "freshness",
            as_of=say.instant(made["as_of"]),
            published_at=say.instant(made["published_at"]),
            version=made["code_version"],
        ),
        say.html(
            "gate",
            result=say.code_text("gate", made["gate_result"]),
            rules=say.number(made["gate_rules"]),
            warnings=say.number(made["gate_warnings"]),
        ),
        *(say.html("grain", grain=say(f"grain_{grain}"), table=grain) for grain in grains),
    ]
    feeds = table(
        {
            say("feed"): deliveries["feed"],
            say("last_delivery"): deliveries["delivered_at"].map(say.instant),
        },
        texts=[say("feed"), say("last_delivery")],
    )
    shown = "".join(f"<p>{line}</p>" for line in lines)
    return block(
        f"{shown}<details><summary>{escape(say('last_deliveries'))}</summary>{feeds.text}</details>",
        "foot",
    )
