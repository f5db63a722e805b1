"""Texts of the weekly review: findings in sentences, and the page that partners look at.

A sentence is what was found (`finding_*`) and how it compares (`compared_*`, which ends it).
"""

TEXTS: dict[str, tuple[str, str]] = {
    # -- what was found ---------------------------------------------------------------------------
    "finding_ORDERS_none": ("Es wurde kein Fahrzeug bestellt", "No vehicle was ordered"),
    "finding_ORDERS_one": ("Es wurde 1 Fahrzeug bestellt", "1 vehicle was ordered"),
    "finding_ORDERS_many": (
        "Es wurden {value} Fahrzeuge bestellt",
        "{value} vehicles were ordered",
    ),
    "finding_REGISTRATIONS_none": (
        "Es wurde kein Fahrzeug zugelassen",
        "No vehicle was registered",
    ),
    "finding_REGISTRATIONS_one": ("Es wurde 1 Fahrzeug zugelassen", "1 vehicle was registered"),
    "finding_REGISTRATIONS_many": (
        "Es wurden {value} Fahrzeuge zugelassen",
        "{value} vehicles were registered",
    ),
    "finding_COMPLAINTS_none": ("Es ging keine Beschwerde ein", "No complaint was received"),
    "finding_COMPLAINTS_one": ("Es ging 1 Beschwerde ein", "1 complaint was received"),
    "finding_COMPLAINTS_many": (
        "Es gingen {value} Beschwerden ein",
        "{value} complaints were received",
    ),
    "finding_CSI": (
        "Die Kundenzufriedenheit (CSI) der letzten 13 Wochen liegt bei {value} Punkten",
        "Customer satisfaction (CSI) over the last 13 weeks stands at {value} points",
    ),
    "finding_NPS": (
        "Die Weiterempfehlungsbereitschaft (NPS) der letzten 13 Wochen liegt bei {value} Punkten",
        "The net promoter score (NPS) over the last 13 weeks stands at {value} points",
    ),
    "finding_PENETRATION": (
        "Die Marktdurchdringung im jüngsten Quartal mit Marktdaten beträgt {value}",
        "Market penetration in the newest quarter with market data is {value}",
    ),
    "finding_EV_SHARE": (
        "Batterieelektrische Fahrzeuge machen im jüngsten Quartal mit Marktdaten {value} der "
        "Zulassungen aus",
        "Battery-electric vehicles make up {value} of registrations in the newest quarter with "
        "market data",
    ),
    "finding_WORST_CASE_TYPE": (
        "Am längsten dauern {subject}: im Median der letzten 13 Wochen {value} Stunden bis zur "
        "Lösung",
        "Longest to resolve are {subject}: a median of {value} hours over the last 13 weeks",
    ),
    "case_type_WARRANTY": ("Garantiefälle", "warranty cases"),
    "case_type_COMPLAINT": ("Beschwerden", "complaints"),
    "case_type_SERVICE_REQUEST": ("Serviceanfragen", "service requests"),
    # -- how it compares: with the week a year before ---------------------------------------------
    "compared_WEEK_more": (
        ", {change} mehr als in der Vorjahreswoche ({before}).",
        ", {change} more than in the same week of the year before ({before}).",
    ),
    "compared_WEEK_less": (
        ", {change} weniger als in der Vorjahreswoche ({before}).",
        ", {change} fewer than in the same week of the year before ({before}).",
    ),
    "compared_WEEK_same": (
        ", genau wie in der Vorjahreswoche ({before}).",
        ", just as in the same week of the year before ({before}).",
    ),
    "compared_WEEK_unknown": (
        "; aus der Vorjahreswoche liegt keine Zahl vor.",
        "; there is no figure for the same week of the year before.",
    ),
    # the year before a year of 53 weeks has 52: its last week stands for week 53
    "compared_WEEK53_more": (
        ", {change} mehr als in der letzten Woche des Vorjahres, KW 52 ({before}).",
        ", {change} more than in the last week of the year before, week 52 ({before}).",
    ),
    "compared_WEEK53_less": (
        ", {change} weniger als in der letzten Woche des Vorjahres, KW 52 ({before}).",
        ", {change} fewer than in the last week of the year before, week 52 ({before}).",
    ),
    "compared_WEEK53_same": (
        ", genau wie in der letzten Woche des Vorjahres, KW 52 ({before}).",
        ", just as in the last week of the year before, week 52 ({before}).",
    ),
    "compared_WEEK53_unknown": (
        "; aus der letzten Woche des Vorjahres liegt keine Zahl vor.",
        "; there is no figure for the last week of the year before.",
    ),
    # -- with the same weeks or months a year before ----------------------------------------------
    "compared_YEAR_more": (
        ", {change} mehr als ein Jahr zuvor ({before}).",
        ", {change} more than a year before ({before}).",
    ),
    "compared_YEAR_less": (
        ", {change} weniger als ein Jahr zuvor ({before}).",
        ", {change} less than a year before ({before}).",
    ),
    "compared_YEAR_same": (
        ", genau wie ein Jahr zuvor ({before}).",
        ", just as a year before ({before}).",
    ),
    "compared_YEAR_unknown": (
        "; von einem Jahr zuvor liegt kein Wert vor.",
        "; there is no figure from a year before.",
    ),
    # -- with the network -------------------------------------------------------------------------
    "compared_NETWORK_more": (
        ", {change} mehr als im Netz ({before}).",
        ", {change} more than in the network ({before}).",
    ),
    "compared_NETWORK_less": (
        ", aber {change} weniger als im Netz ({before}).",
        ", but {change} less than in the network ({before}).",
    ),
    "compared_NETWORK_same": (
        ", genau wie im Netz ({before}).",
        ", just as in the network ({before}).",
    ),
    "compared_NETWORK_unknown": (
        "; aus dem Netz liegt kein Vergleich vor.",
        "; there is nothing to compare in the network.",
    ),
    "change_POINTS": ("{change} Punkte", "{change} points"),
    "change_RATE": ("{change} Prozentpunkte", "{change} percentage points"),
    "change_HOURS": ("{change} Stunden", "{change} hours"),
    # -- the quarter's target ---------------------------------------------------------------------
    "target_reached": (
        "Das Quartalsziel von {target} ist mit {value} Zulassungen erreicht ({rate}), nach "
        "{elapsed} der Tage des Quartals.",
        "The quarter's target of {target} is met with {value} registrations ({rate}), after "
        "{elapsed} of the quarter's days.",
    ),
    "target_reached_by_one": (
        "Das Quartalsziel von {target} ist mit 1 Zulassung erreicht ({rate}), nach {elapsed} der "
        "Tage des Quartals.",
        "The quarter's target of {target} is met with 1 registration ({rate}), after {elapsed} of "
        "the quarter's days.",
    ),
    "target_none": (
        "Vom Quartalsziel von {target} ist noch keines zugelassen ({rate})",
        "None of the quarter's target of {target} is registered ({rate})",
    ),
    "target_one": (
        "Vom Quartalsziel von {target} ist 1 zugelassen ({rate})",
        "1 of the quarter's target of {target} is registered ({rate})",
    ),
    "target_many": (
        "Vom Quartalsziel von {target} sind {value} zugelassen ({rate})",
        "{value} of the quarter's target of {target} are registered ({rate})",
    ),
    "target_ahead": (
        ", mehr als der Anteil der vergangenen Tage ({elapsed}); {gap}.",
        ", more than the share of days gone by ({elapsed}); {gap} to go.",
    ),
    "target_even": (
        ", genau der Anteil der vergangenen Tage ({elapsed}); {gap}.",
        ", exactly the share of days gone by ({elapsed}); {gap} to go.",
    ),
    "target_behind": (
        ", weniger als der Anteil der vergangenen Tage ({elapsed}); {gap}.",
        ", less than the share of days gone by ({elapsed}); {gap} to go.",
    ),
    "target_missed": (
        "; das Quartal ist zu Ende, das Ziel um {gap} verfehlt.",
        "; the quarter is over, the target missed by {gap}.",
    ),
    "target_gap_one": ("es fehlt noch 1", "1"),
    "target_gap_many": ("es fehlen noch {gap}", "{gap}"),
    "target_nought": (
        "Für das Quartal ist kein Fahrzeug als Ziel vereinbart (0); zugelassen: {value}.",
        "The target agreed for the quarter is no vehicle (0); registered: {value}.",
    ),
    "target_vehicles_one": ("1 Fahrzeug", "1 vehicle"),
    "target_vehicles_many": ("{value} Fahrzeugen", "{value} vehicles"),
    # -- the dialogue -----------------------------------------------------------------------------
    "actions_none": (
        "Keine Maßnahme ist offen (0), keine überfällig (0).",
        "No action is open (0), none overdue (0).",
    ),
    "actions_one": (
        "1 Maßnahme ist offen; überfällig ist sie nicht (0).",
        "1 action is open; it is not overdue (0).",
    ),
    "actions_one_overdue": (
        "1 Maßnahme ist offen, und sie ist überfällig (1).",
        "1 action is open, and it is overdue (1).",
    ),
    "actions_one_unknown": ("1 Maßnahme ist offen.", "1 action is open."),
    "actions_many": (
        "{value} Maßnahmen sind offen; überfällig ist keine davon (0).",
        "{value} actions are open; none of them is overdue (0).",
    ),
    "actions_many_one_overdue": (
        "{value} Maßnahmen sind offen, 1 davon ist überfällig.",
        "{value} actions are open, 1 of them is overdue.",
    ),
    "actions_many_overdue": (
        "{value} Maßnahmen sind offen, {overdue} davon sind überfällig.",
        "{value} actions are open, {overdue} of them are overdue.",
    ),
    "actions_many_unknown": ("{value} Maßnahmen sind offen.", "{value} actions are open."),
    "meeting_held": (
        "Das Wochengespräch fand statt, in den letzten 13 Wochen {weeks}-mal.",
        "The weekly meeting took place; of the last 13 weeks it was held in {weeks}.",
    ),
    "meeting_missed": (
        "Das Wochengespräch fiel aus; in den letzten 13 Wochen fand es {weeks}-mal statt.",
        "The weekly meeting did not take place; of the last 13 weeks it was held in {weeks}.",
    ),
    "meeting_held_unknown": ("Das Wochengespräch fand statt.", "The weekly meeting took place."),
    "meeting_missed_unknown": (
        "Das Wochengespräch fiel aus.",
        "The weekly meeting did not take place.",
    ),
    # -- the page ---------------------------------------------------------------------------------
    "review_title": ("Wochengespräch", "Weekly review"),
    "review_week": (
        "KW {week}/{year}, {first} bis {last}",
        "Week {week} of {year}, {first} to {last}",
    ),
    "review_short_week": ("KW {week}", "Week {week}"),
    "review_for": ("{dealer_id}, Marke {brand}", "{dealer_id}, brand {brand}"),
    "review_for_group": (
        "{dealer_id}, Marke {brand}, Vergleichsgruppe {group}",
        "{dealer_id}, brand {brand}, peer group {group}",
    ),
    "review_group_SALES": ("Vertrieb", "Sales"),
    "review_group_CUSTOMERS": ("Kunden", "Customers"),
    "review_group_MARKET": ("Markt", "Market"),
    "review_group_AGREEMENTS": ("Vereinbarungen", "Agreements"),
    "review_nothing_said": (
        "Für diese Woche liegen hierzu keine Zahlen vor.",
        "There are no figures on this for the week.",
    ),
    "review_figures": ("Alle Zahlen der Woche", "All figures of the week"),
    "review_figure": ("Kennzahl", "Figure"),
    "review_comparison": ("Vergleich", "Comparison"),
    "review_with": ("womit", "with"),
    "review_change": ("Unterschied", "Difference"),
    "review_name_ORDERS": ("Bestellungen", "Orders"),
    "review_name_REGISTRATIONS": ("Zulassungen", "Registrations"),
    "review_name_QUARTER_TARGET": (
        "Zulassungen im Quartal bisher",
        "Registrations of the quarter so far",
    ),
    "review_name_CSI": ("Kundenzufriedenheit (CSI)", "Customer satisfaction (CSI)"),
    "review_name_NPS": ("Weiterempfehlung (NPS)", "Net promoter score (NPS)"),
    "review_name_COMPLAINTS": ("Beschwerden", "Complaints"),
    "review_name_WORST_CASE_TYPE": ("Längste Bearbeitung", "Longest handling"),
    "review_name_PENETRATION": ("Marktdurchdringung", "Market penetration"),
    "review_name_EV_SHARE": ("Anteil batterieelektrisch", "Battery-electric share"),
    "review_name_OPEN_ACTIONS": ("Offene Maßnahmen", "Open actions"),
    "review_name_MEETING": ("Gespräch geführt", "Meeting held"),
    "review_against_YEAR_BEFORE": ("Vorjahr", "year before"),
    "review_against_TARGET": ("Quartalsziel", "quarter's target"),
    "review_against_NETWORK": ("Netz, Median", "network, median"),
    "review_against_OVERDUE": ("davon überfällig", "overdue of these"),
    "review_against_WEEKS_MET": ("der letzten 13 Wochen", "of the last 13 weeks"),
    "review_unit_COUNT": ("{value}", "{value}"),
    "review_unit_POINTS": ("{value} Pkt.", "{value} pts"),
    "review_unit_RATE": ("{value} %-Pkt.", "{value} pp"),
    "review_unit_HOURS": ("{value} Std.", "{value} h"),
    "review_percent": ("{value}\u00a0%", "{value}%"),
    "review_reached": ("{rate} erreicht", "{rate} reached"),
    "review_yes": ("ja", "yes"),
    "review_no": ("nein", "no"),
    "review_chart_bars": (
        "Balken: Woche; Strich: Vorjahreswoche",
        "bar: week; line: same week of the year before",
    ),
    "review_chart_line": (
        "je 13 Wochen bis zur Woche; gestrichelt: ein Jahr zuvor",
        "13 weeks up to each week; dashed: a year before",
    ),
    "review_chart_quarters": (
        "jüngstes Quartal mit Marktdaten; gestrichelt: ein Jahr zuvor",
        "newest quarter with market data; dashed: a year before",
    ),
    "review_chart_actions": (
        "Balken: offen am Wochenende; Strich: davon überfällig",
        "bar: open at the week's end; line: overdue of these",
    ),
    "review_chart_meetings": (
        "gefüllt: Gespräch geführt; leer: ausgefallen",
        "filled: meeting held; empty: not held",
    ),
    "review_dialogue": (
        "Über das Jahr wurde in {met} von {due} Wochen gesprochen ({rate}). Im Median dauert es "
        "{decision} Tage bis zur Entscheidung und weitere {done} Tage bis zur Erledigung. "
        "Heute überfällig: beim Hersteller {oem}, beim Händler {partner}.",
        "Over the year there was a meeting in {met} of {due} weeks ({rate}). The median is "
        "{decision} days to a decision, and {done} more until it is done. Overdue today: "
        "manufacturer {oem}, dealer {partner}.",
    ),
    "review_actions": ("Offene Maßnahmen", "Open actions"),
    "review_actions_none": ("Keine Maßnahme ist offen.", "No action is open."),
    "review_action": ("Maßnahme", "Action"),
    "review_owner": ("Wer", "Who"),
    "review_raised": ("Eingebracht", "Raised"),
    "review_decided": ("Entschieden", "Decided"),
    "review_due": ("Fällig", "Due"),
    "review_overdue": ("überfällig", "overdue"),
    "review_escalation": ("Vertrag und Eskalation", "Contract and escalation"),
    "review_no_contract": (
        "Zu diesem Vertrag ist noch kein Quartal bewertet.",
        "No quarter of a contract has been judged yet.",
    ),
    "review_contract": ("Vertrag", "Contract"),
    "review_quarter": ("Quartal", "Quarter"),
    "review_quarter_of": ("{quarter}/{year}", "Q{quarter} {year}"),
    "review_score": ("Score (Mittel)", "Score (mean)"),
    "review_benchmark": ("Maßstab", "Benchmark"),
    "review_breaches": ("In Folge darunter", "Below in a row"),
    "review_level": ("Stufe (bis 3)", "Level (of 3)"),
    "review_status": ("Stand", "Status"),
    "review_plan_due": ("Plan fällig", "Plan due"),
    "escalation_NONE": ("keine Eskalation", "no escalation"),
    "escalation_OPEN": ("eröffnet am {opened}", "opened on {opened}"),
    "escalation_ACKNOWLEDGED": (
        "bestätigt (eröffnet am {opened})",
        "acknowledged (opened on {opened})",
    ),
    "escalation_PLAN_AGREED": (
        "Plan vereinbart (eröffnet am {opened})",
        "plan agreed (opened on {opened})",
    ),
    "escalation_CLOSED": (
        "geschlossen am {closed} (eröffnet am {opened})",
        "closed on {closed} (opened on {opened})",
    ),
    "review_told_NONE": (
        "Vertrag {contract}: keine Eskalation; der Score liegt nicht unter dem Maßstab.",
        "Contract {contract}: no escalation; the score is not below the benchmark.",
    ),
    "review_told_ONE_BELOW": (
        "Vertrag {contract}: keine Eskalation, aber der Score lag im letzten gewerteten Quartal "
        "unter dem Maßstab.",
        "Contract {contract}: no escalation, but the score was below the benchmark in the last "
        "quarter that was judged.",
    ),
    "review_told_SOME_BELOW": (
        "Vertrag {contract}: keine Eskalation, aber der Score lag {count} Quartale in Folge unter "
        "dem Maßstab.",
        "Contract {contract}: no escalation, but the score was below the benchmark for {count} "
        "quarters in a row.",
    ),
    "review_told_CLOSED": (
        "Vertrag {contract}: Die Eskalation (zuletzt Stufe {level}) wurde am {closed} geschlossen.",
        "Contract {contract}: the escalation (last on level {level}) was closed on {closed}.",
    ),
    "review_told_OPEN": (
        "Vertrag {contract}: Die Eskalation steht seit dem {since} auf Stufe {level} von 3.",
        "Contract {contract}: the escalation has been on level {level} of 3 since {since}.",
    ),
    "review_plan_AGREED": (
        "Ein Plan zur Verbesserung ist vereinbart.",
        "A plan for improvement is agreed.",
    ),
    "review_plan_MISSING": (
        "Der Plan zur Verbesserung war am {due} fällig und fehlt noch.",
        "The plan for improvement was due on {due} and is still missing.",
    ),
    "review_plan_DUE": (
        "Bis zum {due} ist ein Plan zur Verbesserung zu vereinbaren.",
        "A plan for improvement is to be agreed by {due}.",
    ),
    "review_plan_IN_TIME": (
        "Der Plan zur Verbesserung wurde bis zum {due} vereinbart.",
        "The plan for improvement was agreed by {due}.",
    ),
    "review_undecided": ("noch nicht", "not yet"),
    "review_reports_NONE": (
        "Zu dieser Woche hat der Händler noch nichts gemeldet; die jüngste Meldung ist vom {day}. "
        "Nullen heißen hier nicht, dass nichts geschehen ist.",
        "The dealer has not reported on this week yet; the latest report is of {day}. A zero here "
        "does not mean that nothing happened.",
    ),
    "review_reports_PART": (
        "Die Meldungen des Händlers reichen erst bis zum {day}: Die Zahlen der Woche sind "
        "vorläufig.",
        "The dealer's reports go up to {day} only: the figures of the week are preliminary.",
    ),
    "review_foot": (
        "Stand der Daten {as_of}, veröffentlicht {published_at} (Version {version}). Die Zahlen "
        "stehen in mart_weekly_review, mart_dialogue_discipline und mart_escalations.",
        "Data as of {as_of}, published {published_at} (version {version}), time of Germany. The "
        "figures stand in mart_weekly_review, mart_dialogue_discipline and mart_escalations.",
    ),
}
