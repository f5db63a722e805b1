"""What the rules say: in English of every feed, in German of what dealers deliver and read."""

from __future__ import annotations

import re

import pytest

from expectations import marts_brand, marts_capability, marts_pilots
from expectations.registry import Rule, feed_rules
from orchestration.language.texts.rules import GERMAN

READ_BY_DEALERS = [r for r in feed_rules() if r.table.startswith(("dealer__", "lake__"))]
MARTS = [r for m in (marts_brand, marts_capability, marts_pilots) for r in m.RULES]
_ENGLISH = re.compile(r"\b(the|and|of|with|is|are|not|row|file)\b")


def english(rule: Rule) -> tuple[str, str, str]:
    return rule.description, rule.reason, rule.remedy


@pytest.mark.parametrize("rule", [*feed_rules(), *MARTS], ids=lambda r: r.code)
def test_a_rule_says_what_is_good_why_and_what_to_do(rule: Rule) -> None:
    assert len(set(english(rule))) == 3
    for text in english(rule):
        assert text.endswith("."), text
        assert text[0].isupper() or text[0] == "`", text
        assert "  " not in text and "{" not in text, text


def test_what_is_good_does_not_say_what_goes_wrong() -> None:
    mixed = [r.code for r in feed_rules() if re.search(r": (otherwise|else)\b", r.description)]
    assert mixed == []


def test_every_rule_that_dealers_read_is_in_german_and_no_other() -> None:
    assert set(GERMAN) == {rule.code for rule in READ_BY_DEALERS}


@pytest.mark.parametrize("rule", READ_BY_DEALERS, ids=lambda r: r.code)
def test_german_is_german(rule: Rule) -> None:
    for said, meant in zip(GERMAN[rule.code], english(rule), strict=True):
        assert said != meant
        assert said.endswith(".") and said[0] in "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜ`", said
        assert "  " not in said and "{" not in said
        assert not _ENGLISH.search(said), said


def test_german_says_the_same_numbers() -> None:
    """A threshold that is changed in one language is changed in the other."""
    for rule in READ_BY_DEALERS:
        numbers = [
            set(re.findall(r"\d+", text.replace(",000", "000").replace(".000", "000")))
            for text in (rule.description, GERMAN[rule.code].description)
        ]
        assert numbers[0] - {"0"} <= numbers[1] | {"0"}, rule.code
