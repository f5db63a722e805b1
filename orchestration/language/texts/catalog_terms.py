"""Columns of agreements and terms, in German: the English of the contracts -> German."""

GERMAN: dict[str, str] = {
    "Month of registration (first day).": "Monat der Zulassung (erster Tag).",
    "Brand as the KBA writes it; SONSTIGE is its residual, INSGESAMT the whole market.": (
        "Marke, wie das KBA sie schreibt; SONSTIGE ist der Rest, INSGESAMT der ganze Markt."
    ),
    (
        "Model series as the KBA writes it; SONSTIGE is the residual of the brand, INSGESAMT "
        "the total of the brand."
    ): (
        "Modellreihe, wie das KBA sie schreibt; SONSTIGE ist der Rest der Marke, INSGESAMT ihre "
        "Summe."
    ),
    "All new registrations of the month.": "Alle Neuzulassungen des Monats.",
    "Of these with a diesel engine.": "Davon mit Dieselmotor.",
    "Of these hybrid, plug-in hybrids included.": "Davon Hybride, Plug-in-Hybride eingeschlossen.",
    "Of these plug-in hybrid.": "Davon Plug-in-Hybride.",
    "Of these battery electric.": "Davon batterieelektrisch.",
    "Of these with all-wheel drive.": "Davon mit Allradantrieb.",
    "Of these convertibles.": "Davon Cabriolets.",
    "Dealer of the network, as the manufacturer names it.": (
        "Händler des Netzes, wie der Hersteller ihn bezeichnet."
    ),
    "Brand under contract. Codes are free; they are compared in upper case.": (
        "Marke unter Vertrag. Codes sind frei; verglichen wird in Großbuchstaben."
    ),
    "Trading name of the dealer.": "Firmenname des Händlers.",
    "Dealer group that the dealer belongs to; empty for independents.": (
        "Händlergruppe, zu der der Händler gehört; leer bei unabhängigen."
    ),
    "Kind of contract: independent dealer, genuine agent, or non-genuine agent.": (
        "Vertragsart: Vertragshändler, echter Agent oder unechter Agent."
    ),
    "Postal code of the showroom.": "Postleitzahl des Ausstellungsraums.",
    "District (Kreis), the five digits of its AGS with the leading zero.": (
        "Kreis, die fünf Ziffern seines AGS mit führender Null."
    ),
    "Group of comparable dealers within which ranks are given.": (
        "Gruppe vergleichbarer Händler, in der Ränge vergeben werden."
    ),
    "Whether the dealer takes part in the weekly review of top partners.": (
        "Ob der Händler am Wochengespräch der Top-Partner teilnimmt."
    ),
    "First day open.": "Erster offener Tag.",
    "Last day open; empty while the dealer is open.": (
        "Letzter offener Tag; leer, solange der Händler offen ist."
    ),
    "Postal code, five digits with leading zeros.": (
        "Postleitzahl, fünf Ziffern mit führenden Nullen."
    ),
    "Name of the district (Kreis).": "Name des Kreises.",
    "Federal state, the first two digits of the AGS.": (
        "Bundesland, die ersten zwei Ziffern des AGS."
    ),
    "NUTS-3 region of the district.": "NUTS-3-Region des Kreises.",
    "Inhabitants of the district.": "Einwohner des Kreises.",
    "First day on which it holds.": "Erster Tag, an dem es gilt.",
    "Last day on which it holds; empty means until further notice.": (
        "Letzter Tag, an dem es gilt; leer heißt bis auf Weiteres."
    ),
    "Model as the manufacturer codes it.": "Modell, wie der Hersteller es verschlüsselt.",
    "Segment of the market. Codes are free.": "Segment des Marktes. Codes sind frei.",
    "Powertrain: BEV, PHEV, HEV, PETROL, DIESEL or OTHER.": (
        "Antrieb: BEV, PHEV, HEV, PETROL, DIESEL oder OTHER."
    ),
    "List price of the model in euro.": "Listenpreis des Modells in Euro.",
    "Largest discount that is still consistent with the brand, as a fraction of the list price.": (
        "Größter Nachlass, der noch zur Marke passt, als Anteil am Listenpreis."
    ),
    "Key figure of the partner scorecard.": "Kennzahl der Partner-Scorecard.",
    "Version of the weights; all KPIs of a version sum to exactly 100.": (
        "Version der Gewichte; alle Kennzahlen einer Version ergeben genau 100."
    ),
    "Weight of the KPI in the score, in points of 100.": (
        "Gewicht der Kennzahl in der Punktzahl, in Punkten von 100."
    ),
    "Lowest attainment that counts.": "Kleinste Zielerreichung, die zählt.",
    "Highest attainment that counts.": "Größte Zielerreichung, die zählt.",
    "Observations below which the KPI is missing.": (
        "Zahl der Beobachtungen, unter der die Kennzahl fehlt."
    ),
    "What a missing KPI does to the score: drop out of it, or count with zero points.": (
        "Was eine fehlende Kennzahl bewirkt: Sie fällt aus der Wertung (EXCLUDE) oder zählt mit "
        "null Punkten (ZERO)."
    ),
    "Month for which the target holds (first day).": (
        "Monat, für den der Zielwert gilt (erster Tag)."
    ),
    "Target in the unit of the KPI.": "Zielwert in der Einheit der Kennzahl.",
    "Month that was closed (first day).": "Abgeschlossener Monat (erster Tag).",
    "Instant of the close (UTC).": "Zeitpunkt des Abschlusses (UTC).",
    "Who closed it.": "Wer abgeschlossen hat.",
    "First day of the quarter.": "Erster Tag des Quartals.",
    "Version of the target; a later one counts from its announcement, or once consented.": (
        "Version des Ziels; eine spätere zählt ab ihrer Ankündigung oder sobald zugestimmt ist."
    ),
    "Vehicles that the dealer is to sell in the quarter.": (
        "Fahrzeuge, die der Händler im Quartal verkaufen soll."
    ),
    "Vehicles that the dealer takes at the least: no proposal is below it.": (
        "Fahrzeuge, die der Händler mindestens abnimmt: kein Vorschlag liegt darunter."
    ),
    "Vehicles that the dealer may be asked for at the most; empty means no limit.": (
        "Fahrzeuge, die vom Händler höchstens verlangt werden; leer heißt ohne Grenze."
    ),
    "Day on which the version was announced to the dealers; empty means not announced.": (
        "Tag, an dem die Version den Händlern angekündigt wurde; leer heißt nicht angekündigt."
    ),
    (
        "Day on which the dealers consented to a version that was announced late; empty means "
        "not consented."
    ): (
        "Tag, an dem die Händler einer spät angekündigten Version zugestimmt haben; leer heißt "
        "keine Zustimmung."
    ),
    "Incentive programme.": "Bonusprogramm.",
    "Version of the incentive programme.": "Version des Bonusprogramms.",
    "Name of the programme.": "Name des Programms.",
    "How long a period of the programme is: MONTH, QUARTER or YEAR; the same for all versions.": (
        "Wie lang ein Zeitraum des Programms ist: MONTH, QUARTER oder YEAR; in allen Versionen "
        "gleich."
    ),
    (
        "What decides the tier: UNITS_REGISTERED, UNITS_INVOICED, REVENUE_NET (net invoice "
        "prices), TARGET_ATTAINMENT (units / target in force) or KPI."
    ): (
        "Was über die Stufe entscheidet: UNITS_REGISTERED, UNITS_INVOICED, REVENUE_NET "
        "(Nettorechnungspreise), TARGET_ATTAINMENT (Stück / geltendes Ziel) oder KPI."
    ),
    "Key figure whose actual value is the measure, where the measure is KPI.": (
        "Kennzahl, deren Istwert die Messgröße ist, wo diese KPI lautet."
    ),
    (
        "What a tier's rate is multiplied by: EUR_PER_UNIT (a unit), RATE_OF_LIST_PRICE, "
        "RATE_OF_NET_PRICE, or FIXED_EUR (paid once per dealer and period)."
    ): (
        "Womit der Satz einer Stufe malgenommen wird: EUR_PER_UNIT (je Stück), "
        "RATE_OF_LIST_PRICE, RATE_OF_NET_PRICE oder FIXED_EUR (einmal je Händler und Zeitraum)."
    ),
    (
        "RETROACTIVE: the rate of the highest tier reached for all units; MARGINAL: each unit "
        "at the tier it reaches; LINEAR: interpolated between thresholds."
    ): (
        "RETROACTIVE: der Satz der höchsten erreichten Stufe für alle Stücke; MARGINAL: jedes "
        "Stück zu der Stufe, die es erreicht; LINEAR: zwischen den Schwellen interpoliert."
    ),
    "Segment that the programme is for; empty means all.": (
        "Segment, für das das Programm gilt; leer heißt alle."
    ),
    "Powertrain that the programme is for; empty means all.": (
        "Antrieb, für den das Programm gilt; leer heißt alle."
    ),
    (
        "Whether only dealers in a strong market are paid (regional index 1.1 or more); empty "
        "means no."
    ): (
        "Ob nur Händler in einem starken Markt erhalten (regionaler Index ab 1,1); leer heißt nein."
    ),
    "Key figure that has to reach `gate_min_value` for anything to be paid; empty means none.": (
        "Kennzahl, die `gate_min_value` erreichen muss, damit gezahlt wird; leer heißt keine."
    ),
    "Least value of the gate's key figure.": "Kleinster Wert dieser Kennzahl.",
    "Most that is paid per dealer, programme and period, in euro; empty means no limit.": (
        "Höchstbetrag je Händler, Programm und Zeitraum in Euro; leer heißt ohne Grenze."
    ),
    (
        "Days after the registration (or invoice) within which a cancellation or deregistration "
        "still removes the unit; empty means none."
    ): (
        "Tage nach der Zulassung (oder Rechnung), in denen Storno oder Abmeldung das Stück noch "
        "entfernen; leer heißt keine."
    ),
    "Days after the end of the period until which a cancellation removes a unit.": (
        "Tage nach Ende des Zeitraums, bis zu denen ein Storno ein Stück entfernt."
    ),
    "Days from the close of the period to the payment.": (
        "Tage vom Abschluss des Zeitraums bis zur Zahlung."
    ),
    "Whether what is paid goes into the dealer's refinancing.": (
        "Ob das Gezahlte in die Refinanzierung des Händlers geht."
    ),
    "Who approved the version.": "Wer die Version freigegeben hat.",
    "Who approved it, too: somebody else.": "Wer sie außerdem freigegeben hat: jemand anderes.",
    "Number of the tier; thresholds rise with it.": (
        "Nummer der Stufe; mit ihr steigen die Schwellen."
    ),
    "Measure from which the tier applies: units, euro, or a fraction, as the measure is.": (
        "Messgröße, ab der die Stufe gilt: Stück, Euro oder Anteil, je nach Messgröße."
    ),
    "What the tier pays: euro, or a fraction of the price, as the payout basis says.": (
        "Was die Stufe zahlt: Euro oder ein Anteil am Preis, je nach Zahlungsgrundlage."
    ),
    "Showroom investment.": "Investition in einen Ausstellungsraum.",
    "What the showroom costs in all, in euro.": (
        "Was der Ausstellungsraum insgesamt kostet, in Euro."
    ),
    "Share of the cost that the dealer carries up front.": (
        "Anteil der Kosten, den der Händler vorab trägt."
    ),
    "Months over which the rest is refinanced through bonuses.": (
        "Monate, über die der Rest durch Boni refinanziert wird."
    ),
    "Interest per year on what is left to refinance; 0 means none.": (
        "Zins im Jahr auf den offenen Rest; 0 heißt keiner."
    ),
    "How the days of a period count for its interest: 30E/360 or ACT/365.": (
        "Wie die Tage eines Zeitraums für den Zins zählen: 30E/360 oder ACT/365."
    ),
    "Day from which months are counted: the first instalment is due a month later.": (
        "Tag, ab dem Monate zählen: Die erste Rate ist einen Monat später fällig."
    ),
    (
        "What a bonus beyond the due does: NEXT reduces the next instalments in order, LAST the "
        "last ones backwards, REAMORTISE spreads what is left equally over the months left, "
        "PAY_OUT pays it to the dealer."
    ): (
        "Was ein Bonus über das Fällige hinaus bewirkt: NEXT mindert die nächsten Raten der "
        "Reihe nach, LAST die letzten rückwärts, REAMORTISE verteilt den Rest gleich auf die "
        "übrigen Monate, PAY_OUT zahlt ihn dem Händler aus."
    ),
    (
        "What becomes of a due that the bonus does not cover: CARRY adds it to the next due, "
        "EXTEND moves it to a month added at the end, CASH_CALL bills it to the dealer."
    ): (
        "Was aus einer Rate wird, die der Bonus nicht deckt: CARRY schlägt sie der nächsten zu, "
        "EXTEND verschiebt sie in einen Monat am Ende, CASH_CALL stellt sie dem Händler in "
        "Rechnung."
    ),
    (
        "What becomes of the rest at the end: BALLOON bills it, EXTEND adds months while "
        "bonuses come, WRITE_OFF forgives it."
    ): (
        "Was am Ende aus dem Rest wird: BALLOON stellt ihn in Rechnung, EXTEND hängt Monate an, "
        "solange Boni kommen, WRITE_OFF erlässt ihn."
    ),
    "Most months that may be added; empty means none.": (
        "Wie viele Monate höchstens angehängt werden; leer heißt keine."
    ),
    (
        "Day on which the contract ends early: the rest falls due in that month; empty while it "
        "runs."
    ): (
        "Tag, an dem der Vertrag vorzeitig endet: Der Rest wird in dem Monat fällig; leer, "
        "solange er läuft."
    ),
    "Shared programme.": "Gemeinsames Programm.",
    "Name of the shared programme.": "Name des gemeinsamen Programms.",
    "What the programme costs in all, in euro.": "Was das Programm insgesamt kostet, in Euro.",
    "Share of the cost that the partners carry together.": (
        "Anteil der Kosten, den die Partner zusammen tragen."
    ),
    (
        "What the partners' part is divided by: EQUAL, UNITS (counted registrations) or LEADS, "
        "of the twelve months before the decision."
    ): (
        "Wonach der Teil der Partner aufgeteilt wird: EQUAL (gleich), UNITS (gezählte "
        "Zulassungen) oder LEADS (Anfragen), der zwölf Monate vor der Entscheidung."
    ),
    "Least that a member carries, in euro; empty means no limit.": (
        "Was ein Mitglied mindestens trägt, in Euro; leer heißt ohne Grenze."
    ),
    "Most that a member carries, in euro; empty means no limit.": (
        "Was ein Mitglied höchstens trägt, in Euro; leer heißt ohne Grenze."
    ),
    "Day of the decision: who is a member on it shares the cost.": (
        "Tag der Entscheidung: Wer da Mitglied ist, trägt mit."
    ),
    "Day from which the programme works; empty while that is open.": (
        "Tag, ab dem das Programm wirkt; leer, solange das offen ist."
    ),
    "First day of the membership.": "Erster Tag der Mitgliedschaft.",
    "Day on which the member left; empty while it stays.": (
        "Tag, an dem das Mitglied ausschied; leer, solange es bleibt."
    ),
    "Routing rule.": "Zuweisungsregel.",
    "Kind of case that the rule is for: WARRANTY, COMPLAINT or SERVICE_REQUEST; empty means all.": (
        "Art des Vorgangs, für die die Regel gilt: WARRANTY, COMPLAINT oder SERVICE_REQUEST; "
        "leer heißt alle."
    ),
    "Product category that the rule is for; empty means all.": (
        "Produktkategorie, für die die Regel gilt; leer heißt alle."
    ),
    (
        "How the customer's postal code begins, up to five digits; empty means any postal code, "
        "also none."
    ): (
        "Womit die Postleitzahl des Kunden beginnt, bis zu fünf Ziffern; leer heißt jede, auch "
        "keine."
    ),
    "Dealer that the rule names.": "Händler, den die Regel nennt.",
    "Which of two equally specific rules comes first: the lower number.": (
        "Welche von zwei gleich genauen Regeln zuerst kommt: die kleinere Zahl."
    ),
    "First day on which cases of the brand were routed by rules.": (
        "Erster Tag, an dem Vorgänge der Marke nach Regeln zugewiesen wurden."
    ),
    "Process that manufacturer and dealers share.": "Prozess, den Hersteller und Händler teilen.",
    "RESPONSIBLE (carries it out), ACCOUNTABLE (answers for it), CONSULTED or INFORMED.": (
        "RESPONSIBLE (führt aus), ACCOUNTABLE (verantwortet), CONSULTED (wird gefragt) oder "
        "INFORMED (wird unterrichtet)."
    ),
    "OEM, PARTNER (the dealers), or one dealer by its id.": (
        "OEM, PARTNER (die Händler) oder ein Händler mit seiner Kennung."
    ),
    "Kind of case: WARRANTY, COMPLAINT or SERVICE_REQUEST.": (
        "Art des Vorgangs: WARRANTY, COMPLAINT oder SERVICE_REQUEST."
    ),
    "Hours from opening within which a case is to be resolved.": (
        "Stunden ab Eröffnung, in denen ein Vorgang gelöst sein soll."
    ),
    "Contract of a dealer for a brand.": "Vertrag eines Händlers für eine Marke.",
    (
        "Whether new versions of technology standards apply without a signature, unless "
        "objected in time."
    ): (
        "Ob neue Versionen von Technikstandards ohne Unterschrift gelten, wenn nicht "
        "rechtzeitig widersprochen wird."
    ),
    (
        "Days after the publication of a version within which an objection counts, the last one "
        "included."
    ): (
        "Tage nach Veröffentlichung einer Version, in denen ein Widerspruch zählt, der letzte "
        "eingeschlossen."
    ),
    (
        "Quantile of the peer group's quarterly scores below which a quarter is a breach, as a "
        "fraction: 0.25 is the lower quartile."
    ): (
        "Quantil der Quartalspunktzahlen der Vergleichsgruppe, unter dem ein Quartal ein "
        "Verstoß ist, als Anteil: 0,25 ist das untere Viertel."
    ),
    "Breaches in a row that open an escalation.": (
        "Verstöße in Folge, die eine Eskalation eröffnen."
    ),
    "Technology standard of a brand.": "Technikstandard einer Marke.",
    "Version of the technology standard, as the manufacturer names it.": (
        "Version des Technikstandards, wie der Hersteller sie nennt."
    ),
    "Day on which the version was published: objections count from it.": (
        "Tag, an dem die Version veröffentlicht wurde: Ab da zählen Widersprüche."
    ),
    "First day on which the version is asked of contracts.": (
        "Erster Tag, an dem die Version von Verträgen verlangt wird."
    ),
    "First day on which the version no longer holds; empty while it does.": (
        "Erster Tag, an dem die Version nicht mehr gilt; leer, solange sie gilt."
    ),
}
