"""Texts of the notebook about the quality of deliveries."""

TEXTS: dict[str, tuple[str, str]] = {
    "dq_title": ("Datenqualität", "Data quality"),
    "dq_subtitle": (
        "Wo gelieferte Daten schlecht sind, wessen sie sind, was es kostet und welcher Kurs hilft",
        "Where delivered data is bad, whose it is, what it costs and which course helps",
    ),
    "dq_dealer_all": ("alle Händler", "all dealers"),
    "dq_tile_rate": ("Zeilen, die ihre Regel bestehen", "Rows that pass their rule"),
    "dq_tile_rate_note": (
        "{checked} Prüfungen in drei Monaten",
        "{checked} checks in three months",
    ),
    "dq_tile_below": ("Regeln unter dem Ziel", "Rules below target"),
    "dq_tile_below_note": ("von {rules} gemessenen Regeln", "of {rules} rules measured"),
    "dq_tile_dealers": ("Händler unter einem Ziel", "Dealers below a target"),
    "dq_tile_dealers_note": ("von {dealers} mit Lieferungen", "of {dealers} that delivered"),
    "dq_tile_trained": ("geschult im Jahr", "Trained this year"),
    "dq_tile_trained_note": ("Plan bis heute: {plan}", "plan up to today: {plan}"),
    "dq_where_title": ("Wo sind die Daten schlecht?", "Where is the data bad?"),
    "dq_where_intro": (
        "Anteil der Prüfungen, die bestehen, je Datenquelle und Dimension, in den drei Monaten bis "
        "{month}. Orange liegt unter dem Ziel der Akademie, blau darüber.",
        "Share of checks that pass, by feed and dimension, in the three months up to {month}. "
        "Orange is below the academy's target, blue above it.",
    ),
    "dq_worst_intro": (
        "Die Regeln mit den meisten betroffenen Zeilen unter ihrem Ziel:",
        "The rules with most rows affected among those below target:",
    ),
    "dq_whose_title": ("Wessen Daten sind es?", "Whose data is it?"),
    "dq_whose_intro": (
        "Zeilen, die eine Regel brechen, deren Ziel der Händler verfehlt, nach Dimension. Ein "
        "Händler oben ist der, mit dem man zuerst spricht.",
        "Rows that break a rule whose target the dealer misses, by dimension. The dealer at the "
        "top is the one to talk to first.",
    ),
    "dq_cost_title": ("Was kostet es?", "What does it cost?"),
    "dq_cost_intro": (
        "Kennzahlen, die im {month} fehlen, weil Daten fehlen oder zu wenige Beobachtungen da "
        "sind, und das Gewicht, das dadurch in den Scores nicht zählt.",
        "KPIs without a figure in {month}, because data is missing or there are too few "
        "observations, and the weight that does not count in scores for it.",
    ),
    "dq_cost_none": (
        "Im {month} fehlt keine Kennzahl aus Mangel an Daten.",
        "No KPI lacks data in {month}.",
    ),
    "dq_cost_rows": (
        "{quarantined} von {delivered} gelieferten Zeilen der drei Monate stehen in Quarantäne, "
        "{files} Dateien wurden ganz abgewiesen: Was sie sagen, zählt in keiner Kennzahl.",
        "{quarantined} of {delivered} rows delivered in the three months are in quarantine and "
        "{files} files were rejected whole: what they say counts in no KPI.",
    ),
    "dq_cost_weight": ("Gewicht, das nicht zählt", "Weight that does not count"),
    "dq_cost_dealers": ("Händler ohne Wert", "Dealers without a figure"),
    "dq_help_title": ("Welcher Kurs hilft?", "Which course helps?"),
    "dq_help_intro": (
        "Ein Kurs hilft den Regeln seiner Dimension. Zuerst kommt der Kurs, dessen Regeln die "
        "meisten Zeilen betreffen.",
        "A course helps the rules of its dimension. First comes the course whose rules affect most "
        "rows.",
    ),
    "dq_help_none": (
        "Kein Kurs wird gebraucht: alle Ziele sind erreicht, alle Leute geschult.",
        "No course is needed: all targets are met, everybody is trained.",
    ),
    "dq_after_title": ("Was hat sich danach geändert?", "What changed after it?"),
    "dq_after_intro": (
        "Wirkung je Kurs: Veränderung der bestandenen Prüfungen der Händler, deren Leute ihn "
        "abschlossen, drei Monate davor gegen drei Monate danach, abzüglich der Veränderung "
        "ungeschulter Händler derselben Vergleichsgruppe in denselben Monaten. Der Strich ist der "
        "Bereich, in dem die Wirkung mit 95 % Sicherheit liegt: schneidet er die Null, ist nichts "
        "bewiesen.",
        "Effect of each course: how the share of passed checks changed at dealers whose people "
        "completed it, three months before against three months after, less the change at "
        "untrained dealers of the same peer group in the same months. The line is the range of the "
        "effect at 95 % confidence: where it crosses zero, nothing is proved.",
    ),
    "dq_after_none": (
        "Noch hat kein Händler drei Monate nach einem Kurs geliefert, neben dem ein ungeschulter "
        "seiner Vergleichsgruppe steht.",
        "No dealer has delivered for three months after a course yet beside an untrained one of "
        "his peer group.",
    ),
    "dq_after_axis": (
        "Wirkung (Prozentpunkte der bestandenen Prüfungen)",
        "Effect (percentage points of passed checks)",
    ),
    "dq_after_dealer": (
        "{dealer}: bestandene Prüfungen je Dimension; der Strich ist der letzte abgeschlossene "
        "Kurs der Dimension.",
        "{dealer}: passed checks by dimension; the line is the last course completed in the "
        "dimension.",
    ),
    "dq_rollout_title": (
        "Wird schneller eingeführt, wo geschult wurde?",
        "Are systems introduced faster where people are trained?",
    ),
    "dq_rollout_intro": (
        "Mediane Tage von Beginn bis Betrieb, laufende Einführungen mitgerechnet (Kaplan-Meier).",
        "Median days from start to live, with those still running taken into account "
        "(Kaplan-Meier).",
    ),
    "dq_ready_title": (
        "Wer ist bereit für die Systeme des Herstellers?",
        "Who is ready for the manufacturer's systems?",
    ),
    "dq_ready_intro": (
        "Anteil der bewerteten Händler, denen ein verpflichtendes Kriterium fehlt; die "
        "gestrichelte Linie ist die Zahl, die über die Branche behauptet wird ({claim}).",
        "Share of assessed dealers that lack a mandatory criterion; the dashed line is the figure "
        "claimed of the industry ({claim}).",
    ),
    "dq_docs_title": ("Die Prüfungen im Einzelnen", "The checks in detail"),
    "dq_docs": (
        "Jede Regel mit Grund und Abhilfe steht im Katalog der Regeln, <code>{rules}</code>, das "
        "Ergebnis jeder Prüfung in den Data Docs von Great Expectations, <code>{quality}</code>.",
        "Every rule with its reason and remedy is in the catalog of rules, <code>{rules}</code>, "
        "the result of every check in the data docs of Great Expectations, <code>{quality}</code>.",
    ),
    "dq_docs_made": (
        "<code>make docs</code> macht beide neu.",
        "<code>make docs</code> makes both anew.",
    ),
    "dq_docs_missing": (
        "Sie sind noch nicht gemacht: <code>make docs</code> macht sie.",
        "They are not there yet: <code>make docs</code> makes them.",
    ),
    "dq_rule": ("Regel", "Rule"),
    "dq_meaning": ("Was eine gute Zeile ist", "What a good row is like"),
    "dq_remedy": ("Abhilfe", "Remedy"),
    "dq_passed": ("bestanden", "passed"),
    "dq_target": ("Ziel", "Target"),
    "dq_affected": ("betroffene Zeilen", "Rows affected"),
    "dq_dealers": ("Händler", "Dealers"),
    "dq_course": ("Kurs", "Course"),
    "dq_dimension": ("Dimension", "Dimension"),
    "dq_rules_below": ("Regeln unter Ziel", "Rules below target"),
    "dq_untrained": ("ohne gültiges Zertifikat", "Without a valid certificate"),
    "dq_priority": ("Rang", "Priority"),
    "dq_effect": ("Wirkung", "Effect"),
    "dq_range": ("Bereich", "Range"),
    "dq_trained_dealers": ("geschulte Händler", "Trained dealers"),
    "dq_system": ("System", "System"),
    "dq_is_trained_true": ("geschult", "trained"),
    "dq_is_trained_false": ("nicht geschult", "not trained"),
    "dq_median_days": ("Tage (Median)", "Days (median)"),
    "dq_rollouts": ("Einführungen", "Introductions"),
    "dq_reduction": ("kürzer um", "Shorter by"),
    "dq_not_ready": ("nicht bereit", "Not ready"),
    "dimension_COMPLETENESS": ("Vollständigkeit", "Completeness"),
    "dimension_VALIDITY": ("Gültigkeit", "Validity"),
    "dimension_UNIQUENESS": ("Eindeutigkeit", "Uniqueness"),
    "dimension_TIMELINESS": ("Rechtzeitigkeit", "Timeliness"),
    "dimension_CONSISTENCY": ("Stimmigkeit", "Consistency"),
    "grain_mart_data_quality": (
        "Händler, Datenquelle, Regel und Monat der Lieferung",
        "dealer, feed, rule and month of delivery",
    ),
    "grain_mart_academy_needs": ("Händler und Kurs", "dealer and course"),
    "grain_mart_academy_summary": ("Monat", "month"),
    "grain_mart_academy_effect": ("Kurs", "course"),
    "grain_mart_rollout_duration": ("System, geschult oder nicht", "system, trained or not"),
    "grain_mart_it_readiness_summary": ("Monat", "month"),
}
