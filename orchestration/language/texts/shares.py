"""Texts of a dealer's own page; what notebooks and reviews say already is said in their words."""

TEXTS: dict[str, tuple[str, str]] = {
    "share_for": ("{dealer_id} · {brands}", "{dealer_id} · {brands}"),
    "share_for_none": (
        "{dealer_id} · für keine Marke unter Vertrag",
        "{dealer_id} · under contract for no brand",
    ),
    "share_only": (
        "Diese Seite und die Datei <code>partner_marts.duckdb</code> daneben enthalten nur Ihre "
        "eigenen Zahlen und solche des ganzen Netzes.",
        "This page and the file <code>partner_marts.duckdb</code> beside it hold only figures of "
        "your own and of the network as a whole.",
    ),
    # -- at a glance ------------------------------------------------------------------------------
    "share_now": ("Was jetzt ansteht", "What needs you now"),
    "share_now_nothing": ("Im Moment drängt nichts.", "Nothing presses at the moment."),
    "share_now_first": (
        "<b>Score</b> {score}: am meisten bringt {kpi} (kostet {lost} Punkte).",
        "<b>Score</b> {score}: {kpi} brings most (costs {lost} points).",
    ),
    "share_now_missing": (
        "Kennzahlen ohne Wert aus Mangel an Daten: <b>{names}</b>.",
        "KPIs without a figure for want of data: <b>{names}</b>.",
    ),
    "share_now_clawback": (
        "Der Abschluss für {month} hat <b>{amount}</b> zurückgefordert.",
        "The close of {month} has clawed back <b>{amount}</b>.",
    ),
    "share_now_tier": (
        "{program}, {period}: bis zur nächsten Stufe fehlen <b>{units}</b> Fahrzeuge; der Betrag "
        "steigt dann von {now} auf {then}.",
        "{program}, {period}: <b>{units}</b> vehicles short of the next tier; the amount then "
        "rises from {now} to {then}.",
    ),
    "share_now_arrears": (
        "Refinanzierung {investment}: <b>{amount}</b> im Rückstand.",
        "Refinancing {investment}: <b>{amount}</b> in arrears.",
    ),
    "share_now_actions": (
        "Überfällige Maßnahmen: bei Ihnen <b>{own}</b>, beim Hersteller {oem}.",
        "Overdue actions: <b>{own}</b> of yours, {oem} of the manufacturer.",
    ),
    "share_now_standard": (
        "Standard {standard} {version} gilt ohne Ihren Widerspruch ab <b>{day}</b>.",
        "Standard {standard} {version} applies from <b>{day}</b> unless you object.",
    ),
    "share_now_quality": (
        "Regeln der Datenqualität unter dem Ziel: <b>{count}</b> von {whole}.",
        "Rules of data quality below their target: <b>{count}</b> of {whole}.",
    ),
    # -- who --------------------------------------------------------------------------------------
    "share_brand": ("Marke {brand}", "Brand {brand}"),
    "share_contract": (
        "Vertragsmodell {model}, Vergleichsgruppe {group}, offen seit {opened}.",
        "Contract model {model}, peer group {group}, open since {opened}.",
    ),
    "share_publication": ("Veröffentlichung", "Publication"),
    "share_who": ("Händler", "Dealer"),
    "share_closed": ("Geschlossen nach dem {day}.", "Closed after {day}."),
    # -- score ------------------------------------------------------------------------------------
    "share_score": ("Score", "Score"),
    "share_score_of": ("Score im {month}", "Score of {month}"),
    "share_score_none": (
        "Für diese Marke gibt es noch keinen Monat mit Kennzahlen.",
        "There is no month with KPIs for this brand yet.",
    ),
    "share_score_chart": (
        "Score je Monat; gestrichelt der Median der Vergleichsgruppe im Quartal, wo sie groß genug "
        "ist.",
        "Score by month; dashed the quarter's median of the peer group where it is large enough.",
    ),
    "share_kpi_effect": ("Wirkung", "Effect"),
    "share_kpi_points": ("Punkte", "Points"),
    "share_kpi_points_of": ("von {weight}", "of {weight}"),
    "share_kpi_base": ("n = {count}, verantwortlich: {side}", "n = {count}, owner: {side}"),
    "share_kpi_how": (
        "Punkte sind Gewicht × gewertete Zielerreichung; Verlust ist, was davon im Score fehlt "
        "(über dem Ziel ein Gewinn).",
        "Points are weight × attainment as scored; lost is what the score lacks for it (above "
        "target a gain).",
    ),
    "share_kpi_gain": ("Gewinn {points}", "gain {points}"),
    "share_kpi_lost": ("Verlust {points}", "lost {points}"),
    # -- incentives -------------------------------------------------------------------------------
    "share_incentives": ("Boni", "Incentives"),
    "share_incentives_none": (
        "Für diese Marke gibt es keine Bonusabrechnung.",
        "There is no incentive statement for this brand.",
    ),
    "share_incentives_of": (
        "Perioden der zwölf Monate bis {month}. Zu jeder Zeile erklärt der Befehl "
        "<code>partnerdw explain</code> mit ihrer Kennung den Weg bis zur gelieferten Datei.",
        "Periods of the twelve months up to {month}. For each row the command "
        "<code>partnerdw explain</code> with its id tells the way down to the delivered file.",
    ),
    "share_12_months": ("zwölf Monate", "twelve months"),
    "share_to_be_paid": ("Zahlung steht an", "Payment to come"),
    "share_to_be_paid_note": (
        "gebucht, fällig nach dem {day}",
        "posted, due after {day}",
    ),
    "share_taken_back": ("Zurückgefordert", "Clawed back"),
    "share_taken_back_note": ("Rückforderungen: {count}", "claw-backs: {count}"),
    "share_tier_reached": ("Stufe {number}", "tier {number}"),
    "share_tier_none": ("keine Stufe", "no tier"),
    "share_gate_missed": ("Bedingung nicht erfüllt", "gate not met"),
    "share_id": ("Kennung", "Id"),
    "share_sum": ("Summe", "Sum"),
    "share_open_period": ("offen", "open"),
    "share_due": ("fällig {day}", "due {day}"),
    "share_posted_chart": (
        "Was die Abschlüsse der letzten zwölf Monate gebucht haben",
        "What the closes of the last twelve months have posted",
    ),
    "share_changes": (
        "Korrekturen und Rückforderungen",
        "Adjustments and claw-backs",
    ),
    "share_changes_none": (
        "In diesen zwölf Monaten wurde nichts korrigiert oder zurückgefordert.",
        "Nothing has been adjusted or clawed back in these twelve months.",
    ),
    "share_changes_intro": (
        "Was ein Abschluss an einer früheren Periode geändert hat.",
        "What a close has changed of an earlier period.",
    ),
    "share_changes_sums": (
        "Die {count} älteren zusammen: {amount}.",
        "The {count} older ones together: {amount}.",
    ),
    "share_close": ("Abschluss", "Close"),
    "share_removed": (
        "Fahrzeuge, die dafür wegfielen: {count}",
        "vehicles that no longer count: {count}",
    ),
    "share_tiers": ("Bis zur nächsten Stufe", "To the next tier"),
    "share_tier_progress": (
        "{value} von {threshold} erreicht",
        "{value} of {threshold} reached",
    ),
    "share_tier_top": ("höchste Stufe erreicht ({value})", "highest tier reached ({value})"),
    "share_tier_money": (
        "heute {now}, mit der nächsten Stufe {then}",
        "{now} today, {then} with the next tier",
    ),
    "share_tier_money_now": ("heute {now}", "{now} today"),
    "share_tier_units": (
        "noch {units} Fahrzeuge, das nächste ist {one} wert",
        "{units} vehicles to go, the next one is worth {one}",
    ),
    "share_tier_unit": (
        "noch 1 Fahrzeug, es ist {one} wert",
        "1 vehicle to go, it is worth {one}",
    ),
    "share_tier_units_only": ("noch {units} Fahrzeuge", "{units} vehicles to go"),
    "share_cliff": (
        "Klippe: das nächste Fahrzeug ist mehr wert als ein mittlerer Listenpreis.",
        "Cliff: the next vehicle is worth more than a mean list price.",
    ),
    # -- refinancing ------------------------------------------------------------------------------
    "share_refinancing": ("Refinanzierung", "Refinancing"),
    "share_refinancing_none": (
        "Für diese Marke ist keine Investition angenommen.",
        "No investment has been accepted for this brand.",
    ),
    "share_refused": (
        "Abgelehnt: {investment} über {amount}. {reason}",
        "Refused: {investment} for {amount}. {reason}",
    ),
    "share_next_due": ("Nächste Rate", "Next instalment"),
    "share_next_due_none": ("keine mehr nach Plan", "none left in the plan"),
    "share_next_due_on": ("am {day} laut Plan", "on {day} by the plan"),
    "share_next_due_ended": ("nichts mehr offen", "nothing is owed any more"),
    "share_plan_MORE": (
        "{difference} mehr offen als geplant",
        "{difference} more owed than planned",
    ),
    "share_plan_LESS": (
        "{difference} weniger offen als geplant",
        "{difference} less owed than planned",
    ),
    "share_plan_EVEN": ("genau wie geplant", "exactly as planned"),
    "share_plan_chart": (
        "Offener Betrag am Monatsende: durchgezogen wie gekommen, gestrichelt wie geplant",
        "Owed at each month's end: solid as it came, dashed as planned",
    ),
    "share_last_months": (
        "Die letzten {count} Monate",
        "The last {count} months",
    ),
    "share_planned_rest": ("Offen laut Plan", "Owed by the plan"),
    "share_corrected": (
        "Abschlüsse, die frühere Monate korrigiert haben: {count} (mart_refinancing_correction).",
        "Closes that corrected earlier months: {count} (mart_refinancing_correction).",
    ),
    "share_shared": ("Gemeinschaftsprogramme", "Shared programmes"),
    "share_shared_gain": ("Zugewinn je € Anteil", "Gain for each € of the share"),
    # -- cases ------------------------------------------------------------------------------------
    "share_cases": ("Servicefälle", "Service requests"),
    "share_cases_none": (
        "Kein Servicefall ist offen.",
        "No service request is open.",
    ),
    "share_cases_cut": (
        "Gezeigt sind {shown} von {count}; alle stehen in <code>mart_case_routing</code>.",
        "Shown are {shown} of {count}; all are in <code>mart_case_routing</code>.",
    ),
    "share_case": ("Fall", "Request"),
    "share_opened": ("Eröffnet", "Opened"),
    "share_waiting": ("offen seit {age}", "open for {age}"),
    "share_case_elsewhere": (
        "Nummer in <code>case_id</code>",
        "number in <code>case_id</code>",
    ),
    "share_owner_OWN": ("Sie", "you"),
    "share_owner_AMBIGUOUS": (
        "Sie; gleichrangige Regeln nennen auch andere",
        "you; rules of equal rank name others, too",
    ),
    "share_owner_STRAYED": (
        "ein anderer Händler: abgeben (an wen, steht in <code>responsible_party</code>)",
        "another dealer: hand over (to whom is in <code>responsible_party</code>)",
    ),
    "share_owner_OEM": (
        "der Hersteller: keine Regel passt",
        "the manufacturer: no rule fits",
    ),
    "share_owner_ELSEWHERE": (
        "Sie; liegt bei einem anderen Händler",
        "you; lies with another dealer",
    ),
    "share_case_due": ("Frist", "Target"),
    "share_case_late": ("verletzt", "missed"),
    "share_case_in_time": ("nicht verletzt", "not missed"),
    # -- agreements -------------------------------------------------------------------------------
    "share_agreements": ("Vereinbarungen", "Agreements"),
    "share_standards_title": ("Standards, die noch nicht gelten", "Standards not in force yet"),
    "share_in_force": ("In Kraft: {names}.", "In force: {names}."),
    # -- data quality -----------------------------------------------------------------------------
    "share_quality": ("Datenqualität", "Data quality"),
    "share_quality_none": (
        "Von Ihnen ist noch nichts gemessen worden.",
        "Nothing of yours has been measured yet.",
    ),
    "share_quality_of": (
        "Ihre Lieferungen der drei Monate bis {month}, gemessen an den Regeln der Akademie.",
        "Your deliveries of the three months up to {month}, measured by the rules of the academy.",
    ),
    "share_quality_below": ("unter Ziel", "below target"),
    "share_quality_rate": ("Bestanden", "Passed"),
    "share_quality_worst": (
        "Was am meisten stört, und was hilft",
        "What hurts most, and what helps",
    ),
    "share_quality_all_met": (
        "Alle Regeln erreichen ihr Ziel.",
        "All rules meet their targets.",
    ),
    "share_quality_rule": (
        "{rate} bestanden (Ziel {target}), betroffene Zeilen: {rows}",
        "{rate} passed (target {target}), rows affected: {rows}",
    ),
    "share_quality_kept": (
        "Im selben Zeitraum stehen {quarantined} von {delivered} gelieferten Zeilen in "
        "Quarantäne; ganz abgewiesene Dateien: {files}.",
        "In the same time {quarantined} of {delivered} rows delivered are in quarantine; files "
        "rejected whole: {files}.",
    ),
    "share_courses": ("Kurse, die helfen", "Courses that help"),
    "now_feed_dealer__actions": ("Maßnahmen", "Actions"),
    "now_feed_dealer__campaign_changes": ("Kampagnenänderungen", "Campaign changes"),
    "now_feed_dealer__it_assessments": ("IT-Bewertungen", "IT assessments"),
    "now_feed_dealer__local_campaigns": ("Lokale Kampagnen", "Local campaigns"),
    "now_feed_dealer__meetings": ("Wochengespräche", "Weekly meetings"),
    "now_feed_dealer__module_adoptions": ("Module", "Modules"),
    "now_feed_dealer__pulse_surveys": ("Befragung der Händler", "Dealer survey"),
    "now_feed_dealer__staff": ("Mitarbeitende", "Staff"),
    # -- sources ----------------------------------------------------------------------------------
    "share_sources": ("Woher diese Zahlen kommen", "Where these figures come from"),
    "share_sources_intro": (
        "Tabellen und Spalten in <code>partner_marts.duckdb</code>; was eine Spalte sagt, "
        "erscheint, wenn man auf sie zeigt, und steht dort als ihr Kommentar (englisch).",
        "Tables and columns in <code>partner_marts.duckdb</code>; what a column says appears when "
        "you point at it, and is there as its comment.",
    ),
}
