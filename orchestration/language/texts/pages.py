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
    # -- refinancing ----------------------------------------------------------------------------
    "refi_title": ("Refinanzierung der Investitionen", "Refinancing of investments"),
    "refi_subtitle": (
        "Wie geplant und wie gekommen: was Boni tilgen, wer zurückfällt, wem die Reserven fehlen",
        "Planned and happened: what bonuses repay, who falls behind, who lacks reserves",
    ),
    "refi_nothing": (
        "<b>Diese Veröffentlichung enthält keine Investitionen.</b> Es fehlen Zeilen in {tables}. "
        "Sie kommen mit <code>oem__showroom_investments</code>, "
        "<code>oem__shared_programs</code> und den Büchern der Händler. Ist die Datei älter als "
        "das Programm, hilft <code>make run</code>.",
        "<b>This publication has no investments.</b> There are no rows in {tables}. They come with "
        "<code>oem__showroom_investments</code>, <code>oem__shared_programs</code> and the "
        "dealers' books. If the file is older than the program, <code>make run</code> helps.",
    ),
    "refi_all_brands": ("alle Marken", "all brands"),
    "refi_thousands": ("Tausend €", "Thousand €"),
    "refi_no_investment": (
        "Für diese Auswahl ist keine Investition angenommen; Pläne und Salden gibt es nicht.",
        "No investment has been accepted for this choice; there are no plans and balances.",
    ),
    "refi_look_arrears": (
        "<b>{dealer}</b> ist am weitesten im Rückstand: {amount} bei {investment}, das sind {rate} "
        "aller Rückstände.",
        "<b>{dealer}</b> is furthest behind: {amount} on {investment}, {rate} of all arrears.",
    ),
    "refi_look_endless": (
        "Im Tempo der letzten 6 Monate nie getilgt (Investitionen: {count}): zusammen sind "
        "<b>{amount}</b> offen, das meiste bei {dealer}.",
        "Never repaid at the pace of the last 6 months (investments: {count}): together they owe "
        "<b>{amount}</b>, {dealer} most.",
    ),
    "refi_look_broke": (
        "Partner, denen die Reserven für den Eigenanteil fehlen, der noch kommt: {count}; am "
        "meisten fehlt es bei <b>{dealer}</b>: {open} stehen an, der Puffer ist {buffer}.",
        "Partners without the reserves for an up-front share still to come: {count}; most is at "
        "stake at <b>{dealer}</b>: {open} to be paid, the buffer is {buffer}.",
    ),
    "refi_look_corrected": (
        "Investitionen, deren Monate nachträglich korrigiert sind: {count}; am häufigsten bei "
        "<b>{dealer}</b> (Abschlüsse mit Korrektur: {times}).",
        "Investments whose months were corrected afterwards: {count}; most often at "
        "<b>{dealer}</b> (closes with a correction: {times}).",
    ),
    "refi_look_refused": (
        "Abgelehnte Investitionen: {count} über zusammen {amount}, die größte von <b>{dealer}</b>.",
        "Refused investments: {count} for {amount} in all, the largest of <b>{dealer}</b>.",
    ),
    "refi_outstanding": ("Offener Betrag", "Outstanding"),
    "refi_repaid_of": ("{rate} von {amount} getilgt", "{rate} of {amount} repaid"),
    "refi_arrears": ("Rückstand", "Arrears"),
    "refi_arrears_of": (
        "bei {part} von {whole} offenen Investitionen",
        "on {part} of {whole} open investments",
    ),
    "refi_balloon": ("Erwarteter Rest", "Expected balloon"),
    "refi_balloon_note": (
        "am geplanten Ende, im Tempo der letzten 6 Monate",
        "at the planned end, at the pace of the last 6 months",
    ),
    "refi_cash": ("Bar eingefordert", "Cash called"),
    "refi_cash_note": ("neben {amount} verdienten Boni", "besides {amount} of bonuses earned"),
    "refi_planned": ("wie geplant", "as planned"),
    "refi_happened": ("wie gekommen", "as it came"),
    "refi_projected": ("im Tempo der letzten 6 Monate", "at the pace of the last 6 months"),
    "refi_balance_MORE": (
        "Ende {month}: {amount} offen, {difference} mehr als geplant",
        "End of {month}: {amount} owed, {difference} more than planned",
    ),
    "refi_balance_LESS": (
        "Ende {month}: {amount} offen, {difference} weniger als geplant",
        "End of {month}: {amount} owed, {difference} less than planned",
    ),
    "refi_balance_EVEN": (
        "Ende {month}: {amount} offen, genau wie geplant",
        "End of {month}: {amount} owed, exactly as planned",
    ),
    "refi_balance_DONE": (
        "Seit {month} ist nichts mehr offen; geplant war {planned}",
        "Nothing is owed since {month}; planned was {planned}",
    ),
    "refi_balance_NONE": (
        "Noch ist kein Monat abgeschlossen: der Plan",
        "No month has been closed yet: the plan",
    ),
    "refi_network_intro": (
        "Offener Betrag aller angenommenen Investitionen am Monatsende; jede zählt ab dem Monat "
        "ihres Beginns.",
        "What is owed on all accepted investments at each month's end; each counts from the month "
        "of its start.",
    ),
    "refi_apart": (
        "Hinter dem Plan: {behind} (Investitionen: {behind_count}), vor dem Plan: {ahead} "
        "({ahead_count}).",
        "Behind the plan: {behind} (investments: {behind_count}), ahead of it: {ahead} "
        "({ahead_count}).",
    ),
    "refi_not_begun": (
        "Noch nicht begonnen, also nur im Plan: {count} über {amount}.",
        "Not begun yet and so only in the plan: {count} for {amount}.",
    ),
    "refi_millions": ("{amount} Mio. €", "{amount} million €"),
    "refi_exactly": ("{amount}; {note}", "{amount}; {note}"),
    "refi_use_title": (
        "{rate} der Boni haben getilgt; {cash} mussten die Händler bar zahlen",
        "{rate} of the bonuses repaid debt; {cash} the dealers had to pay in cash",
    ),
    "refi_use_intro": (
        "Von {earned} Boni gingen {applied} in fällige Raten, {prepaid} in spätere Raten und "
        "{paid_out} an die Händler. Unter der Linie steht, was kein Bonus deckte.",
        "Of {earned} of bonuses {applied} went into instalments due, {prepaid} into later ones and "
        "{paid_out} to the dealers. Below the line stands what no bonus covered.",
    ),
    "refi_use_applied_eur": ("tilgt fällige Raten", "repays what is due"),
    "refi_use_prepaid_eur": ("tilgt im Voraus", "repays ahead"),
    "refi_use_paid_out_eur": ("an den Händler ausgezahlt", "paid out to the dealer"),
    "refi_use_cash_called_eur": ("bar eingefordert", "called in cash"),
    "refi_use_written_off_eur": ("erlassen", "written off"),
    "refi_earned": ("Bonus des Monats", "Bonus of the month"),
    "refi_scheduled": ("Rate des Monats", "Instalment of the month"),
    "refi_investment": ("Investition", "Investment"),
    "refi_investments": ("Investitionen im Rückstand", "Investments in arrears"),
    "refi_arrears_none": ("Niemand ist im Rückstand", "Nobody is in arrears"),
    "refi_all_repaid": (
        "Alle Investitionen sind zurückgezahlt oder beendet.",
        "All investments are repaid or ended.",
    ),
    "refi_arrears_title": (
        "{amount} im Rückstand: {part} von {whole} offenen Investitionen",
        "{amount} in arrears: {part} of {whole} open investments",
    ),
    "refi_owing_intro": (
        "Rückstand am Monatsende. Darunter alle Investitionen, auf denen noch etwas offen ist, die "
        "mit dem größten Rückstand zuerst.",
        "Arrears at each month's end. Below all investments that still owe, those with the most "
        "arrears first.",
    ),
    "refi_last_bonus": ("Letzter Bonus", "Last bonus"),
    "refi_planned_end": ("Geplantes Ende", "Planned end"),
    "refi_projected_end": ("Absehbares Ende", "Projected end"),
    "refi_no_end": ("kein Ende", "no end"),
    "refi_not_due": ("noch nichts fällig", "nothing due yet"),
    "refi_pace": ("{rate} des Tempos", "{rate} of the pace"),
    "refi_left_axis": (
        "Rest am geplanten Ende (Tausend €)",
        "Left at the planned end (thousand €)",
    ),
    "refi_pace_title": (
        "Kommen Boni weiter wie zuletzt, bleiben von {whole} am geplanten Ende {amount}",
        "If bonuses keep their pace, {amount} of {whole} is left at the planned end",
    ),
    "refi_pace_intro": (
        "Gerechnet mit 50, 75, 100 und 125 % des mittleren Bonus, der in den letzten 6 "
        "abgeschlossenen Monaten getilgt hat.",
        "Reckoned with 50, 75, 100 and 125% of the mean bonus that repaid debt in the last 6 "
        "closed months.",
    ),
    "refi_endless": ("{part} von {whole} ohne Ende", "{part} of {whole} without an end"),
    "refi_ends": ("getilgt im {month}", "repaid in {month}"),
    "refi_one_title": ("Eine Investition im Einzelnen", "One investment in detail"),
    "refi_option": ("{investment}: {state}", "{investment}: {state}"),
    "refi_status_OPEN": ("läuft", "open"),
    "refi_status_ARREARS": ("im Rückstand", "in arrears"),
    "refi_status_SETTLED": ("zurückgezahlt", "repaid"),
    "refi_status_EXTENDED": ("verlängert", "extended"),
    "refi_status_TERMINATED": ("gekündigt", "terminated"),
    "refi_state_as_of": ("{state}, Stand {month}", "{state}, as of {month}"),
    "refi_planned_for": ("geplant: {month}", "planned: {month}"),
    "refi_upfront_note": ("Eigenanteil zu Beginn: {amount}", "up-front share: {amount}"),
    "refi_one_intro": (
        "Offener Betrag am Monatsende. Der Plan ändert sich nie.",
        "What is owed at each month's end. The plan never changes.",
    ),
    "refi_fan_intro": (
        "Die Fläche reicht von der Hälfte bis zu 125 % des Tempos der letzten 6 Monate, als gerade "
        "Linie bis zum geplanten Ende.",
        "The area spans half to 125% of the pace of the last 6 months, as a straight line to the "
        "planned end.",
    ),
    "refi_not_due_title": ("Noch nichts fällig", "Nothing due yet"),
    "refi_not_due_text": (
        "Die erste Rate liegt nach dem letzten abgeschlossenen Monat.",
        "The first instalment is after the last closed month.",
    ),
    "refi_one_use_title": (
        "In {part} von {whole} Monaten kam ein Bonus",
        "A bonus came in {part} of {whole} months",
    ),
    "refi_one_use_intro": (
        "Was aus dem Bonus wurde; der Strich ist die Rate des Monats, unter der Linie steht, was "
        "der Händler bar zahlen musste oder was erlassen ist.",
        "What became of the bonus; the stroke is the instalment of the month, below the line "
        "stands what the dealer had to pay in cash or was forgiven.",
    ),
    "refi_no_use": (
        "Bisher hat kein Bonus getilgt und nichts ist bar eingefordert.",
        "So far no bonus has repaid anything, and nothing has been called in cash.",
    ),
    "refi_one_arrears": (
        "Rückstand am Monatsende, zuletzt <b>{amount}</b>:",
        "Arrears at each month's end, now <b>{amount}</b>:",
    ),
    "refi_one_pace_title": (
        "Im Tempo der letzten 6 Monate bleiben am geplanten Ende ({month}) {amount}",
        "At the pace of the last 6 months {amount} is left at the planned end ({month})",
    ),
    "refi_one_no_pace_title": (
        "Ohne neue Boni bleiben {amount} offen",
        "Without new bonuses {amount} stays owed",
    ),
    "refi_one_no_pace": (
        "In den letzten 6 abgeschlossenen Monaten hat kein Bonus getilgt. Deshalb führt jedes "
        "Tempo zum selben Rest, und ein Ende ist nicht in Sicht.",
        "No bonus repaid anything in the last 6 closed months. So every pace leads to the same "
        "balloon, and no end is in sight.",
    ),
    "refi_corrections_title": ("Was nachträglich korrigiert ist", "What was corrected afterwards"),
    "refi_corrections_none": (
        "Kein Abschluss hat einen früheren Monat dieser Investition geändert.",
        "No close has changed an earlier month of this investment.",
    ),
    "refi_corrections_intro": (
        "Ein zurückgeforderter Bonus oder geänderte Bedingungen öffnen ihren Monat neu; alles von "
        "da an wird neu gerechnet. Was frühere Abschlüsse wussten, bleibt stehen.",
        "A bonus that is clawed back, or changed terms, re-open their month; everything from there "
        "is recomputed. What earlier closes knew stays on record.",
    ),
    "refi_corrected": (
        "Abschluss vom <b>{day}</b>, {months}: Bonus {bonus}; danach offener Betrag {closing}, "
        "Rückstand {arrears}.",
        "Close of <b>{day}</b>, {months}: bonus {bonus}; outstanding thereafter {closing}, arrears "
        "{arrears}.",
    ),
    "refi_one_month": ("{count} Monat ({month})", "{count} month ({month})"),
    "refi_many_months": ("{count} Monate ab {month}", "{count} months from {month}"),
    "refi_no_row": ("nicht vorhanden", "not there"),
    "refi_figure": ("Größe", "Figure"),
    "refi_before": ("Vorher", "Before"),
    "refi_after": ("Nachher", "After"),
    "refi_difference": ("Unterschied", "Difference"),
    "refi_known_at": ("Bekannt seit", "Known since"),
    "refi_ledger_title": (
        "Alle Monate der Investition (Beträge in €)",
        "All months of the investment (amounts in €)",
    ),
    "refi_column_opening_eur": ("Offen am Anfang", "Owed at the start"),
    "refi_column_scheduled_eur": ("Rate", "Scheduled"),
    "refi_column_arrears_in_eur": ("Rückstand davor", "Arrears before"),
    "refi_column_due_eur": ("Fällig", "Due"),
    "refi_column_bonus_earned_eur": ("Bonus", "Bonus"),
    "refi_column_applied_eur": ("Davon in fällige Raten", "Of it for what is due"),
    "refi_column_prepaid_eur": ("Davon im Voraus", "Of it ahead"),
    "refi_column_paid_out_eur": ("Davon ausgezahlt", "Of it paid out"),
    "refi_column_cash_called_eur": ("Bar eingefordert", "Cash called"),
    "refi_column_interest_eur": ("Zinsen", "Interest"),
    "refi_column_written_off_eur": ("Erlassen", "Written off"),
    "refi_column_closing_eur": ("Offen am Ende", "Owed at the end"),
    "refi_column_arrears_out_eur": ("Rückstand danach", "Arrears after"),
    "refi_column_status": ("Stand", "Status"),
    "refi_risk_title": (
        "{month}: {high} von {whole} Partnern mit hohem Risiko, {watch} zu beobachten",
        "{month}: {high} of {whole} partners at high risk, {watch} to watch",
    ),
    "refi_risk_title_none": ("Wer ist in Gefahr?", "Who is at risk?"),
    "refi_risk_none": (
        "Für diese Auswahl gibt es keine Bücher von zwölf Monaten.",
        "For this choice there are no books of twelve months.",
    ),
    "refi_risk_intro": (
        "Gezählt je Händler und Marke. "
        "Hoch: der Puffer (flüssige Mittel ohne drei Monate Fixkosten) deckt den offenen "
        "Eigenanteil nicht, oder das Ergebnis von zwölf Monaten ist negativ. Beobachten: der "
        "Eigenanteil ist erst nach mehr als 60 Monaten verdient, oder die Marge ist gegen das Jahr "
        "davor um mehr als 12 % gefallen; das zeigt sich erst, wo Bücher von 24 Monaten vorliegen.",
        "Counted by dealer and brand. "
        "High: the buffer (liquid funds less three months of fixed expenses) does not cover the "
        "open up-front share, or the result of twelve months is negative. Watch: the up-front "
        "share takes more than 60 months to earn, or the margin fell by more than 12% against the "
        "year before; that shows only where there are books of 24 months.",
    ),
    "refi_risk_BUFFER": (
        "Puffer {buffer} unter dem offenen Eigenanteil {open}",
        "buffer {buffer} below the open up-front share {open}",
    ),
    "refi_risk_RESERVES": (
        "für drei Monate Fixkosten fehlen {short}",
        "{short} short of three months of fixed expenses",
    ),
    "refi_risk_RESULT": (
        "Ergebnis von zwölf Monaten negativ ({result})",
        "negative result of twelve months ({result})",
    ),
    "refi_risk_PAYBACK": (
        "Eigenanteil erst in {payback} Monaten verdient",
        "up-front share earned only in {payback} months",
    ),
    "refi_risk_MARGIN": (
        "Marge um {change} auf {margin} gefallen",
        "margin fell by {change} to {margin}",
    ),
    "refi_level": ("Risiko", "Risk"),
    "refi_level_HIGH": ("hoch", "high"),
    "refi_level_WATCH": ("beobachten", "watch"),
    "refi_level_LOW": ("gering", "low"),
    "refi_dealers_axis": ("Partner (Anzahl)", "Partners (count)"),
    "refi_why": ("Warum", "Why"),
    "refi_upfront": ("Eigenanteil", "Up-front share"),
    "refi_refused_none": (
        "Keine Investition ist abgelehnt",
        "No investment has been refused",
    ),
    "refi_refused_title": (
        "Abgelehnte Investitionen: {count} über zusammen {amount}",
        "Refused investments: {count} for {amount} in all",
    ),
    "refi_refused_intro": (
        "Sie stehen in keiner anderen Zahl dieser Seite.",
        "They are in no other figure of this page.",
    ),
    "refi_refusal": ("Grund der Ablehnung", "Reason of the refusal"),
    "refi_refusal_AGENT_GENUINE": (
        "Ein echter Agent darf keine marktspezifischen Investitionen tragen.",
        "A genuine agent may not carry market-specific investments.",
    ),
    "refi_refusal_RATE_WITH_SURPLUS_POLICY": (
        "Mit Zinsen kann überzähliger Bonus nicht vorab tilgen; nur die Auszahlung passt.",
        "With interest surplus bonus cannot repay ahead; only paying it out fits.",
    ),
    "refi_refusal_UNKNOWN_DEALER": (
        "Händler und Marke sind nicht bekannt.",
        "The dealer and brand are not known.",
    ),
    "refi_refusal_NOTHING_TO_FINANCE": (
        "Betrag, Eigenanteil oder Laufzeit ergeben nichts, was zu finanzieren ist.",
        "Amount, up-front share or duration leave nothing that could be financed.",
    ),
    "refi_refusal_RATE_NEGATIVE": ("Der Zinssatz ist negativ.", "The interest rate is negative."),
    "refi_refusal_DEBT_BEYOND_AMOUNTS": (
        "Mit diesem Zinssatz würde die Schuld größer als jeder darstellbare Betrag.",
        "At this interest rate the debt would outgrow every amount that can be written.",
    ),
    "refi_cost": ("Kosten", "Cost"),
    "refi_shared_title": ("Gemeinschaftsprogramme", "Shared programmes"),
    "refi_shared_none": (
        "Kein Gemeinschaftsprogramm ist beschlossen und aufgeteilt.",
        "No shared programme has been decided and split.",
    ),
    "refi_split_title": (
        "Gemeinschaftsprogramme: die Partner tragen {partners} von {total} ({rate})",
        "Shared programmes: the partners carry {partners} of {total} ({rate})",
    ),
    "refi_partners": ("Partner", "Partners"),
    "refi_members": ("Mitglieder", "Members"),
    "refi_others": ("andere Partner der Marken", "other partners of the brands"),
    "refi_least_share": ("Kleinster Anteil", "Smallest share"),
    "refi_most_share": ("Größter Anteil", "Largest share"),
    "refi_go_live": ("Produktiv ab", "Live from"),
    "refi_return_title": (
        "{program}: {part} von {whole} Mitgliedern haben ihren Anteil in einem Jahr verdient",
        "{program}: {part} of {whole} members earned their share back within a year",
    ),
    "refi_return_intro": (
        "Zugewinn an Rohertrag mit Neuwagen in den zwölf Monaten nach dem Start gegen die zwölf "
        "davor, je Euro des Anteils; die Linie ist ein Euro. Es ist ein Vergleich, kein Beweis: "
        "die anderen Partner zeigen, was auch ohne das Programm kam.",
        "Gain in gross profit of new vehicles in the twelve months after the start against the "
        "twelve before, for each euro of the share; the line is one euro. It compares and proves "
        "nothing: the other partners show what came without the programme, too.",
    ),
    "refi_return_axis": ("Zugewinn je € Anteil", "Gain for each € of the share"),
    "refi_return_order": (
        "Mitglieder, der größte Ertrag zuerst",
        "Members, the highest return first",
    ),
    "refi_earned_back": ("Anteil verdient", "share earned back"),
    "refi_not_earned_back": ("Anteil nicht verdient", "share not earned back"),
    "refi_gain": ("Zugewinn", "Gain"),
    "refi_share": ("Anteil des Händlers", "Share of the dealer"),
    "refi_return_none_title": (
        "{program}: der Ertrag ist noch nicht bekannt",
        "{program}: the return is not known yet",
    ),
    "refi_no_go_live": (
        "Für dieses Programm ist kein Start geliefert.",
        "No start has been delivered for this programme.",
    ),
    "refi_return_none": (
        "Für kein Mitglied liegen die Bücher der zwölf Monate vor und nach dem Start ganz vor. "
        "Anfragen danach zählen nur, soweit sie schon geliefert sind.",
        "For no member the books of the twelve months before and after the start are all there. "
        "Leads after it count only as far as they have been delivered.",
    ),
    "refi_sides": (
        "Je Euro brachte es den Mitgliedern zusammen <b>{partners}</b> ({known} von {whole} sind "
        "bekannt).",
        "For each euro it brought all members together <b>{partners}</b> ({known} of {whole} are "
        "known).",
    ),
    "refi_side_oem": (
        "Gemessen am Anteil des Herstellers sind es <b>{oem}</b>.",
        "Measured against the manufacturer's share it is <b>{oem}</b>.",
    ),
    "refi_side_oem_open": (
        "Je Euro des Herstellers lässt es sich erst sagen, wenn alle bekannt sind.",
        "For each euro of the manufacturer it can be told only once all are known.",
    ),
    "refi_leads_before": ("Anfragen davor", "Leads before"),
    "refi_leads_after": ("Anfragen danach", "Leads after"),
    "refi_change": ("Veränderung", "Change"),
    "refi_sold_before": ("Abschlussquote davor", "Closing rate before"),
    "refi_sold_after": ("Abschlussquote danach", "Closing rate after"),
    "refi_gain_per_dealer": ("Zugewinn je Händler", "Gain per dealer"),
    "refi_known": ("Davon bekannt", "Of them known"),
    "grain_mart_refinancing_status": ("Investition", "investment"),
    "grain_mart_refinancing_ledger": ("Investition und Monat", "investment and month"),
    "grain_mart_refinancing_correction": (
        "Investition, Monat, Abschluss und Größe",
        "investment, month, close and figure",
    ),
    "grain_mart_investment_pressure": ("Händler, Marke und Monat", "dealer, brand and month"),
    "grain_mart_shared_program_return": (
        "Programm, Händler und Marke",
        "programme, dealer and brand",
    ),
    # -- dealer now -----------------------------------------------------------------------------
    "now_title": ("Mein Betrieb jetzt", "My business now"),
    "now_subtitle": (
        "Bestand, Servicefälle, Anfragen und Kampagnen eines Händlers, zu jeder Stunde",
        "A dealer's stock, service requests, leads and campaigns, at any hour",
    ),
    "now_nothing": (
        "<b>Diese Veröffentlichung kennt noch keinen Händler.</b> In <code>mart_dealer_now</code> "
        "steht keine Zeile: Dazu braucht es <code>oem__dealers</code>. Ist die Datei älter als das "
        "Programm, hilft <code>make run</code>.",
        "<b>This publication knows no dealer yet.</b> <code>mart_dealer_now</code> has no row: "
        "<code>oem__dealers</code> must have been delivered. If the file is older than the "
        "program, <code>make run</code> helps.",
    ),
    "now_data_as_of": (
        "Ihre Daten: <b>{delivered}</b> (Alter: {age}). Alle Alter zählen bis <b>{as_of}</b>.",
        "Your data: <b>{delivered}</b> (age: {age}). All ages count up to <b>{as_of}</b>.",
    ),
    "now_data_none": (
        "<b>Von Ihnen liegt noch keine Lieferung vor.</b> Alle Alter zählen bis {as_of}.",
        "<b>Nothing of yours has been delivered yet.</b> All ages count up to {as_of}.",
    ),
    "now_data_old": (
        "Die letzte Lieferung ist über eine Woche her: Was seitdem erledigt wurde, steht hier noch "
        "als offen.",
        "The last delivery was more than a week ago: what has been settled since is still shown "
        "as open.",
    ),
    "now_data_hub": (
        "Ihre Daten kommen über einen Dienstleister, der für mehrere Händler liefert.",
        "Your data come through a hub that delivers for several dealers.",
    ),
    "now_closed": (
        "<b>Geschlossen</b>, letzter offener Tag: {day}.",
        "<b>Closed</b>, last open day: {day}.",
    ),
    "now_hours": ("{count}\u00a0Std.", "{count}\u00a0h"),
    "now_days": ("{count}\u00a0Tage", "{count}\u00a0days"),
    "now_CASE_GOOD": ("unter 1 Tag", "under 1 day"),
    "now_CASE_WATCH": ("1 bis 7 Tage", "1 to 7 days"),
    "now_CASE_LATE": ("über 7 Tage", "over 7 days"),
    "now_CASE_BREACHED": ("Frist verletzt", "target missed"),
    "now_LEAD_GOOD": ("unter 1 Tag", "under 1 day"),
    "now_LEAD_WATCH": ("1 bis 7 Tage", "1 to 7 days"),
    "now_LEAD_LATE": ("über 7 Tage", "over 7 days"),
    "now_STOCK_WATCH": ("über 90", "over 90"),
    "now_STOCK_LATE": ("über 180", "over 180"),
    "now_ROUTE_WATCH": ("abgeben", "hand over"),
    "now_FEED_GOOD": ("im Takt", "on time"),
    "now_FEED_WATCH": ("später als sonst", "later than usual"),
    "now_FEED_LATE": ("überfällig", "overdue"),
    "now_FEED_BREACHED": ("nie geliefert", "never delivered"),
    "now_FEED_UNKNOWN": ("kein Takt bekannt", "no rhythm known"),
    "now_more": ("{count} weitere zeigen", "Show {count} more"),
    "now_look_breached": (
        "Offene Servicefälle mit verletzter Frist: <b>{count} von {whole}</b>; der älteste ist "
        "offen seit: {age}.",
        "Open service requests that have missed their target: <b>{count} of {whole}</b>; the "
        "oldest has been open for {age}.",
    ),
    "now_look_lead": (
        "Offene Anfragen ohne Antwort: <b>{count}</b>; die älteste wartet: {age}.",
        "Open leads without an answer: <b>{count}</b>; the oldest has been waiting for {age}.",
    ),
    "now_look_stock": (
        "Fahrzeuge, die länger als 90 Tage stehen: <b>{count}</b>, davon über 180 Tage: {older}.",
        "Vehicles in stock for more than 90 days: <b>{count}</b>, of them over 180 days: {older}.",
    ),
    "now_look_strayed": (
        "Offene Servicefälle, die bei Ihnen liegen und anderen gehören: <b>{strayed}</b>; die "
        "Ihnen gehören und bei anderen liegen: <b>{elsewhere}</b>.",
        "Open service requests that are with you and belong to others: <b>{strayed}</b>; that "
        "belong to you and are with others: <b>{elsewhere}</b>.",
    ),
    "now_look_feeds": (
        "Es fehlen Lieferungen: <b>{feeds}</b>.",
        "Deliveries are missing: <b>{feeds}</b>.",
    ),
    "now_look_nothing": ("Im Moment drängt nichts.", "Nothing presses at the moment."),
    "now_stock_title": ("Bestand nach Alter", "Stock by age"),
    "now_stock_of": (
        "Bestandsliste vom {day}; das Alter gilt an diesem Tag.",
        "Stock list of {day}; ages are those on that day.",
    ),
    "now_in_stock": ("Auf Lager", "In stock"),
    "now_in_stock_note": (
        "unterwegs: {transit}, Vorführwagen: {demo}",
        "in transit: {transit}, demo: {demo}",
    ),
    "now_over_90": ("Länger als 90 Tage", "More than 90 days"),
    "now_over_180": ("davon über 180 Tage: {count}", "of them over 180 days: {count}"),
    "now_median_age": ("Mittleres Alter", "Typical age"),
    "now_median_age_note": ("Median der Fahrzeuge auf Lager", "median of the vehicles in stock"),
    "now_stock_days": ("Bestandsreichweite", "Stock lasts"),
    "now_stock_days_note": (
        "beim Absatz der letzten drei Monate",
        "at the sales of the last three months",
    ),
    "now_age_TO_30": ("bis 30 Tage", "up to 30 days"),
    "now_age_TO_60": ("31 bis 60 Tage", "31 to 60 days"),
    "now_age_TO_90": ("61 bis 90 Tage", "61 to 90 days"),
    "now_age_TO_180": ("91 bis 180 Tage", "91 to 180 days"),
    "now_age_OVER_180": ("über 180 Tage", "over 180 days"),
    "now_age_UNKNOWN": ("ohne Datum", "without a date"),
    "now_unit_age": ("{count} Tage auf Lager", "{count} days in stock"),
    "now_unit": ("seit {day}, {vin}", "since {day}, {vin}"),
    "now_none_old": (
        "Kein Fahrzeug steht länger als 90 Tage.",
        "No vehicle has been in stock for more than 90 days.",
    ),
    "now_no_stock": (
        "Es liegt keine Bestandsliste von Ihnen vor (<code>dealer__stock</code>).",
        "No stock list of yours has been delivered (<code>dealer__stock</code>).",
    ),
    "now_stock_empty": (
        "Von dieser Marke steht kein Fahrzeug auf Lager.",
        "No vehicle of this brand is in stock.",
    ),
    "now_cases_title": ("Offene Servicefälle", "Open service requests"),
    "now_cases_how": (
        "Bei Ihnen eingegangen oder nach den Regeln Ihnen zugeordnet; verletzte Fristen zuerst, "
        "dann die ältesten.",
        "Received by you or yours by the routing rules; missed targets first, then the oldest.",
    ),
    "now_received": ("Bei Ihnen eingegangen", "Received by you"),
    "now_received_note": (
        "unter 1 Tag: {fresh}, bis 7 Tage: {week}, älter: {older}",
        "under 1 day: {fresh}, up to 7 days: {week}, older: {older}",
    ),
    "now_breached": ("Frist verletzt", "Target missed"),
    "now_breached_note": (
        "länger offen, als die Servicefrist erlaubt",
        "open for longer than the service level allows",
    ),
    "now_breached_none": ("keine Fristen geliefert", "no service levels delivered"),
    "now_responsible": ("Ihnen zugeordnet", "Yours by the rules"),
    "now_responsible_note": (
        "davon liegen bei anderen: {count}",
        "of them with others: {count}",
    ),
    "now_misrouted": ("Bei Ihnen falsch gelandet", "Misrouted to you"),
    "now_misrouted_note": (
        "in 90 Tagen {rate} von {count} eingegangenen",
        "{rate} of the {count} received in 90 days",
    ),
    "now_misrouted_none": ("in 90 Tagen ging keiner ein", "none received in 90 days"),
    "now_no_levels": (
        "Es sind keine Servicefristen geliefert (oem__service_levels): Die Ampel zeigt nur das "
        "Alter.",
        "No service levels have been delivered (oem__service_levels): the lights show only ages.",
    ),
    "now_no_level_of": (
        "Für diese Arten hat die Marke keine Frist, oder noch keine wurde verletzt: {kinds}. Dort "
        "zeigt die Ampel das Alter.",
        "For these kinds the brand has no service level, or none has been missed yet: {kinds}. "
        "There the lights show the age.",
    ),
    "now_no_open_cases": (
        "Kein Servicefall ist offen.",
        "No service request is open.",
    ),
    "now_no_cases": (
        "Von Ihnen liegen keine Servicefälle vor (<code>dealer__cases</code>).",
        "No service requests of yours have been delivered (<code>dealer__cases</code>).",
    ),
    "now_kind": ("Art", "Kind"),
    "now_case_type_WARRANTY": ("Garantie", "Warranty"),
    "now_case_type_COMPLAINT": ("Beschwerde", "Complaint"),
    "now_case_type_SERVICE_REQUEST": ("Serviceauftrag", "Service"),
    "now_category_BATTERY": ("Batterie", "battery"),
    "now_category_BRAKES": ("Bremsen", "brakes"),
    "now_category_CHARGING": ("Laden", "charging"),
    "now_category_CHASSIS": ("Fahrwerk", "chassis"),
    "now_category_ENGINE": ("Motor", "engine"),
    "now_category_INFOTAINMENT": ("Infotainment", "infotainment"),
    "now_category_PAINT": ("Lack", "paint"),
    "now_category_SERVICE": ("Wartung", "maintenance"),
    "now_case_age": ("{category}, offen: {age}", "{category}, open for {age}"),
    "now_case": ("{case}, seit {opened}", "{case}, since {opened}"),
    "now_way_OWN": ("richtig bei Ihnen", "rightly with you"),
    "now_way_AMBIGUOUS": (
        "bei Ihnen; gleichrangige Regeln nennen auch andere",
        "with you; rules of equal rank name others, too",
    ),
    "now_way_STRAYED": ("gehört {dealer}: abgeben", "belongs to {dealer}: hand over"),
    "now_way_OEM": (
        "keine Regel passt: gehört dem Hersteller",
        "no rule fits: belongs to the manufacturer",
    ),
    "now_way_ELSEWHERE": (
        "Ihr Fall, liegt bei {dealer}",
        "yours, lies with {dealer}",
    ),
    "now_leads_title": ("Offene Anfragen", "Open leads"),
    "now_open_leads": ("Offene Anfragen", "Open leads"),
    "now_open_leads_note": ("weder verkauft noch verloren", "neither sold nor lost"),
    "now_unanswered": ("Ohne Antwort", "Unanswered"),
    "now_unanswered_note": ("von {whole} offenen", "of {whole} open ones"),
    "now_oldest": ("Die älteste wartet", "The oldest waits for"),
    "now_oldest_note": ("ohne erste Antwort", "without a first answer"),
    "now_oldest_none": ("alle sind beantwortet", "all have been answered"),
    "now_leads_how": (
        "Binnen 24 Stunden beantwortet ist rechtzeitig; gezeigt sind die ältesten ohne Antwort.",
        "An answer within 24 hours is in time; shown are the oldest without one.",
    ),
    "now_channel_WEB": ("Website", "Website"),
    "now_channel_PORTAL": ("Börse", "Portal"),
    "now_channel_PHONE": ("Telefon", "Phone"),
    "now_channel_SHOWROOM": ("Ausstellung", "Showroom"),
    "now_channel_EVENT": ("Veranstaltung", "Event"),
    "now_lead_age": ("wartet: {age}", "waiting for {age}"),
    "now_lead": ("{lead}, seit {created}", "{lead}, since {created}"),
    "now_no_leads": (
        "Von Ihnen liegen keine Anfragen vor (<code>dealer__leads</code>).",
        "No leads of yours have been delivered (<code>dealer__leads</code>).",
    ),
    "now_campaigns_title": ("Kampagnen", "Campaigns"),
    "now_campaigns_of": (
        "{count} Anfragen aus Kampagnen in 90 Tagen, seit {since}.",
        "{count} leads from campaigns in 90 days, since {since}.",
    ),
    "now_no_campaigns": (
        "In den letzten 90 Tagen kam keine Anfrage aus einer Kampagne.",
        "No lead has come from a campaign in the last 90 days.",
    ),
    "now_campaign": ("Kampagne", "Campaign"),
    "now_campaign_lead_count": ("Anfragen", "Leads"),
    "now_campaign_answered_count": ("beant\u00adwortet", "answered"),
    "now_campaign_sold_count": ("ver\u00adkauft", "sold"),
    "now_campaign_lost_count": ("ver\u00adloren", "lost"),
    "now_cycle_title": ("Wie lange es dauerte", "How long it took"),
    "now_cycle_how": (
        "Mittel der erledigten Servicefälle nach dem Monat, in dem sie eröffnet wurden.",
        "Mean of the service requests that are resolved, by the month in which they were opened.",
    ),
    "now_cycle_of": (
        "Eröffnet im {month}; offene sind gezählt, gehen aber in keine Dauer ein.",
        "Opened in {month}; open ones are counted but are in no duration.",
    ),
    "now_hours_axis": ("Stunden bis zur Erledigung", "Hours to resolution"),
    "now_mean": ("Mittel", "Mean"),
    "now_median": ("Median", "Median"),
    "now_p90": ("90 % bis", "90% within"),
    "now_opened": ("eröffnet", "opened"),
    "now_still_open": ("offen", "open"),
    "now_backlog": ("offen am Monatsende", "open at the end of the month"),
    "now_no_cycle": (
        "Noch ist kein Servicefall erledigt.",
        "No service request has been resolved yet.",
    ),
    "now_feeds_title": ("Wie frisch die Daten sind", "How fresh the data are"),
    "now_feeds_how": (
        "Im Takt ist, was höchstens das Anderthalbfache des üblichen Abstands zweier Lieferungen "
        "ausbleibt; überfällig, was mehr als das Dreifache ausbleibt.",
        "On time is what has been out for at most one and a half times the usual gap between two "
        "deliveries; overdue what has been out for more than three times.",
    ),
    "now_feeds_network": (
        "Daten des Herstellers und des Markts",
        "Data of the manufacturer and the market",
    ),
    "now_feed_dealer__stock": ("Bestand", "Stock"),
    "now_feed_dealer__leads": ("Anfragen", "Leads"),
    "now_feed_dealer__cases": ("Servicefälle", "Service requests"),
    "now_feed_dealer__vehicle_events": ("Fahrzeugereignisse", "Vehicle events"),
    "now_feed_dealer__surveys": ("Umfragen", "Surveys"),
    "now_feed_dealer__financials": ("Finanzen", "Financials"),
    "now_never": ("noch keine Lieferung", "no delivery yet"),
    "now_delivered": ("{instant}, Alter: {age}", "{instant}, age: {age}"),
    "now_file_own": ("{file}, Zeilen: {rows}", "{file}, rows: {rows}"),
    "now_file_hub": ("{file} (Dienstleister)", "{file} (hub)"),
    "now_rhythm": ("üblicher Abstand: {days} Tage", "usual gap: {days} days"),
    "now_rhythm_none": (
        "üblicher Abstand noch unbekannt",
        "usual gap not known yet",
    ),
    "grain_mart_dealer_now": ("Händler und Marke", "dealer and brand"),
    "grain_mart_case_routing": ("Servicefall", "service request"),
    "grain_mart_case_cycle_time": (
        "Marke, Händler, Art und Monat der Eröffnung",
        "brand, dealer, kind and month opened",
    ),
    "grain_mart_dealer_feed_freshness": ("Händler und Datenquelle", "dealer and feed"),
    # -- the weekly review ------------------------------------------------------------------------
    "week_title": ("Wochengespräch", "Weekly review"),
    "week_subtitle": (
        "Was der Hersteller und seine wichtigsten Partner jede Woche besprechen: Zahlen, "
        "Vereinbarungen, Vertrag",
        "What the manufacturer and its top partners discuss every week: figures, agreements, "
        "contract",
    ),
    "week_nothing": (
        "<b>Es gibt noch kein Wochengespräch.</b> Es fehlen Zeilen in {tables}: Dazu braucht es "
        "Händler mit <code>is_top_partner</code> und wenigstens eine Woche mit gelieferten Daten.",
        "<b>There is no weekly review yet.</b> There are no rows in {tables}: it takes dealers "
        "with <code>is_top_partner</code> and at least one week with data delivered.",
    ),
    "week_partner": ("Partner", "Partner"),
    "week_week": ("Woche", "Week"),
    "week_of": ("KW {week}/{year} ({first} – {last})", "Week {week} of {year} ({first} – {last})"),
    "week_head": ("{dealer}, {brand}", "{dealer}, {brand}"),
    "week_no_findings": (
        "Für diesen Partner liegen in dieser Woche keine Zahlen vor.",
        "There are no figures for this partner in this week.",
    ),
    "week_no_figure": ("keine Zahl für diese Woche", "no figure for this week"),
    "week_compared": ("{against}: {figure}", "{against}: {figure}"),
    "week_against_YEAR_BEFORE": ("ein Jahr zuvor", "a year before"),
    "week_against_TARGET": ("Quartalsziel", "quarter's target"),
    "week_against_NETWORK": ("Median im Netz", "network median"),
    "week_against_OVERDUE": ("davon überfällig", "of these overdue"),
    "week_against_WEEKS_MET": ("Gespräche in 13 Wochen", "meetings in 13 weeks"),
    "week_good": ("günstig", "good"),
    "week_bad": ("ungünstig", "bad"),
    "week_axis": ("Kalenderwoche", "Week"),
    "week_this": ("Diese Woche", "This week"),
    "week_escalation": ("Eskalation", "Escalation"),
    "week_level": ("Stufe {level}", "Level {level}"),
    "week_level_none": ("keine", "none"),
    "week_escalation_note": ("nach Quartal {quarter}", "after {quarter}"),
    "week_not_judged": ("noch kein Quartal gewertet", "no quarter judged yet"),
    "week_overdue_of": ("davon überfällig: {count}", "overdue of these: {count}"),
    "week_overdue": ("{day}, überfällig", "{day}, overdue"),
    "week_no_due": ("kein Termin vereinbart", "no date agreed"),
    "week_actions_how": (
        "Was am {day} offen war; was zuerst fällig ist, steht oben.",
        "What was open on {day}, the earliest due date first.",
    ),
    "week_actions_unknown": (
        "Es wurden noch keine Maßnahmen geliefert.",
        "No actions have been delivered yet.",
    ),
    "week_escalation_how": (
        "Verglichen wird der mittlere Score des Quartals mit dem Maßstab der Vergleichsgruppe.",
        "The mean score of the quarter is compared with the benchmark of the peer group.",
    ),
    "week_standards_title": (
        "Standards, die noch nicht gelten",
        "Standards not in force yet",
    ),
    "week_standards_none": (
        "Kein Standard wartet: Alle neuesten Fassungen gelten.",
        "No standard is waiting: the newest versions are all in force.",
    ),
    "week_standards_unknown": (
        "Zu den Verträgen dieses Partners sind keine Standards geliefert.",
        "No standards have been delivered for the contracts of this partner.",
    ),
    "week_standard": ("Standard", "Standard"),
    "week_version": ("Fassung", "Version"),
    "week_in_force": ("In Kraft", "In force"),
    "week_none_in_force": ("keine", "none"),
    "week_why": ("Warum noch nicht", "Why not yet"),
    "week_standard_OBJECTED": (
        "Widerspruch vom {objected}, noch nicht geklärt",
        "objection of {objected}, not resolved yet",
    ),
    "week_standard_NEEDS_SIGNATURE": (
        "gilt erst mit Unterschrift",
        "applies only once it is signed",
    ),
    "week_standard_PENDING_WINDOW": (
        "gilt ohne Widerspruch ab {effective}",
        "applies from {effective} unless objected to",
    ),
    "week_standard_PENDING_OPEN": (
        "gilt von selbst, der Tag steht nicht fest",
        "applies by itself, the day is not known",
    ),
    "week_adoption_how": (
        "So weit ist die Marke: Verträge auf der aktuellen Fassung, und wie viele von allen ohne "
        "neue Verhandlung dorthin kamen.",
        "How far the brand is: contracts on the current version, and how many of all got there "
        "without renegotiation.",
    ),
    "week_on_current": ("Verträge auf aktueller Fassung", "Contracts on the current version"),
    "week_adoption_rate": ("Anteil", "Share"),
    "week_automatic_rate": ("ohne Verhandlung", "without renegotiation"),
    "week_modules_title": ("Module des Geschäftsmodells", "Modules of the business model"),
    "week_modules_brand": (
        "Im ganzen Netz von {brand} gingen {part} von {whole} beschlossenen Modulen ({rate}) "
        "binnen sechs Monaten in Betrieb; ein üblicher Planungszyklus dauert {cycle} Monate.",
        "Across the network of {brand}, {part} of {whole} modules decided on ({rate}) went live "
        "within six months; a usual planning cycle takes {cycle} months.",
    ),
    "week_modules_none": (
        "Dieser Partner hat sich noch für kein Modul entschieden.",
        "This partner has not decided on a module yet.",
    ),
    "week_module": ("Modul", "Module"),
    "week_module_LIVE": ("in Betrieb seit {live}", "live since {live}"),
    "week_module_RUNNING": ("in Einführung", "being introduced"),
    "week_module_LATE": (
        "in Einführung, länger als sechs Monate",
        "being introduced for more than six months",
    ),
    "week_module_ABANDONED": ("abgebrochen am {abandoned}", "abandoned on {abandoned}"),
    "week_months_to_live": ("Monate bis Betrieb", "Months to live"),
    "week_within_six": ("binnen sechs Monaten", "within six months"),
    "week_open": ("noch offen", "still open"),
    "week_pressure_title": (
        "Was der Hersteller verlangt",
        "What the manufacturer requires",
    ),
    "week_pressure_none": (
        "Für diese Marke sind keine Anforderungen geliefert.",
        "No requirements have been delivered for this brand.",
    ),
    "week_pressure_now": (
        "Im {month} gelten bei {brand} {count} Anforderungen mit zusammen {effort} Tagen Aufwand; "
        "sie kosten {cost} je Händler. {change}",
        "In {month}, {count} requirements of {brand} are in force, {effort} days of effort in all; "
        "they cost {cost} per dealer. {change}",
    ),
    "week_change_more": (
        "Das sind {rate} mehr als zwei Jahre zuvor.",
        "That is {rate} more than two years before.",
    ),
    "week_change_less": (
        "Das sind {rate} weniger als zwei Jahre zuvor.",
        "That is {rate} less than two years before.",
    ),
    "week_change_unknown": (
        "Wie viele es zwei Jahre zuvor waren, ist nicht bekannt.",
        "How many there were two years before is not known.",
    ),
    "week_requirements": ("Anforderungen in Kraft", "Requirements in force"),
    "week_requirement_cost": ("Kosten je Händler", "Cost per dealer"),
    "week_pulse": ("melden mehr Anforderungen", "report more requirements"),
    "week_pulse_axis": ("melden mehr (%)", "report more (%)"),
    "week_pulse_of": (
        "{part} von {whole} Händlern ({rate}; Intervall zu 95\u00a0%: {low} bis {high})",
        "{part} of {whole} dealers ({rate}; 95% interval: {low} to {high})",
    ),
    "week_pulse_now": (
        "In der Umfrage vom {month} meldeten {share}, dass die Anforderungen gestiegen sind.",
        "In the survey of {month}, {share} reported that requirements have increased.",
    ),
    "week_pulse_none": (
        "Die Händler dieser Marke wurden dazu noch nicht befragt.",
        "The dealers of this brand have not been asked about it yet.",
    ),
    "week_cost_title": (
        "Was auseinanderlaufende Ziele kosten: {amount} im Jahr {year}",
        "What diverging goals cost: {amount} in {year}",
    ),
    "week_cost_title_none": (
        "Was auseinanderlaufende Ziele kosten",
        "What diverging goals cost",
    ),
    "week_cost_none": (
        "Für diesen Partner ist noch kein Jahr berechnet.",
        "No year has been reckoned for this partner yet.",
    ),
    "week_cost_intro": (
        "Eine Schätzung aus drei Teilen; was nicht bekannt ist, zählt nicht mit. Die Beträge sind "
        "aus ungerundeten Mengen berechnet.",
        "An estimate of three components; what is not known does not count. The amounts are "
        "reckoned from quantities before rounding.",
    ),
    "week_component": ("Teil", "Component"),
    "week_cost_how": ("So berechnet ({year})", "How it is reckoned ({year})"),
    "week_cost_waiting": ("Warten auf Lösungen", "Waiting for resolutions"),
    "week_cost_lost_lead": ("Verlorene Anfragen", "Lost leads"),
    "week_cost_misrouting": ("Falsch zugestellte Fälle", "Misrouted cases"),
    "week_cost_total": ("Summe", "Total"),
    "week_cost_how_waiting": (
        "{hours} Stunden über dem Servicelevel × {hourly}",
        "{hours} hours beyond the service level × {hourly}",
    ),
    "week_cost_how_lost_lead": (
        "{late} spät beantwortete × {closing} Abschlussquote der schnellen × {profit} Bruttoertrag "
        "je Fahrzeug",
        "{late} answered late × {closing} closing rate of the fast × {profit} gross profit per "
        "vehicle",
    ),
    "week_cost_how_misrouting": (
        "{misrouted} Fälle × {handling}",
        "{misrouted} cases × {handling}",
    ),
    "week_cost_claim": (
        "Im Mittel der {count} Händler sind es {measured} im Jahr, über alle Marken; in der "
        "Branche werden {claimed} genannt.",
        "The mean of the {count} dealers is {measured} a year, over all brands; the industry "
        "speaks of {claimed}.",
    ),
    "week_network_title": ("Das Netz: Wer hat gesprochen?", "The network: who met?"),
    "week_dialogue_none": (
        "Für keinen Partner ist bekannt, wann gesprochen wurde.",
        "It is not known of any partner when meetings were held.",
    ),
    "week_network_met": (
        "In KW {week} fanden {part} von {whole} Gesprächen statt.",
        "In week {week}, {part} of {whole} meetings took place.",
    ),
    "week_network_missed": ("Ausgefallen: {names}.", "Not held: {names}."),
    "week_network_unknown": ("Noch nicht gemeldet: {names}.", "Not reported yet: {names}."),
    "week_not_reported": ("noch nicht gemeldet", "Not reported yet"),
    "week_met": ("Gespräch geführt", "Met"),
    "week_not_met": ("kein Gespräch", "Not met"),
    "week_discipline_how": (
        "Über das letzte Jahr, nach heutigem Stand; wer am seltensten sprach, steht oben. Wochen, "
        "zu denen noch nichts gemeldet ist, zählen als ausgefallen.",
        "Over the last year, as of today; who met least often comes first. Weeks that have not "
        "been reported on yet count as not met.",
    ),
    "week_weeks_met": ("Wochen mit Gespräch", "Weeks met"),
    "week_met_rate": ("Anteil", "Share"),
    "week_days_decision": ("Tage bis Entscheidung", "Days to decision"),
    "week_days_done": ("Tage bis Erledigung", "Days until done"),
    "week_actions_open": ("Offen", "Open"),
    "week_overdue_OEM": ("Überfällig Hersteller", "Overdue manufacturer"),
    "week_overdue_PARTNER": ("Überfällig Händler", "Overdue dealer"),
    "week_levels_title": (
        "Eskalationen: {part} von {whole} Verträgen (Stufe 3: {level_3}, Stufe 2: {level_2}, "
        "Stufe 1: {level_1})",
        "Escalations: {part} of {whole} contracts (level 3: {level_3}, level 2: {level_2}, "
        "level 1: {level_1})",
    ),
    "week_levels_title_none": ("Eskalationen im Netz", "Escalations in the network"),
    "week_levels_none": (
        "Es ist noch kein Quartal gewertet.",
        "No quarter has been judged yet.",
    ),
    "week_levels_how": (
        "Alle Händler, nicht nur die wichtigsten Partner; offene Eskalationen nach dem Quartal, "
        "das zuletzt gewertet war.",
        "All dealers, not only top partners; open escalations by the quarter judged last.",
    ),
    "week_contracts_axis": ("Verträge", "Contracts"),
    "grain_mart_weekly_review": (
        "Partner, Marke, ISO-Woche und Aussage",
        "partner, brand, ISO week and finding",
    ),
    "grain_mart_dialogue_discipline": ("Partner und Marke", "partner and brand"),
    "grain_mart_escalations": ("Vertrag und Quartal", "contract and quarter"),
    "grain_mart_contract_standards": (
        "Vertrag, Standard und Fassung",
        "contract, standard and version",
    ),
    "grain_mart_module_adoption": (
        "Händler, Marke und Modul",
        "dealer, brand and module",
    ),
    "grain_mart_requirement_pressure": ("Marke und Monat", "brand and month"),
    "grain_mart_misalignment_cost": (
        "Händler, Marke und Jahr",
        "dealer, brand and year",
    ),
}
