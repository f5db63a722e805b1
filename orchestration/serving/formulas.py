"""Texts that no spreadsheet takes for a formula, and back again.

A spreadsheet runs a text that begins like a formula, and whoever delivered it would run it on the
reader's machine. Such a text gets an apostrophe in front, which spreadsheets show as text. In CSV,
so does what a spreadsheet that parts fields by other signs (the German one by semicolons) would
take for the beginning of a field. Both are undone exactly: a text that could be mistaken for a
guarded one is guarded, too. What belongs here: texts. What does not: tables, files.
"""

from __future__ import annotations

import re

from orchestration.duck import quoted

_SIGNS = "=+\\-@\u2212\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
"""What a formula begins with, also in the wide and small forms of the signs."""
_BLANKS = (
    " \f\u0085\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
)
"""What may stand before it: blanks, and characters that take no place; quotes as well."""
_BREAKS = "\t\r\n"
_BEGINS = f"^(?:['\"{_BLANKS}{_BREAKS}]*[{_SIGNS}]|'*[{_BREAKS}])"
_WITHIN = f"([;{_BREAKS}])(['\"{_BLANKS}]*[{_SIGNS}])"
REFUSED = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\ufffe\uffff]"
"""Characters that no sheet holds."""


def guarded(text: str, *, is_csv: bool) -> str:
    """SQL for a text (an SQL expression) as a spreadsheet may have it, without the characters that
    no sheet holds; null stays null."""
    clean = f"regexp_replace({text}, {quoted(REFUSED)}, '', 'g')"
    if is_csv:
        clean = f"regexp_replace({clean}, {quoted(_WITHIN)}, '\\1''\\2', 'g')"
    else:  # a workbook has one kind of line break
        clean = f"regexp_replace({clean}, '\\r\\n?', chr(10), 'g')"
    return (
        f"case when regexp_matches({clean}, {quoted(_BEGINS)}) then chr(39) || {clean} "
        f"else {clean} end"
    )


def begins_like_a_formula(text: str) -> bool:
    """Whether some spreadsheet would take the text for a formula."""
    return not text.startswith("'") and re.match(_BEGINS, text) is not None


def unguarded(text: str, *, is_csv: bool) -> str:
    """The text that `guarded` was made of, but for what no sheet holds."""
    if text.startswith("'") and re.match(_BEGINS, text[1:]):
        text = text[1:]
    if not is_csv:
        return text
    return re.sub(f"([;{_BREAKS}])'(['\"{_BLANKS}]*[{_SIGNS}])", r"\1\2", text)
