"""Every text that people read in both languages: key -> (German, English), a module per subject.

`{names}` are filled in; `<b>` may stand only in texts that are said as HTML (`say.html`). A key
`prefix_CODE` is the text of a code of the marts.
"""

from orchestration.language.texts import (
    catalog,
    data_quality,
    explanation,
    market,
    pages,
    review,
    rule_page,
    shares,
    statement,
)

TEXTS: dict[str, tuple[str, str]] = {
    **pages.TEXTS,
    **catalog.TEXTS,
    **data_quality.TEXTS,
    **explanation.TEXTS,
    **statement.TEXTS,
    **review.TEXTS,
    **rule_page.TEXTS,
    **market.TEXTS,
    **shares.TEXTS,
}
