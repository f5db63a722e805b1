"""Texts of the notebook of incentive statements; the words of rules, postings and lines stand in
`explanation`."""

TEXTS: dict[str, tuple[str, str]] = {
    "statement_title": ("Bonusabrechnung", "Incentive statement"),
    "statement_subtitle": (
        "Ein Händler, ein Programm, eine Periode: vom Betrag bis zur Zeile der gelieferten Datei",
        "One dealer, one programme, one period: from the amount down to the delivered file's row",
    ),
    "no_statements": (
        "<b>{nothing}.</b> Es fehlen Zeilen in "
        "{tables}: Dazu braucht es gelieferte Programme (<code>oem__incentive_programs</code>), "
        "Stufen (<code>oem__incentive_tiers</code>) und Fahrzeugereignisse. Ist die Datei älter "
        "als das Programm, hilft <code>make run</code>.",
        "<b>{nothing}.</b> There are no rows in {tables}: "
        "programmes (<code>oem__incentive_programs</code>), tiers "
        "(<code>oem__incentive_tiers</code>) and vehicle events must have been delivered. If the "
        "file is older than the program, <code>make run</code> helps.",
    ),
    "program": ("Programm", "Programme"),
    "period": ("Periode", "Period"),
    "period_open": ("{period} (offen)", "{period} (open)"),
    # -- the amount -------------------------------------------------------------------------------
    "entitlement": ("Anspruch", "Entitlement"),
    "entitlement_closed": (
        "nach dem Stand beim letzten Abschluss",
        "as it stood at the last close",
    ),
    "entitlement_open": ("nach heutigem Stand", "as known today"),
    "posted": ("Gebucht", "Posted"),
    "posted_count": ("Buchungen: {count}", "postings: {count}"),
    "not_posted": ("Noch nicht gebucht", "Not yet posted"),
    "not_posted_none": (
        "seit dem Abschluss nichts geändert",
        "nothing changed since the close",
    ),
    "not_posted_changed": (
        "geändert seit dem Abschluss, bucht der nächste",
        "changed since the close, the next one posts it",
    ),
    "not_posted_open": ("bucht der Abschluss der Periode", "the period's close posts it"),
    "payment_due": ("Zahlung fällig", "Payment due"),
    "due_closed": ("abgeschlossen am {day}", "closed on {day}"),
    "due_open": ("Periode offen", "period open"),
    "version": ("Version {version}", "Version {version}"),
    "ask_statement": (
        "Dasselbe in der Kommandozeile: <code>partnerdw explain {id}</code>",
        "The same on the command line: <code>partnerdw explain {id}</code>",
    ),
    # -- the rule ---------------------------------------------------------------------------------
    "rule_title": ("Was wird wofür gezahlt?", "What is paid for what?"),
    "rule_unknown": (
        "Die Bedingungen dieses Programms stehen nicht mehr in der Veröffentlichung.",
        "The terms of this programme are no longer in the publication.",
    ),
    "rule_gate_missed": (
        "Die Bedingung ist nicht erfüllt: gezahlt wird 0.",
        "The gate is not met: 0 is paid.",
    ),
    "rule_area": (
        "Die Fläche zeigt, woraus der Betrag entsteht: Satz mal Erreichtes.",
        "The area shows what makes the amount: the rate times what was reached.",
    ),
    "tier": ("Stufe", "Tier"),
    "from_measure": ("Ab", "From"),
    "rate": ("Satz", "Rate"),
    "reached_here": ("erreicht: {value}", "reached: {value}"),
    # -- from close to close ----------------------------------------------------------------------
    "closes_title": ("Von Abschluss zu Abschluss", "From close to close"),
    "closes_intro": (
        "Was jeder Monatsabschluss gebucht hat. Eine Buchung wird nie geändert: was sich danach "
        "herausstellt, bucht ein späterer Abschluss als Korrektur oder Rückforderung.",
        "What each monthly close has posted. A posting is never changed: what turns out later is "
        "posted by a later close as an adjustment or a claw-back.",
    ),
    "closes_open": (
        "Die Periode ist offen: gebucht ist noch nichts, nach heutigem Stand sind es {amount}.",
        "The period is open: nothing is posted yet, as known today it is {amount}.",
    ),
    "closes_none": (
        "Kein Abschluss hat etwas gebucht; nach heutigem Stand sind es {amount}.",
        "No close has posted anything; as known today it is {amount}.",
    ),
    "closes_sum": (
        "So summiert es sich: {parts} = <b>{posted}</b>, die Summe der Buchungen.",
        "How it sums: {parts} = <b>{posted}</b>, the sum of the postings.",
    ),
    "closes_now": (
        "Noch nicht gebucht sind {accrual}; nach heutigem Stand sind es <b>{now}</b>.",
        "Not yet posted: {accrual}; as known today it is <b>{now}</b>.",
    ),
    "close_posting": ("{month}\n{type}", "{month}\n{type}"),
    "close_POSTED": ("Gebucht", "Posted"),
    "close_ACCRUAL": ("Noch nicht gebucht", "Not yet posted"),
    "close_NOW": ("Nach heutigem Stand", "As known today"),
    "amount_axis": ("Betrag (€)", "Amount (€)"),
    "effect": ("Wirkung", "Effect"),
    "known_at": ("Stand der Daten", "Data as of"),
    # -- removals ---------------------------------------------------------------------------------
    "removals_intro": (
        "Storniert oder zu früh abgemeldet: was hinter einer Rückforderung steht, mit der Zeile "
        "des Ereignisses, das sie auslöst. Eine abgeschlossene Periode verliert sie mit dem "
        "nächsten Abschluss.",
        "Cancelled, or deregistered too early: what is behind a claw-back, with the row of the "
        "event that causes it. A closed period loses them with its next close.",
    ),
    "removal_claimed": ("Gemeldet", "Claimed"),
    "removal_by": ("Weggefallen durch", "Taken away by"),
    "removal_on": ("am", "on"),
    # -- lines ------------------------------------------------------------------------------------
    "tiers_title": ("Aus welchen Stufen kommt der Betrag?", "Which tiers make the amount?"),
    "lines_title": ("Bis zur Zeile der Datei", "Down to the row of the file"),
    "lines_none": (
        "Diese Abrechnung hat keine Zeilen: bis zum letzten Abschluss ist kein Fahrzeug geliefert, "
        "das zum Programm passt.",
        "This statement has no lines: up to the last close no vehicle was delivered that fits the "
        "programme.",
    ),
    "lines_sum": (
        "Zeilen: {lines}, davon {zeros} mit 0. Die Summe der Zeilen ist <b>{total}</b>: genau der "
        "Anspruch.",
        "Lines: {lines}, {zeros} of them with 0. The lines sum to <b>{total}</b>: exactly the "
        "entitlement.",
    ),
    "lines_differ": (
        "Zeilen: {lines}, davon {zeros} mit 0. <b>Die Summe der Zeilen ist {total} und nicht der "
        "Anspruch.</b> Bitte melden.",
        "Lines: {lines}, {zeros} of them with 0. <b>The lines sum to {total} and not to the "
        "entitlement.</b> Please report this.",
    ),
    "lines_capped": (
        "Ohne die Obergrenze wären es {amount}.",
        "Without the cap it would be {amount}.",
    ),
    "lines_ask": (
        "Eine Zeile bis zu dem, was geliefert wurde: <code>partnerdw explain {id}</code>, mit der "
        "Kennung am Ende der Zeile. Die Dateien sind die der Datenquelle <code>{feed}</code>.",
        "A line down to what was delivered: <code>partnerdw explain {id}</code>, with the id at "
        "the end of the line. The files are those of the feed <code>{feed}</code>.",
    ),
    "lines_cut": (
        "Gezeigt sind die ersten {limit} von {count}; alle zeigt {command}.",
        "Shown are the first {limit} of {count}; {command} shows all.",
    ),
    "lines_of": ("Zeilen", "Lines"),
    "lines_all": ("alle ({count})", "all ({count})"),
    "lines_paid": ("mit Betrag ({count})", "with an amount ({count})"),
    "lines_zero": ("mit 0 ({count})", "with 0 ({count})"),
    "vehicles": ("Fahrzeuge", "Vehicles"),
    "date": ("Datum", "Date"),
    "vin": ("FIN", "VIN"),
    "basis": ("Basis", "Basis"),
    "amount": ("Betrag", "Amount"),
    "why": ("Warum", "Why"),
    "file": ("Datei", "File"),
    "row": ("Zeile", "Row"),
    "line_id": ("Kennung", "Line id"),
    "sum": ("Summe", "Sum"),
    # -- all programmes ---------------------------------------------------------------------------
    "programs_title": ("Jedes Programm im Zeitverlauf", "Every programme over time"),
    "programs_intro": (
        "Jeder Balken ist eine Periode, so breit wie sie dauert: dunkel ist gebucht, hell noch "
        "nicht. Umrandet ist die Periode dieser Abrechnung. Jedes Programm hat seine eigene Achse.",
        "Each bar is a period, as wide as it lasts: dark is posted, light not yet. The period of "
        "this statement is framed. Each programme has an axis of its own.",
    ),
    "program_total": (
        "<b>{program}</b>: {posted} gebucht, {accrual} noch nicht",
        "<b>{program}</b>: {posted} posted, {accrual} not yet",
    ),
    # -- the outlook ------------------------------------------------------------------------------
    "outlook_title": ("Was ist in offenen Perioden noch drin?", "What can open periods still pay?"),
    "outlook_intro": (
        "Gerechnet zum mittleren Preis der bisher zählenden Fahrzeuge und so, als wäre eine "
        "Bedingung erfüllt; der heutige Betrag nimmt sie, wie sie steht.",
        "Reckoned at the mean price of the vehicles that count so far, and as if a gate were met; "
        "the amount of today takes it as it stands.",
    ),
    "outlook_none": (
        "Keine offene Periode hat schon etwas erreicht.",
        "No open period has reached anything yet.",
    ),
    "outlook_idle": (
        "Offene Perioden, in denen noch nichts erreicht ist: {count}.",
        "Open periods in which nothing is reached yet: {count}.",
    ),
    "outlook_cliff": (
        "<b>Klippe.</b> {program}, {period}: das nächste Fahrzeug ist {value} wert, mehr als ein "
        "mittlerer Listenpreis ({price}). Ein solcher Sprung verleitet dazu, Zulassungen "
        "vorzuziehen.",
        "<b>Cliff.</b> {program}, {period}: the next vehicle is worth {value}, more than a mean "
        "list price ({price}). Such a jump tempts to bring registrations forward.",
    ),
    "outlook_axis": (
        "Erreichter Anteil an der Schwelle der nächsten Stufe",
        "Share of the next tier's threshold reached",
    ),
    "outlook_row": ("{program}\n{period}", "{program}\n{period}"),
    "outlook_units": ("noch {units} Fahrzeuge: {amount}", "{units} vehicles more: {amount}"),
    "outlook_unit": ("noch 1 Fahrzeug: {amount}", "1 vehicle more: {amount}"),
    "outlook_reached": ("Erreicht", "Reached"),
    "outlook_next": ("Nächste Stufe ab", "Next tier from"),
    "outlook_missing": ("Fahrzeuge bis dahin", "Vehicles to it"),
    "outlook_now": ("Betrag heute", "Amount today"),
    "outlook_then": ("Betrag dann", "Amount then"),
    "outlook_one": ("Nächstes Fahrzeug", "Next vehicle"),
    "outlook_gate_missed": (
        "{program}, {period}: die Bedingung ist noch nicht erfüllt, darum ist der Betrag heute 0.",
        "{program}, {period}: the gate is not met so far, so the amount of today is 0.",
    ),
    "outlook_top": ("höchste Stufe erreicht", "highest tier reached"),
    # -- grains -----------------------------------------------------------------------------------
    "grain_mart_incentive_statement": (
        "Händler, Marke, Programm und Periode",
        "dealer, brand, programme and period",
    ),
    "grain_mart_incentive_line": (
        "Fahrzeug oder Festbetrag einer Abrechnung",
        "vehicle or fixed amount of a statement",
    ),
    "grain_mart_incentive_ledger": ("Buchung", "posting"),
    "grain_mart_incentive_removal": (
        "Programm und Fahrzeug, das nicht mehr zählt",
        "programme and vehicle that no longer counts",
    ),
    "grain_mart_incentive_outlook": (
        "Händler, Marke, Programm und offener Periode",
        "dealer, brand, programme and open period",
    ),
}
