"""Texts of incentives in words: rules, statements, lines, postings."""

TEXTS: dict[str, tuple[str, str]] = {
    # -- the rule -------------------------------------------------------------------------------
    "explain_rule": (
        "Gemessen: {measure}. Gezahlt: {basis}. Stufen: {mode}.",
        "Measured: {measure}. Paid: {basis}. Tiers: {mode}.",
    ),
    "measure_UNITS_REGISTERED": ("zugelassene Fahrzeuge", "vehicles registered"),
    "measure_UNITS_INVOICED": ("fakturierte Fahrzeuge", "vehicles invoiced"),
    "measure_REVENUE_NET": ("Nettoumsatz", "net revenue"),
    "measure_TARGET_ATTAINMENT": ("Zielerreichung", "attainment of the target"),
    "measure_KPI": ("Kennzahl {kpi}", "KPI {kpi}"),
    "basis_EUR_PER_UNIT": ("Betrag je Fahrzeug", "amount per vehicle"),
    "basis_RATE_OF_LIST_PRICE": ("Anteil am Listenpreis", "share of the list price"),
    "basis_RATE_OF_NET_PRICE": ("Anteil am Nettopreis", "share of the net price"),
    "basis_FIXED_EUR": ("fester Betrag", "fixed amount"),
    "mode_RETROACTIVE": (
        "die höchste erreichte gilt für alle Fahrzeuge der Periode",
        "the highest reached holds for all vehicles of the period",
    ),
    "mode_MARGINAL": (
        "jedes Fahrzeug nach der Stufe, in die es fällt",
        "each vehicle by the tier that it falls into",
    ),
    "mode_LINEAR": (
        "zwischen den Stufen linear",
        "linear between the tiers",
    ),
    "explain_tier": (
        "Stufe {number}: ab {threshold}: {rate}",
        "Tier {number}: from {threshold}: {rate}",
    ),
    "explain_gate": (
        "Bedingung: {kpi} mindestens {minimum}",
        "Gate: {kpi} at least {minimum}",
    ),
    "explain_strong_market": (
        "Bedingung: starker Markt (regionaler Index mindestens 1,1)",
        "Gate: strong market (regional index 1.1 or more)",
    ),
    "explain_cap": ("Obergrenze je Periode: {cap}", "Cap per period: {cap}"),
    "explain_grace": (
        "Storno bis {grace} Tage nach Periodenende: das Fahrzeug zählt nicht mehr",
        "Cancelled within {grace} days after the period: the vehicle no longer counts",
    ),
    "explain_hold": (
        "Abmeldung oder Storno bis {hold} Tage nach {type}: das Fahrzeug zählt nicht mehr",
        "Deregistered or cancelled within {hold} days of {type}: the vehicle no longer counts",
    ),
    "explain_hold_REGISTRATION": ("der Zulassung", "registration"),
    "explain_hold_INVOICE": ("der Rechnung", "the invoice"),
    "explain_approved": (
        "Freigegeben von {one} und {other}, angekündigt am {announced}, gültig ab {valid}",
        "Approved by {one} and {other}, announced on {announced}, valid from {valid}",
    ),
    # -- the statement ----------------------------------------------------------------------------
    "explain_statement": ("Abrechnung {id}", "Statement {id}"),
    "explain_whose": (
        "{dealer}, Marke {brand}: {program}, Version {version}, {period}",
        "{dealer}, brand {brand}: {program}, version {version}, {period}",
    ),
    "period_MONTH": ("{month}", "{month}"),
    "period_QUARTER": ("{quarter}. Quartal {year}", "quarter {quarter} of {year}"),
    "period_YEAR": ("Jahr {year}", "year {year}"),
    "explain_reached": ("Erreicht: {value}, {tier}", "Reached: {value}, {tier}"),
    "explain_reached_tier": ("Stufe {number}", "tier {number}"),
    "explain_no_tier": ("keine Stufe", "no tier"),
    "explain_target": (
        "Ziel: {target} Fahrzeuge, davon gezählt: {units}",
        "Target: {target} vehicles, counted: {units}",
    ),
    "explain_lines": (
        "{lines} Zeilen, {units} zählende Fahrzeuge; Summe der Zeilen {total}",
        "{lines} lines, {units} vehicles that count; sum of the lines {total}",
    ),
    "explain_money": (
        "Anspruch {entitlement}, gebucht {posted}, noch nicht gebucht {accrual}",
        "Entitlement {entitlement}, posted {posted}, not yet posted {accrual}",
    ),
    "explain_due": ("Fällig am {day}", "Due on {day}"),
    "status_OPEN": ("Periode offen: nichts ist gebucht", "period open: nothing is posted"),
    "status_SETTLED": ("Periode abgeschlossen", "period closed"),
    # -- postings ---------------------------------------------------------------------------------
    "explain_postings": ("Buchungen", "Postings"),
    "explain_no_postings": ("Keine Buchung.", "No posting."),
    "posting_SETTLEMENT": ("Abrechnung", "Settlement"),
    "posting_ADJUSTMENT": ("Korrektur", "Adjustment"),
    "posting_CLAWBACK": ("Rückforderung", "Claw-back"),
    "explain_known_at": ("nach dem Stand vom {instant}", "as known on {instant}"),
    # -- lines ------------------------------------------------------------------------------------
    "explain_line": ("Zeile {id}", "Line {id}"),
    "explain_units": ("Fahrzeuge", "Vehicles"),
    "explain_reckoned": ("{rate} auf {basis}: {amount}", "{rate} of {basis}: {amount}"),
    "explain_fixed": ("fester Betrag: {amount}", "fixed amount: {amount}"),
    "explain_per_unit": ("je Fahrzeug: {amount}", "per vehicle: {amount}"),
    "explain_capped": ("nach Obergrenze {amount}", "{amount} after the cap"),
    "zero_DUPLICATE_VIN": (
        "0: dieses Fahrzeug hat ein anderer zuerst gemeldet",
        "0: somebody else claimed this vehicle first",
    ),
    "zero_SELF_REGISTRATION": ("0: Eigenzulassung", "0: registered to dealer or OEM"),
    "zero_GATE_NOT_MET": ("0: Bedingung nicht erfüllt", "0: gate not met"),
    "zero_BELOW_FIRST_TIER": ("0: unter der ersten Stufe", "0: below the first tier"),
    "explain_event": (
        "{type} am {day}, FIN {vin}, Ereignis {event}",
        "{type} on {day}, VIN {vin}, event {event}",
    ),
    "event_REGISTRATION": ("Zulassung", "Registration"),
    "event_INVOICE": ("Rechnung", "Invoice"),
    "event_CANCELLATION": ("Storno", "Cancellation"),
    "event_DEREGISTRATION": ("Abmeldung", "Deregistration"),
    "explain_removals": ("Nicht mehr gezählte Fahrzeuge", "Vehicles that no longer count"),
    "explain_removal": (
        "FIN {vin} vom {claimed}: {type} am {ended}, {row}",
        "VIN {vin} of {claimed}: {type} on {ended}, {row}",
    ),
    "explain_row": (
        "Datei {file}, Datenzeile {row}",
        "file {file}, data row {row}",
    ),
    "explain_delivered": (
        "geliefert von {sender} am {instant}",
        "delivered by {sender} on {instant}",
    ),
    "explain_as_delivered": ("So geliefert", "As it was delivered"),
    "explain_more": (
        "{count} weitere mit --all, alle mit --json",
        "{count} more with --all, all with --json",
    ),
    "explain_column_id": ("Abrechnung", "Statement"),
    "explain_column_program": ("Programm", "Programme"),
    "explain_column_from": ("Periode ab", "Period from"),
    "explain_column_entitlement": ("Anspruch", "Entitlement"),
    "explain_column_posted": ("gebucht", "posted"),
    "explain_list": (
        "Jüngste Abrechnungen; `partnerdw explain KENNUNG` erklärt eine davon",
        "Newest statements; `partnerdw explain ID` explains one of them",
    ),
    "explain_nothing": (
        "In dieser Veröffentlichung steht keine Abrechnung",
        "This publication holds no statement",
    ),
}
