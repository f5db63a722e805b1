"""The rules of brands and pilots say why they are and what to do, dealers' in German too."""

from __future__ import annotations

from expectations import brand, marts_brand, marts_pilots, pilots
from orchestration.language.texts.rules_brand import GERMAN

MODULES = (brand, pilots, marts_brand, marts_pilots)


def test_every_rule_says_what_goes_wrong_without_it_and_what_its_sender_does() -> None:
    for rule in (rule for module in MODULES for rule in module.RULES):
        for text in (rule.description, rule.reason, rule.remedy):
            assert text[:1] == text[:1].upper() != "" and text.endswith("."), rule.code
        assert len({rule.description, rule.reason, rule.remedy}) == 3, rule.code


def test_dealers_read_their_rules_in_german() -> None:
    assert set(GERMAN) == {r.code for r in brand.RULES if r.table.startswith("dealer__")}
    for code, texts in GERMAN.items():
        assert len(set(texts)) == 3, code
        assert all(text.endswith(".") or text.endswith(").") for text in texts), code
