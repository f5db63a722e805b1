"""Texts of the notebooks."""

TEXTS: dict[str, tuple[str, str]] = {
    # -- common ---------------------------------------------------------------------------------
    "brand": ("Marke", "Brand"),
    "dealer": ("Händler", "Dealer"),
    "month": ("Monat", "Month"),
    "score": ("Score", "Score"),
    "score_points": ("Score (Punkte)", "Score (points)"),
    "kpi": ("Kennzahl", "KPI"),
    "peer_group": ("Vergleichsgruppe", "Peer group"),
    "rank": ("Rang", "Rank"),
    "of": ("{part} von {whole}", "{part} of {whole}"),
    "unknown": ("unbekannt", "unknown"),
    "no_publication": (
        "<b>Hier ist noch nichts veröffentlicht.</b> Unter <code>{file}</code> liegt keine "
        "Datei. <code>make run</code> lädt, prüft und veröffentlicht; danach die Seite neu laden.",
        "<b>Nothing has been published here yet.</b> There is no file at <code>{file}</code>. "
        "<code>make run</code> loads, checks and publishes; reload this page afterwards.",
    ),
    "no_scores": (
        "<b>Diese Veröffentlichung enthält noch keine Scores.</b> Es fehlen Zeilen in {tables}: "
        "Dazu braucht es gelieferte Händler, Gewichte und Daten eines Monats. Ist die Datei älter "
        "als das Programm, hilft <code>make run</code>.",
        "<b>This publication has no scores yet.</b> There are no rows in {tables}: dealers, "
        "weights and a month's data must have been delivered. If the file is older than the "
        "program, <code>make run</code> helps.",
    ),
    "freshness": (
        "Stand der Daten: <b>{as_of}</b>, veröffentlicht {published_at} (Version {version}).",
        "Data as of <b>{as_of}</b>, published {published_at} (version {version}), time of Germany.",
    ),
    "gate": (
        "Qualitätsprüfung: <b>{result}</b>; {rules} Regeln, {warnings} davon mit Warnung.",
        "Quality gate: <b>{result}</b>; {rules} rules, {warnings} of them with a warning.",
    ),
    "gate_PASSED": ("bestanden", "passed"),
    "gate_PASSED_WITH_WARNINGS": ("bestanden mit Warnungen", "passed with warnings"),
    "gate_NOT_CHECKED": ("nicht geprüft", "not checked"),
    "grain": (
        "<code>{table}</code>: eine Zeile je {grain}.",
        "<code>{table}</code>: one row per {grain}.",
    ),
    "grain_mart_partner_scorecard": (
        "Händler, Marke und Monat",
        "dealer, brand and month",
    ),
    "grain_mart_partner_scorecard_kpi": (
        "Händler, Marke, Monat und Kennzahl",
        "dealer, brand, month and KPI",
    ),
    "grain_mart_market_penetration": (
        "Händler, Marke, Segment und Monat",
        "dealer, brand, segment and month",
    ),
    "last_deliveries": ("Letzte Lieferungen je Datenquelle", "Latest deliveries by feed"),
    "feed": ("Datenquelle", "Feed"),
    "last_delivery": ("letzte Lieferung", "Latest delivery"),
    "unit_POINTS": ("Punkte", "points"),
    "unit_DAYS": ("Tage", "days"),
    "unit_HOURS": ("Stunden", "hours"),
    "side_OEM": ("Hersteller", "Manufacturer"),
    "side_PARTNER": ("Händler", "Dealer"),
    "side_SHARED": ("gemeinsam", "shared"),
    "reason_NO_TARGET": ("kein Ziel vereinbart", "no target agreed"),
    "reason_NO_DATA": ("keine Daten", "no data"),
    "reason_SMALL_SAMPLE": ("zu wenige Beobachtungen", "too few observations"),
    # -- partner scorecard ----------------------------------------------------------------------
    "scorecard_title": ("Partner-Scorecard", "Partner scorecard"),
    "scorecard_subtitle": (
        "Ein Händler, eine Marke, ein Monat: wie der Score entsteht und was ihn hebt",
        "One dealer, one brand, one month: where the score comes from and what lifts it",
    ),
    "tile_change": ("{change} zum Vormonat", "{change} on the month before"),
    "tile_no_change": ("Vormonat ohne Score", "no score the month before"),
    "tile_group": ("in der Vergleichsgruppe {group}", "in peer group {group}"),
    "tile_sides": ("Hersteller / Händler", "Manufacturer / dealer"),
    "tile_diverging": ("auseinander: {gap} Prozentpunkte", "apart: {gap} percentage points"),
    "tile_together": ("im Rahmen: {gap} Prozentpunkte", "in step: {gap} percentage points"),
    "tile_no_sides": ("eine Seite ohne Wert", "one side has no figure"),
    "tile_kpis": ("Gewertete Kennzahlen", "KPIs scored"),
    "tile_missing": ("{count} fehlen", "{count} missing"),
    "no_score": (
        "Für diesen Monat gibt es keinen Score: keine Kennzahl zählt. Die Gründe stehen in der "
        "Tabelle der Kennzahlen.",
        "There is no score for this month: no KPI counts. The table of KPIs gives the reasons.",
    ),
    "why_no_score": ("Warum kein Score?", "Why no score?"),
    "why_title": ("Warum {score} und nicht {reference}?", "Why {score} and not {reference}?"),
    "compare_with": ("Verglichen mit", "Compared with"),
    "compare_target": ("alle Ziele erreicht (100)", "all targets met (100)"),
    "compare_before": ("Vormonat ({score})", "month before ({score})"),
    "compare_best": (
        "Bester der Vergleichsgruppe ({score})",
        "best of the peer group ({score})",
    ),
    "reference_target": ("Alle Ziele erreicht", "All targets met"),
    "reference_before": ("Vormonat", "Month before"),
    "reference_best": ("Bester: {dealer}", "Best: {dealer}"),
    "points_axis": ("Punkte des Scores", "Points of the score"),
    "kind_LOST": ("verloren", "lost"),
    "kind_GAINED": ("gewonnen", "gained"),
    "kind_MISSING": ("fehlt und zählt als 0", "missing, counts as 0"),
    "kind_NOT_COUNTED": ("fehlt und zählt nicht", "missing, not counted"),
    "kind_TOTAL": ("Score", "Score"),
    "change_points": ("Wirkung in Punkten", "Effect in points"),
    "how_it_sums_target": (
        "So summiert es sich: 100 − {lost} verloren + {gained} gewonnen = <b>{score}</b>. Eine "
        "Kennzahl verliert 100 × Gewicht × (1 − Zielerreichung) ÷ {weights}, die Summe der "
        "Gewichte, die zählen; über dem Ziel gewinnt sie. Fehlende Kennzahlen: {zeros} als 0 "
        "gewertet (sie verlieren ihr ganzes Gewicht), {excluded} nicht gewertet (sie fallen aus "
        "beiden Summen). Gerundet wird auf Hundertstel, die Summe bleibt genau.",
        "How it sums: 100 − {lost} lost + {gained} gained = <b>{score}</b>. A KPI loses 100 × "
        "weight × (1 − attainment) ÷ {weights}, the sum of the weights that count; above its "
        "target it gains. Missing KPIs: {zeros} counted as 0 (losing their whole weight), "
        "{excluded} not counted (out of both sums). Rounded to hundredths, the sum stays exact.",
    ),
    "how_it_sums_other": (
        "So summiert es sich: {reference} − {lost} verloren + {gained} gewonnen = <b>{score}</b>. "
        "Gezeigt ist je Kennzahl, wie viel mehr oder weniger sie gegenüber 100 verliert als im "
        "Vergleich. Gerundet wird auf Hundertstel, die Summe bleibt genau.",
        "How it sums: {reference} − {lost} lost + {gained} gained = <b>{score}</b>. Shown for each "
        "KPI is how much more or less it loses against 100 than in the comparison. Rounded to "
        "hundredths, the sum stays exact.",
    ),
    "first_title": ("Was zuerst tun?", "What to do first?"),
    "first_intro": (
        "Die Kennzahlen, die am meisten kosten, geordnet nach dem, was der nächste Schritt bringt.",
        "The KPIs that cost most, in the order of what the next step brings.",
    ),
    "first_nothing": (
        "Jede gewertete Kennzahl erreicht ihr Ziel.",
        "Every KPI that is scored meets its target.",
    ),
    "first_item": (
        "<b>{kpi}: {actual} statt {target}</b>, kostet {lost} Punkte (verantwortlich: {side}). "
        "{step} bringt {gain} Punkte. Schritte bis zum Ziel: {count}.",
        "<b>{kpi}: {actual} instead of {target}</b>, costs {lost} points (owner: {side}). "
        "{step} brings {gain} points. Steps to the target: {count}.",
    ),
    "first_below_floor": (
        "<b>{kpi}: {actual} statt {target}</b>, kostet {lost} Punkte (verantwortlich: {side}). "
        "So weit unter dem Ziel zählt ein einzelner Schritt noch nicht. Schritte bis zum Ziel: "
        "{count} ({step}).",
        "<b>{kpi}: {actual} instead of {target}</b>, costs {lost} points (owner: {side}). That "
        "far below target a single step does not count yet. Steps to the target: {count} ({step}).",
    ),
    "first_missing_zero": (
        "<b>{kpi} fehlt</b> ({reason}) und zählt als 0: kostet {lost} Punkte. {remedy}",
        "<b>{kpi} is missing</b> ({reason}) and counts as 0: costs {lost} points. {remedy}",
    ),
    "remedy_NO_TARGET": (
        "Der Hersteller muss das Ziel liefern.",
        "The manufacturer has to deliver the target.",
    ),
    "remedy_NO_DATA": (
        "Zuerst die Daten liefern.",
        "Deliver the data first.",
    ),
    "remedy_SMALL_SAMPLE": (
        "Es sind {count} Beobachtungen; gewertet wird ab {least}.",
        "There are {count} observations; it is scored from {least} on.",
    ),
    "step": ("Ein Hundertstel des Ziels besser", "A hundredth of the target better"),
    "step_CSI": (
        "Eine Antwort, die um einen Punkt besser ausfällt,",
        "One answer that is better by one point",
    ),
    "step_NPS": (
        "Eine Antwort mit 9 oder 10 statt mit 7 oder 8",
        "One answer of 9 or 10 instead of 7 or 8",
    ),
    "step_MARKET_PENETRATION": (
        "Eine Zulassung der Marke mehr im Gebiet",
        "One more registration of the brand in the territory",
    ),
    "step_SALES_EFFECTIVENESS": (
        "Eine gewertete Zulassung mehr",
        "One more counted registration",
    ),
    "step_REVENUE_GROWTH": (
        "Ein Prozentpunkt mehr Wachstum",
        "One percentage point more of growth",
    ),
    "step_EV_SHARE": (
        "Eine Zulassung, die elektrisch statt mit Verbrenner erfolgt,",
        "One registration that is electric instead of combustion",
    ),
    "step_CLOSING_RATE": (
        "Eine Anfrage mehr, die zum Kauf führt,",
        "One more lead that ends in a sale",
    ),
    "step_LEAD_RESPONSE_24H": (
        "Eine Anfrage mehr, die binnen 24 Stunden beantwortet wird,",
        "One more lead that is answered within 24 hours",
    ),
    "step_RETURN_ON_SALES": (
        "Ein Zehntel Prozentpunkt mehr Rendite",
        "A tenth of a percentage point more of return",
    ),
    "step_SERVICE_ABSORPTION": (
        "Ein Prozentpunkt mehr Fixkostendeckung",
        "One percentage point more of fixed expenses covered",
    ),
    "step_STOCK_DAYS": ("Ein Tag weniger Bestand", "One day less of stock"),
    "step_BRAND_CONSISTENCY": (
        "Eine Rechnung mehr innerhalb der Rabattgrenze",
        "One more invoice within the discount limit",
    ),
    "step_DATA_QUALITY": (
        "Ein Zehntel Prozentpunkt mehr fehlerfreie Zeilen",
        "A tenth of a percentage point more of rows without error",
    ),
    "step_CASE_CYCLE_HOURS": (
        "Eine Stunde weniger im Median",
        "One hour less in the median",
    ),
    "time_title": ("Score im Zeitverlauf", "Score over time"),
    "time_intro": (
        "Der eigene Score und der Median der Vergleichsgruppe; die Fläche reicht vom schwächsten "
        "bis zum besten Händler der Gruppe.",
        "The own score and the median of the peer group; the area spans from the weakest to the "
        "best dealer of the group.",
    ),
    "series_score": ("dieser Händler", "this dealer"),
    "series_peer_median": ("Median der Vergleichsgruppe", "median of the peer group"),
    "heat_title": ("Zielerreichung je Kennzahl", "Attainment by KPI"),
    "heat_intro": (
        "Blau: über dem Ziel, weiß: am Ziel, orange: darunter; × heißt, die Kennzahl fehlt.",
        "Blue: above target, white: on target, orange: below; × means that the KPI is missing.",
    ),
    "attainment": ("Zielerreichung", "Attainment"),
    "peers_title": ("Rang in der Vergleichsgruppe", "Rank in the peer group"),
    "peers_intro": (
        "{group}, {month}: {count} Händler mit Score.",
        "{group}, {month}: {count} dealers with a score.",
    ),
    "peers_cut": (
        " Gezeigt sind die ersten drei und die Nachbarn im Rang.",
        " Shown are the first three and the neighbours in rank.",
    ),
    "sides_title": (
        "Ziehen Hersteller und Händler am selben Strang?",
        "Do manufacturer and dealer pull in the same direction?",
    ),
    "sides_intro": (
        "Gewichtete Zielerreichung der Kennzahlen, die der Hersteller, der Händler oder beide "
        "verantworten. Mehr als 20 Prozentpunkte zwischen Hersteller und Händler gelten als "
        "auseinanderlaufende Ziele.",
        "Weighted attainment of the KPIs that the manufacturer, the dealer or both answer for. "
        "More than 20 percentage points between manufacturer and dealer count as diverging goals.",
    ),
    "divergence_points": (
        "Abstand der Seiten (Prozentpunkte)",
        "Distance of the sides (percentage points)",
    ),
    "diverging_yes": ("auseinander", "diverging"),
    "diverging_no": ("im Rahmen", "in step"),
    "kpis_title": ("Alle Kennzahlen des Monats", "All KPIs of the month"),
    "side": ("Seite", "Side"),
    "actual": ("Ist", "Actual"),
    "target": ("Ziel", "Target"),
    "observations": ("Basis n", "Base n"),
    "weight": ("Gewicht", "Weight"),
    "clipped": ("Gewertete Zielerreichung", "Attainment as scored"),
    "lost_points": ("Verlust", "Lost"),
    "state": ("Stand", "State"),
    "state_SCORED": ("gewertet", "scored"),
    "policy_ZERO": ("zählt als 0", "counts as 0"),
    "policy_EXCLUDE": ("zählt nicht", "not counted"),
    # -- network overview -----------------------------------------------------------------------
    "network_title": ("Netzüberblick", "Network overview"),
    "network_subtitle": (
        "Alle Händler einer Marke in einem Monat: wo das Netz steht und wo hinzusehen ist",
        "All dealers of a brand in a month: where the network stands and where to look",
    ),
    "dealers": ("Händler", "Dealers"),
    "median": ("Median", "Median"),
    "middle_half": ("Mittlere Hälfte der Händler", "Middle half of the dealers"),
    "tile_median": ("Score, Median der Händler", "Score, median of the dealers"),
    "tile_scored": ("Händler mit Score", "Dealers with a score"),
    "tile_missing_rate": ("{rate} der Kennzahlen fehlen", "{rate} of the KPIs are missing"),
    "tile_diverging_dealers": ("Ziele auseinander", "Goals diverging"),
    "tile_diverging_note": (
        "Händler, mehr als 20 Prozentpunkte",
        "dealers, more than 20 percentage points",
    ),
    "tile_effectiveness": ("Vertriebseffektivität", "Sales effectiveness"),
    "tile_effectiveness_note": (
        "{counted} Zulassungen, {expected} erwartet",
        "{counted} registrations, {expected} expected",
    ),
    "look_title": ("Was zuerst ansehen?", "What to look at first?"),
    "look_cost": (
        "<b>{kpi}</b> kostet das Netz am meisten: im Mittel {lost} Punkte je Händler; {part} von "
        "{whole} Händlern bleiben unter dem Ziel.",
        "<b>{kpi}</b> costs the network most: {lost} points per dealer on average; {part} of "
        "{whole} dealers stay below target.",
    ),
    "look_fallen": (
        "<b>{dealer}</b> ist am stärksten gefallen: um {change} auf {score} Punkte.",
        "<b>{dealer}</b> fell most: by {change} to {score} points.",
    ),
    "look_apart": (
        "Bei {part} von {whole} Händlern laufen die Ziele auseinander, am weitesten bei "
        "<b>{dealer}</b>: Hersteller {oem}, Händler {partner}.",
        "At {part} of {whole} dealers the goals diverge, most at <b>{dealer}</b>: manufacturer "
        "{oem}, dealer {partner}.",
    ),
    "look_behind": (
        "Im Segment <b>{segment}</b> verkauft das Netz am weitesten unter der Erwartung: "
        "{counted} Zulassungen, {expected} erwartet.",
        "In segment <b>{segment}</b> the network sells furthest below expectation: {counted} "
        "registrations, {expected} expected.",
    ),
    "look_missing": (
        "<b>{kpi}</b> fehlt am häufigsten: bei {count} Händlern ({reason}).",
        "<b>{kpi}</b> is missing most often: at {count} dealers ({reason}).",
    ),
    "look_nothing": ("Nichts fällt auf.", "Nothing stands out."),
    "network_time_title": ("Scores im Zeitverlauf", "Scores over time"),
    "network_time_intro": (
        "Median aller Händler der Marke; die Fläche umfasst die mittlere Hälfte.",
        "Median of all dealers of the brand; the area holds the middle half of them.",
    ),
    "costs_title": (
        "Wo verliert das Netz Punkte?",
        "Where does the network lose points?",
    ),
    "costs_intro": (
        "Was jede Kennzahl im Mittel kostet, gemessen an 100 (alle Ziele erreicht); links der Null "
        "gewinnt sie. Die Verluste summieren sich zu 100 minus dem mittleren Score des Netzes.",
        "What each KPI costs on average, measured from 100 (all targets met); left of zero it "
        "gains. The losses sum to 100 minus the network's mean score.",
    ),
    "mean_lost_axis": (
        "Verlorene Punkte, Mittel der Händler",
        "Points lost, mean of the dealers",
    ),
    "losing_dealers": ("Händler mit Verlust", "Dealers losing points"),
    "places_title": ("Nach Land und Kreis", "By state and district"),
    "places_intro": (
        "Median der Händler nach ihrem Sitz, die niedrigsten zuerst; in Klammern die Zahl der "
        "Händler.",
        "Median of the dealers by where they sit, lowest first; the number of dealers in brackets.",
    ),
    "places_cut": (
        " Gezeigt sind die {limit} niedrigsten von {count}.",
        " Shown are the {limit} lowest of {count}.",
    ),
    "places": ("Ort", "Place"),
    "by_state": ("Länder", "States"),
    "by_district": ("Kreise", "Districts"),
    "measure": ("Größe", "Measure"),
    "measure_score": ("Score", "Score"),
    "measure_MARKET_PENETRATION": ("Marktdurchdringung", "Market penetration"),
    "measure_SALES_EFFECTIVENESS": ("Vertriebseffektivität", "Sales effectiveness"),
    "effectiveness": ("Vertriebseffektivität", "Sales effectiveness"),
    "median_of_dealers": ("{measure}, Median der Händler", "{measure}, median of the dealers"),
    "spread_title": ("Verteilung der Scores", "How the scores are spread"),
    "spread_intro": (
        "Zuerst die Zahl der Händler je fünf Punkte, dann jeder Händler in seiner "
        "Vergleichsgruppe; der Strich ist der Median.",
        "First the number of dealers by five points, then each dealer in its peer group; the "
        "stroke is the median.",
    ),
    "from": ("ab", "from"),
    "below": ("unter", "below"),
    "ranking_title": ("Rangliste der Vergleichsgruppe", "Ranking of the peer group"),
    "change": ("Zum Vormonat", "On month before"),
    "side_OEM_short": ("Herstellerseite", "Manufacturer side"),
    "side_PARTNER_short": ("Händlerseite", "Dealer side"),
    "goals": ("Ziele", "Goals"),
    "missing": ("Fehlende KPIs", "Missing KPIs"),
    "district": ("Kreis", "District"),
    "network_sides_intro": (
        "Jeder Punkt ist ein Händler. Zwischen den Linien liegen beide Seiten höchstens 20 "
        "Prozentpunkte auseinander.",
        "Each dot is a dealer. Between the lines the two sides are at most 20 percentage points "
        "apart.",
    ),
    "attainment_OEM": ("Zielerreichung Herstellerseite", "Attainment, manufacturer's side"),
    "attainment_PARTNER": ("Zielerreichung Händlerseite", "Attainment, dealer's side"),
    "diverging_share": (
        "Händler mit auseinanderlaufenden Zielen",
        "Dealers with diverging goals",
    ),
    "market_title": ("Markt nach Segment", "Market by segment"),
    "market_intro": (
        "Marktanteil der Marke in den Gebieten der Händler, der Strich ist ihr Anteil im ganzen "
        "Markt; daneben gewertete Zulassungen gegen das, was dieser Anteil erwarten lässt. "
        "Gehört ein Kreis mehreren Händlern, zählt er bei jedem.",
        "Share of the brand in the dealers' territories, the stroke is its share in the whole "
        "market; beside it counted registrations against what that share lets expect. A district "
        "that several dealers hold counts for each.",
    ),
    "no_market": (
        "Für diesen Monat sind keine Marktdaten geliefert.",
        "No market data has been delivered for this month.",
    ),
    "segment": ("Segment", "Segment"),
    "units": ("Einheiten", "Units"),
    "share_in_territories": ("Anteil in den Gebieten", "Share in the territories"),
    "share_in_network": ("Anteil im ganzen Markt", "Share in the whole market"),
    "effectiveness_axis": (
        "Zulassungen gegen Erwartung (100 % = wie erwartet)",
        "Registrations against expectation (100% = as expected)",
    ),
    "missing_title": ("Wo fehlen Daten, und warum?", "Where is data missing, and why?"),
    "missing_intro": (
        "Fehlende Kennzahlen des Monats nach Grund, daneben die Zahl im Zeitverlauf.",
        "Missing KPIs of the month by reason, beside it their number over time.",
    ),
    "nothing_missing": ("Keine Kennzahl fehlt.", "No KPI is missing."),
    "missing_figures": ("Fehlende Kennzahlen (Anzahl)", "Missing KPIs (count)"),
    "reason": ("Grund", "Reason"),
    "state_01": ("Schleswig-Holstein", "Schleswig-Holstein"),
    "state_02": ("Hamburg", "Hamburg"),
    "state_03": ("Niedersachsen", "Lower Saxony"),
    "state_04": ("Bremen", "Bremen"),
    "state_05": ("Nordrhein-Westfalen", "North Rhine-Westphalia"),
    "state_06": ("Hessen", "Hesse"),
    "state_07": ("Rheinland-Pfalz", "Rhineland-Palatinate"),
    "state_08": ("Baden-Württemberg", "Baden-Württemberg"),
    "state_09": ("Bayern", "Bavaria"),
    "state_10": ("Saarland", "Saarland"),
    "state_11": ("Berlin", "Berlin"),
    "state_12": ("Brandenburg", "Brandenburg"),
    "state_13": ("Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania"),
    "state_14": ("Sachsen", "Saxony"),
    "state_15": ("Sachsen-Anhalt", "Saxony-Anhalt"),
    "state_16": ("Thüringen", "Thuringia"),
}
