"""What the published tables hold, in German: table -> text. English stands in the models."""

GERMAN: dict[str, str] = {
    "dim_day": (
        "Jeder Tag der Monate von dim_month. Metriken nehmen ihn für die Tage, zwischen denen "
        "nichts liegt."
    ),
    "dim_dealer": (
        "Die Partner des Netzes nach den neuesten Listen: wer, unter welchem Vertrag, in welcher "
        "Vergleichsgruppe, mit wie großem Gebiet."
    ),
    "dim_district": "Die Kreise Deutschlands, aus der Liste der Postgebiete.",
    "dim_incentive_program": (
        "Die Bonusprogramme nach Version, und warum eine Version abgelehnt wird."
    ),
    "dim_incentive_tier": (
        "Ab welcher Messgröße welcher Satz gezahlt wird, nach Version des Programms."
    ),
    "dim_kpi": (
        "Die Kennzahlen der Partner-Scorecard: wie sie heißen, wie sie berechnet werden, wer für "
        "sie einsteht."
    ),
    "dim_month": "Jeder Monat vom ersten bis zum letzten mit Daten, ohne Lücken.",
    "dim_quality_rule": (
        "Die Regeln der Datenqualität in Worten: wie eine gute Zeile ist, warum es zählt, was zu "
        "tun ist und was angestrebt wird. Englisch, und deutsch, wo Händler sie lesen."
    ),
    "dim_vehicle_model": "Die Modellpalette nach den neuesten Listen; sie zählt für alle Monate.",
    "fct_action": (
        "Was Hersteller und Händler zu tun vereinbart haben, mit Händler und Marke des Treffens."
    ),
    "fct_case": "Garantiefälle, Beschwerden und Servicefälle von der Eröffnung bis zur Lösung.",
    "fct_dealer_financials": "Die Monatszahlen jedes Händlers für jede Marke.",
    "fct_invoice": (
        "Berechnete Fahrzeuge, mit dem Vermerk, ob derselbe Händler die FIN am Rechnungstag oder "
        "später storniert hat."
    ),
    "fct_lead": (
        "Interessenten vom ersten Kontakt bis zum Kauf oder Verlust, ohne persönliche Daten."
    ),
    "fct_market_registration": (
        "Zulassungen des ganzen Marktes, alle Marken, nach Kreis und Art des Halters."
    ),
    "fct_registration": (
        "Die Zulassung, die für jede FIN steht, und ob sie zählt: die erste im ganzen Netz ohne "
        "die stornierten; bleibt keine, die früheste. Sie zählt, wenn sie nicht storniert ist und "
        "nicht auf Händler oder Hersteller ging."
    ),
    "fct_stock": "Was am Stichtag auf dem Hof stand, unterwegs war oder als Vorführwagen lief.",
    "fct_survey": (
        "Fragen an Kunden nach Kauf oder Service und ihre Noten; Bemerkungen werden nicht "
        "mitgeführt."
    ),
    "fct_vehicle_event": (
        "Was mit jedem Fahrzeug bei jedem Händler geschah, eine Zeile je Ereignis, das nicht "
        "zurückgenommen wurde."
    ),
    "mart_academy_effect": (
        "Was ein Kurs für die Datenqualität bewirkt: mittlere Erfüllungsquoten seiner Dimension "
        "drei Monate vor und nach dem ersten Bestehen beim Händler, gegen Händler derselben Marke "
        "und Vergleichsgruppe ohne ihn in denselben Monaten (Differenz der Differenzen). Leer, "
        "solange kein geschulter Händler verglichen werden kann."
    ),
    "mart_academy_needs": (
        "Welche Kurse zur Datenqualität ein heute offener Händler braucht, die dringendsten "
        "zuerst: nach den Regeln der Dimension, die in den drei Monaten bis zum neuesten "
        "Liefermonat unter ihrem Ziel liegen, und nach den Menschen ohne gültiges Zertifikat. "
        "Keine Zeile, wo es beides nicht gibt."
    ),
    "mart_academy_progress": (
        "Wie viele Menschen einer Marke die Akademie im Jahr geschult hat, gegen ihren Plan, und "
        "wie viele der Beschäftigten ein Zertifikat haben: vom Monat der ersten Schulung bis "
        "heute, zum Monatsende."
    ),
    "mart_academy_summary": (
        "Wie viele Menschen des Netzes die Akademie im Jahr geschult hat, gegen ihren Plan. Wer "
        "für mehrere Marken oder Händler arbeitet, zählt einmal, anders als in der Summe von "
        "mart_academy_progress."
    ),
    "mart_benchmark_comparison": (
        "Die Zahlen eines Artikels über Hersteller und ihre Partner neben dem, was dieses Netz "
        "misst. Es sind Behauptungen, nie Tatsachen; was noch nicht gemessen wird, ist leer."
    ),
    "mart_brand_budget_allocation": (
        "Budgets der Marken, auf die Kreise nach den Zulassungen ihrer Märkte verteilt, auf den "
        "Cent genau: der Betrag, den der Artikel für die Positionierung einer Marke nennt, und "
        "jede Kampagne."
    ),
    "mart_brand_conflict": (
        "Nachlässe gegen die Positionierung der Marke, nach Händler, Modell und Woche: wie hoch "
        "sie waren, welche über der Grenze des Modells lagen, ob dabei eine Premium-Kampagne lief "
        "und wie weit der Händler von der nächsten Stufe eines Bonusprogramms entfernt war."
    ),
    "mart_brand_conflict_summary": (
        "Wie viele Rechnungen eines Monats der Positionierung der Marke widersprechen, was "
        "nachgelassen wurde und wie viel davon, als die nächste Stufe eines Bonusprogramms nah "
        "war: Hier zeigen sich Mengenziele, die Nachlässe treiben."
    ),
    "mart_brand_target_pressure": (
        "Was nachgelassen wird, je nachdem, wie weit am Tag der Rechnung die nächste Stufe eines "
        "Bonusprogramms entfernt war: Steigt es, je näher die Stufe ist, drückt das Mengenziel "
        "den Preis."
    ),
    "mart_campaign_band_performance": (
        "Ob es sich lohnt, Kampagnen zu individualisieren: was Anfragen und Verkäufe kosten, je "
        "nachdem, wie viel geändert wurde."
    ),
    "mart_campaign_individualisation": (
        "Wie viel einer Kampagne des Herstellers jeder Händler in seiner geändert hat, ob das "
        "erlaubt ist und ob sie vor dem Start freigegeben war."
    ),
    "mart_campaign_performance": (
        "Was eine Anfrage und ein Verkauf jeder begonnenen Händlerkampagne kosten, neben "
        "Kampagnen der Marke, die ebenso, mehr oder weniger geändert wurden."
    ),
    "mart_case_cycle_time": (
        "Wie lange Vorgänge dauern, wie viele offen sind und wie viele sich zum Monatsende "
        "gestaut hatten. Offene werden gezählt, nie weggelassen."
    ),
    "mart_case_routing": (
        "Wer nach den Zuweisungsregeln für einen Vorgang zuständig ist, nach welcher Regel, und "
        "ob er dorthin kam: genau eine Partei für jeden. Der neueste Stand einer Regel zählt für "
        "alle Vorgänge."
    ),
    "mart_contract_standards": (
        "Welche Version eines Technikstandards in einem Vertrag gilt und wodurch: von selbst, "
        "sobald die Frist für Widersprüche vorbei ist, oder durch Unterschrift. Jeder Vertrag mit "
        "den Versionen seiner Marke, die vor seinem Ende veröffentlicht wurden."
    ),
    "mart_data_quality": (
        "Wie gut ein Händler jede Regel der Datenqualität in dem hält, was er in einem Monat "
        "geliefert hat, und was sich geändert hat, seit jemand von ihm zuletzt einen passenden "
        "Kurs bestanden hat. Keine Zeile, wo nichts zu prüfen war."
    ),
    "mart_dealer_feed_freshness": (
        "Wann jede Lieferung der Händler zuletzt für einen Händler kam: von ihm selbst, auch ohne "
        "Zeilen, oder von einer Sammelstelle mit Zeilen über ihn, die noch gelten. Abgelehnte "
        "Dateien zählen nicht."
    ),
    "mart_dealer_now": (
        "Das Geschäft des Händlers, wie es steht: Bestand, Anfragen, Vorgänge, und wie alt die "
        "Daten sind."
    ),
    "mart_dialogue_discipline": (
        "Ob sich Top-Partner und Hersteller jede Woche treffen und wie schnell sie entscheiden "
        "und handeln."
    ),
    "mart_escalations": (
        "Eskalationen von Verträgen, Quartal für Quartal: Ein Verstoß ist eine mittlere "
        "Quartalspunktzahl unter dem Quantil der Vergleichsgruppe; Verstöße in Folge eröffnen "
        "eine Eskalation, kein rechtzeitiger Plan und weitere Verstöße heben sie an, ein CLOSED "
        "oder zwei Quartale ohne Verstoß schließen sie. Mit dem Vertrag enden seine Eskalationen."
    ),
    "mart_feed_quality": (
        "Was jeder Absender in einem Monat geliefert hat, wie viel davon durchkam, und was nicht "
        "und warum."
    ),
    "mart_incentive_ledger": (
        "Jeder Euro, den ein Abschluss gebucht hat. Nur angefügt: Gebuchtes ändert sich nie, ein "
        "späterer Abschluss bucht die Differenz."
    ),
    "mart_incentive_line": (
        "Was jeder Anspruch in einem Programm zahlt, oder warum nichts, mit dem Weg zurück zur "
        "gelieferten Datei. Abgeschlossene Zeiträume nach dem letzten Abschluss, offene wie heute "
        "bekannt."
    ),
    "mart_incentive_outlook": (
        "Was ein offener Zeitraum zahlt, wie er steht, was ein Stück mehr wert ist und was die "
        "nächste Stufe zahlt."
    ),
    "mart_incentive_removal": (
        "Stücke, die für ein Programm nicht mehr zählen, und das Ereignis, das sie wegnahm: was "
        "hinter einer Rückforderung steht. Wie heute bekannt; ein abgeschlossener Zeitraum "
        "verliert sie mit dem nächsten Abschluss."
    ),
    "mart_incentive_statement": (
        "Was einem Händler für den Zeitraum eines Programms zusteht, was davon gebucht ist und "
        "was noch kommt."
    ),
    "mart_investment_pressure": (
        "Ob ein Händler tragen kann, was investiert wird: seine Marge, sein Ergebnis und seine "
        "Reserven gegen die Vorab-Anteile seiner Investitionen, Monat für Monat. Eine Zeile je "
        "Monat mit Zahlen."
    ),
    "mart_it_readiness": (
        "Ob ein Händler die IT hat, die Systeme des Herstellers verlangen, zum Monatsende: ab dem "
        "Monat seiner ersten Beurteilung, solange er offen ist. Wer nie beurteilt wurde, ist "
        "unbekannt und hat keine Zeile."
    ),
    "mart_it_readiness_summary": (
        "Wie viele Händler für Systeme des Herstellers nicht bereit sind, neben dem, was der "
        "Artikel behauptet."
    ),
    "mart_market_penetration": (
        "Die Marke im Gebiet jedes Händlers gegen den ganzen Markt dort, und seine gezählten "
        "Zulassungen gegen das, was der Anteil des Netzes ergäbe. Eine Zeile, wo der Markt des "
        "Gebiets oder der Händler etwas zuließ; ein Gebiet zählt im Monat, wenn es am letzten Tag "
        "gilt."
    ),
    "mart_misalignment_cost": (
        "Was es einen Händler im Jahr kostet, dass Ziele auseinandergehen: Vorgänge, die zu lange "
        "warten, Anfragen, die spät beantwortet und verloren werden, Vorgänge bei der falschen "
        "Partei. Mit dem, woraus jede Zahl besteht; die Parameter und ihre Quellen stehen in "
        "governance_parameters."
    ),
    "mart_module_adoption": (
        "Module von Geschäftsmodellen, für die sich Händler entschieden haben: wie viele "
        "Kalendermonate bis zum Betrieb, und ob innerhalb von sechs."
    ),
    "mart_module_adoption_summary": (
        "Wie Händler jedes Modul einer Marke übernehmen: in Betrieb, aufgegeben, und der Anteil, "
        "der binnen sechs Monaten in Betrieb war, gegen den Planungszyklus von zwei Jahren."
    ),
    "mart_national_market": (
        "Der Markt Deutschlands nach Marke, aus den Summen der KBA-Mappen FZ 10. Was das KBA "
        "unterdrückt, ist unbekannt: leer, nie 0. Quelle: Kraftfahrt-Bundesamt, Flensburg "
        "(dl-de/by-2-0)."
    ),
    "mart_partner_scorecard": (
        "Die monatliche Scorecard jedes Händlers für jede Marke: die Punktzahl, der Rang unter "
        "Vergleichbaren, die Veränderung, und wie weit Hersteller und Partner auseinanderliegen. "
        "Eine Zeile für jeden Monat mit Daten, in dem der Händler offen ist und Gewichte gelten."
    ),
    "mart_partner_scorecard_kpi": (
        "Die Scorecard Kennzahl für Kennzahl: was ein Händler erreicht hat, von welchem Ziel, aus "
        "wie vielen Beobachtungen, und welche Punkte das bringt. Jede Kennzahl der geltenden "
        "Gewichte hat eine Zeile; eine fehlende sagt, warum."
    ),
    "mart_performance_benchmark": (
        "Wie die Händler einer Vergleichsgruppe abschneiden, Kennzahl für Kennzahl: Quantile "
        "ihrer Mittel über die Monate eines Quartals. Von Kennzahlen die Istwerte, die gewertet "
        "werden, als SCORE die Punktzahl selbst."
    ),
    "mart_pilot_effect": (
        "Was ein Pilot gebracht hat: wie sich die Kennzahl seiner Händler gegen die der "
        "Vergleichshändler geändert hat (Differenz der Differenzen), wie sicher das ist und was "
        "zu tun ist."
    ),
    "mart_pilot_rollout": (
        "Wie weit ein Pilot im Netz gekommen ist, nach Monat: wer bis zu seinem Ende dabei sein "
        "sollte und wer es war. Vom ersten geplanten oder tatsächlichen Tag bis heute."
    ),
    "mart_refinancing_correction": (
        "Was ein Abschluss in Monaten der Refinanzierung geändert hat, die frühere Abschlüsse "
        "anders kannten, eine Zeile je Wert. Ein Monat, den es nicht mehr gibt, hat alle Werte "
        "verloren."
    ),
    "mart_refinancing_ledger": (
        "Was mit jeder Investition Monat für Monat geschah: was fällig war, was Boni zahlten, was "
        "bleibt. Nach dem letzten Abschluss; was frühere anders kannten, steht in "
        "mart_refinancing_correction."
    ),
    "mart_refinancing_plan": (
        "Die Raten jeder angenommenen Investition wie vereinbart; was geschieht, ändert sie nie."
    ),
    "mart_refinancing_refusal": (
        "Investitionen in Ausstellungsräume, die nicht refinanziert werden, und warum."
    ),
    "mart_refinancing_simulation": (
        "Wann eine Investition endet und was an ihrem geplanten Ende bleibt, wenn Boni langsamer "
        "oder schneller kommen als in den letzten sechs abgeschlossenen Monaten."
    ),
    "mart_refinancing_status": (
        "Wie jede angenommene Investition nach dem letzten abgeschlossenen Monat steht und wohin "
        "ihre Boni führen."
    ),
    "mart_registration_integrity": (
        "Wie die Zulassungen eines Händlers aussehen: auf sich selbst, am Monatsende, bald wieder "
        "abgemeldet. Stornierte bleiben außen vor."
    ),
    "mart_requirement_pressure": (
        "Was eine Marke von ihren Händlern verlangt, Monat für Monat, und was diese dazu sagen: "
        "vom Monat der ersten Anforderung oder der ersten Kurzbefragung bis heute, zum "
        "Monatsende."
    ),
    "mart_responsibility_gaps": (
        "Tage, an denen niemand einen Prozess verantwortet oder mehr als einer."
    ),
    "mart_rollout_duration": (
        "Wie viele Tage ein System vom Beginn der Einführung braucht, bis ein Händler damit "
        "arbeitet, wo vorher geschult wurde und wo nicht."
    ),
    "mart_routing_conflicts": (
        "Paare von Regeln, die mit gleichem Vorrang dasselbe verlangen, verschiedene Händler "
        "nennen und an denselben Tagen passen: Welche entscheidet, hängt allein an der Kennung "
        "der Regel."
    ),
    "mart_routing_coverage": (
        "Welche Postleitzahlen und Produktkategorien einer Marke heute irgendeine Regel erfasst. "
        "Alle Marken von Händlern, Regeln und Vorgängen: Eine ohne Regeln ist nirgends erfasst."
    ),
    "mart_routing_effect": (
        "Was die Zuweisung nach Regeln gespart hat: wie lange Vorgänge dauerten, die in den sechs "
        "Monaten vor dem Start einer Marke und in den sechs danach eröffnet wurden."
    ),
    "mart_segment_growth": (
        "Neuwagenumsatz (netto) jedes Händlers und jeder Marke nach Segment und Monat, und "
        "derselbe ein Jahr zuvor. Eine Zeile, wo in einem von beiden berechnet wurde; künftige "
        "Monate, unbekannte Händler und unbekannte Modelle bleiben außen vor."
    ),
    "mart_shared_program_allocation": (
        "Was jedes Mitglied eines gemeinsamen Programms trägt und was Partner und Hersteller "
        "insgesamt tragen. Ein Programm, dessen Grenzen nicht zu halten sind, hat keine Zeilen."
    ),
    "mart_shared_program_return": (
        "Was ein gemeinsames Programm jedem Mitglied in den zwölf Monaten ab seinem Start "
        "gebracht hat, gegen die zwölf davor und gegen Händler derselben Marken, die nicht "
        "Mitglied sind. Programme, deren Start feststeht."
    ),
    "mart_standard_adoption": (
        "Wie viele Verträge auf der aktuellen Version jedes Technikstandards oder einer späteren "
        "stehen, und wie viele davon ohne Neuverhandlung."
    ),
    "mart_target_attainment": (
        "Was vom geltenden Ziel verkauft wurde und von dem, was davon verkauft werden konnte: "
        "ohne die Fahrzeuge, die fällig waren und nicht kamen. Eine Zeile für jedes gelieferte "
        "Ziel und für jede Zelle mit gezählten Zulassungen."
    ),
    "mart_target_proposal": (
        "Was die geltenden Ziele wären, wenn die Summe der Grundlagen einer Marke nach dem Markt "
        "verteilt würde: ein Rat, bis der Hersteller ihn als Version liefert."
    ),
    "mart_weekly_review": (
        "Was Hersteller und Top-Partner in ihrem Wochengespräch ansehen: die Zahlen der letzten "
        "53 vollen ISO-Wochen, womit jede verglichen wird, und ein Satz dazu. Keine Zeile, wo es "
        "keine Zahl gibt."
    ),
}
