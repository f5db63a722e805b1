"""Texts of the catalog of quality rules; what each rule says stands in `rules` and in the rules."""

TEXTS: dict[str, tuple[str, str]] = {
    "rules_title": ("Regeln der Datenqualität", "Rules of data quality"),
    "rules_subtitle": (
        "Was gute Daten sind, warum es zählt und was Sie tun können. Jede Regel steht einmal fest: "
        "Nach ihr wird geprüft, was eintrifft, nach ihr wird jeden Monat gemessen, und nach ihr "
        "schult die Akademie.",
        "What good data is, why it matters and what you can do. Each rule is stated once: what "
        "arrives is checked by it, each month is measured by it, and the academy trains by it.",
    ),
    "rules_of_dealers": ("Was Händler liefern", "What dealers deliver"),
    "rules_of_dealers_intro": (
        "Gemessen wird jeder Händler jeden Monat an allem, was er geliefert hat. Was alle Zeilen "
        "zusammen betrifft, wird nur geprüft, wenn es eintrifft.",
        "Each dealer is measured each month by all that he delivered. What concerns all rows "
        "together is only checked when it arrives.",
    ),
    "rules_of_files": ("Jede Lieferung", "Every delivery"),
    "rules_of_files_intro": (
        "Gilt für die Dateien aller Absender.",
        "Holds for the files of all senders.",
    ),
    "rules_of_others": (
        "Was Hersteller und Markt liefern",
        "What manufacturer and market deliver",
    ),
    "rules_of_others_intro": (
        "Für die Absender dieser Daten, in englischer Sprache.",
        "For the senders of this data.",
    ),
    "rules_count": ("{count} Regeln", "{count} rules"),
    "rules_why": ("Warum", "Why"),
    "rules_remedy": ("Was zu tun ist", "What to do"),
    "rules_dimension": ("Dimension", "Dimension"),
    "rules_severity": ("Folge", "Effect"),
    "rules_severity_critical": (
        "hält die Veröffentlichung an",
        "stops the publication",
    ),
    "rules_severity_warning": ("warnt", "warns"),
    "rules_gate": ("Bei der Lieferung nötig", "Needed on delivery"),
    "rules_target": ("Ziel der Akademie", "Target of the academy"),
    "rules_network_rate": ("Im ganzen Netz", "In the whole network"),
    "rules_network_rate_of": ("Im ganzen Netz, {month}", "In the whole network, {month}"),
    "rules_unmeasured": (
        "nur bei der Lieferung geprüft",
        "only checked on delivery",
    ),
    "rules_nothing_measured": ("noch nicht gemessen", "not measured yet"),
    "rules_courses": ("Kurse", "Courses"),
    "rules_no_course": ("noch keiner", "none yet"),
    "rules_contract": ("Vertrag der Lieferung", "Contract of the feed"),
}
