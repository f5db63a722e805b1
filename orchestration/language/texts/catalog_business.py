"""Columns of daily business, in German: the English of the contracts -> German."""

GERMAN: dict[str, str] = {
    "What the model is called when it is sold.": "Wie das Modell im Verkauf heißt.",
    "Identifier of the event, unique over all dealers.": (
        "Kennung des Ereignisses, eindeutig über alle Händler."
    ),
    "OBJECTION, ADOPTION (signed), or OBJECTION_RESOLVED.": (
        "OBJECTION (Widerspruch), ADOPTION (unterschrieben) oder OBJECTION_RESOLVED "
        "(Widerspruch geklärt)."
    ),
    "Day of the event.": "Tag des Ereignisses.",
    "ACKNOWLEDGED, PLAN_AGREED or CLOSED.": (
        "ACKNOWLEDGED (anerkannt), PLAN_AGREED (Plan vereinbart) oder CLOSED (geschlossen)."
    ),
    "Requirement that a manufacturer makes of its dealers.": (
        "Anforderung, die ein Hersteller an seine Händler stellt."
    ),
    "What is asked, in a few words.": "Was verlangt wird, in wenigen Worten.",
    "Kind of requirement. Words are free.": "Art der Anforderung. Die Worte sind frei.",
    "Working days that the requirement takes each dealer it applies to; empty counts as none.": (
        "Arbeitstage, die die Anforderung jeden betroffenen Händler kostet; leer zählt als keine."
    ),
    "What the requirement costs each dealer it applies to, in euro; empty counts as nothing.": (
        "Was die Anforderung jeden betroffenen Händler kostet, in Euro; leer zählt als nichts."
    ),
    "ALL dealers of the brand, or the peer group that the requirement is made of.": (
        "ALL (alle Händler der Marke) oder die Vergleichsgruppe, an die sie sich richtet."
    ),
    "Module of a business model that a dealer can take up.": (
        "Modul eines Geschäftsmodells, das ein Händler übernehmen kann."
    ),
    "What the module is called towards dealers.": "Wie das Modul gegenüber Händlern heißt.",
    "First day on which dealers can take up the module.": (
        "Erster Tag, an dem Händler das Modul übernehmen können."
    ),
    "Course of the academy.": "Kurs der Akademie.",
    "Title of the course in the programme of the academy.": (
        "Titel des Kurses im Programm der Akademie."
    ),
    "What the course is about: DIGITAL, DATA_QUALITY, EV, SALES or SERVICE.": (
        "Worum es im Kurs geht: DIGITAL, DATA_QUALITY, EV, SALES oder SERVICE."
    ),
    "Months for which a certificate of the course is valid; empty means for ever.": (
        "Monate, die ein Zertifikat des Kurses gilt; leer heißt für immer."
    ),
    "Dimension of data quality that the course teaches; empty where it teaches none.": (
        "Dimension der Datenqualität, die der Kurs lehrt; leer, wo er keine lehrt."
    ),
    "Person, by an identifier that stays the same at every dealer.": (
        "Person, mit einer Kennung, die bei jedem Händler gleich bleibt."
    ),
    "Day on which the person completed the course.": (
        "Tag, an dem die Person den Kurs abgeschlossen hat."
    ),
    "Whether the course was passed; only then there is a certificate.": (
        "Ob der Kurs bestanden wurde; nur dann gibt es ein Zertifikat."
    ),
    "Criterion that the IT of a dealer has to meet.": (
        "Kriterium, das die IT eines Händlers erfüllen muss."
    ),
    "Name of the criterion.": "Name des Kriteriums.",
    "Whether a dealer has to meet the criterion to be ready.": (
        "Ob ein Händler das Kriterium erfüllen muss, um bereit zu sein."
    ),
    "First day on which the criterion is asked of dealers.": (
        "Erster Tag, an dem das Kriterium von Händlern verlangt wird."
    ),
    "Introduction of a system at a dealer.": "Einführung eines Systems bei einem Händler.",
    "System of the manufacturer that dealers are to work with.": (
        "System des Herstellers, mit dem Händler arbeiten sollen."
    ),
    "Day on which the introduction began.": "Tag, an dem die Einführung begann.",
    "First day on which the dealer works with the system; empty while he does not.": (
        "Erster Tag, an dem der Händler mit dem System arbeitet; leer, solange nicht."
    ),
    "Day on which the introduction was given up; empty where it was not.": (
        "Tag, an dem die Einführung aufgegeben wurde; leer, wo nicht."
    ),
    "Campaign of the manufacturer.": "Kampagne des Herstellers.",
    "First day of the campaign.": "Erster Tag der Kampagne.",
    "Last day of the campaign.": "Letzter Tag der Kampagne.",
    "What the campaign may cost, in euro.": "Was die Kampagne kosten darf, in Euro.",
    (
        "Whether the campaign positions the brand as premium: while it runs, discounts beyond "
        "the limit of the model contradict it."
    ): (
        "Ob die Kampagne die Marke als Premium positioniert: Solange sie läuft, widersprechen "
        "ihr Nachlässe über der Grenze des Modells."
    ),
    (
        "Element of a campaign that dealers take over or change: a picture, a text, a price, a "
        "format."
    ): (
        "Element einer Kampagne, das Händler übernehmen oder ändern: ein Bild, ein Text, ein "
        "Preis, ein Format."
    ),
    "What the element counts, in points of 100; the elements of a campaign make up 100.": (
        "Was das Element zählt, in Punkten von 100; die Elemente einer Kampagne ergeben 100."
    ),
    "Whether the element may not be changed, whatever else is changed.": (
        "Ob das Element nicht geändert werden darf, was immer sonst geändert wird."
    ),
    "Pilot: something new that some dealers of a brand try.": (
        "Pilot: etwas Neues, das einige Händler einer Marke erproben."
    ),
    "What the pilot is called in the network.": "Wie der Pilot im Netz heißt.",
    "Key figure that the pilot is to improve.": "Kennzahl, die der Pilot verbessern soll.",
    "First day of the pilot.": "Erster Tag des Piloten.",
    "Last day of the pilot; empty while its end is open.": (
        "Letzter Tag des Piloten; leer, solange sein Ende offen ist."
    ),
    (
        "Uplift from which the pilot is a success, in the unit of the key figure: 0.05 is five "
        "points of a share in percent, and 0.05 days, hours or points of a figure that is "
        "counted in these."
    ): (
        "Zuwachs, ab dem der Pilot ein Erfolg ist, in der Einheit der Kennzahl: 0,05 sind fünf "
        "Prozentpunkte eines Anteils und 0,05 Tage, Stunden oder Punkte einer Kennzahl, die so "
        "zählt."
    ),
    "Dealers that each arm needs for a recommendation.": (
        "Händler, die jede Gruppe für eine Empfehlung braucht."
    ),
    "PILOT (tries it) or CONTROL (is compared with).": (
        "PILOT (erprobt) oder CONTROL (wird verglichen)."
    ),
    "Day from which the dealer takes part.": "Tag, ab dem der Händler teilnimmt.",
    "Day on which the dealer is to work with it.": "Tag, an dem der Händler damit arbeiten soll.",
    "First day on which the dealer works with it; empty while he does not.": (
        "Erster Tag, an dem der Händler damit arbeitet; leer, solange nicht."
    ),
    "Vehicle identification number: 17 characters without I, O and Q.": (
        "Fahrzeug-Identifizierungsnummer: 17 Zeichen ohne I, O und Q."
    ),
    "What happened.": "Was geschehen ist.",
    "Day on which it happened.": "Tag, an dem es geschah.",
    "Kind of holder: PRIVATE, FLEET, RENTAL, DEALER or OEM.": (
        "Art des Halters: PRIVATE, FLEET, RENTAL, DEALER oder OEM."
    ),
    "Postal code of the customer, as the dealer wrote it.": (
        "Postleitzahl des Kunden, wie der Händler sie schrieb."
    ),
    "List price of the vehicle in euro.": "Listenpreis des Fahrzeugs in Euro.",
    "Net price invoiced in euro.": "Berechneter Nettopreis in Euro.",
    "Delivery date promised to the customer.": "Dem Kunden zugesagter Liefertermin.",
    "System that recorded the event.": "System, das das Ereignis erfasst hat.",
    "Identifier of the lead.": "Kennung der Anfrage.",
    "Campaign that brought the lead.": "Kampagne, die die Anfrage brachte.",
    "Way the lead came in.": "Weg, auf dem die Anfrage kam.",
    "Instant of the first contact (UTC).": "Zeitpunkt des ersten Kontakts (UTC).",
    "Instant of the first answer (UTC).": "Zeitpunkt der ersten Antwort (UTC).",
    "Vehicle that the lead bought.": "Fahrzeug, das daraufhin gekauft wurde.",
    "Instant the lead was given up (UTC).": "Zeitpunkt, zu dem die Anfrage aufgegeben wurde (UTC).",
    "Name of the prospect.": "Name des Interessenten.",
    "Address of the prospect.": "Adresse des Interessenten.",
    "Identifier of the survey sent.": "Kennung der verschickten Befragung.",
    "What the survey was about.": "Worum es in der Befragung ging.",
    "Instant it was sent (UTC).": "Zeitpunkt des Versands (UTC).",
    "Instant it was answered (UTC).": "Zeitpunkt der Antwort (UTC).",
    "Answer, 0 to 10.": "Antwort, 0 bis 10.",
    "What the customer wrote.": "Was der Kunde schrieb.",
    "Identifier of the case.": "Kennung des Vorgangs.",
    "Kind of case.": "Art des Vorgangs.",
    "Part of the vehicle or service concerned.": "Betroffener Teil des Fahrzeugs oder des Service.",
    "Instant the case was opened (UTC).": "Zeitpunkt der Eröffnung (UTC).",
    "Instant it was first assigned (UTC).": "Zeitpunkt der ersten Zuweisung (UTC).",
    "Instant it was resolved (UTC).": "Zeitpunkt der Lösung (UTC).",
    "How often it changed hands.": "Wie oft er weitergegeben wurde.",
    "How often it was opened again.": "Wie oft er wieder eröffnet wurde.",
    "Amount claimed in euro.": "Geforderter Betrag in Euro.",
    "Amount approved in euro.": "Anerkannter Betrag in Euro.",
    "Month of the books (first day).": "Monat der Zahlen (erster Tag).",
    "Revenue of new vehicles in euro.": "Umsatz mit Neuwagen in Euro.",
    "Gross profit of new vehicles in euro.": "Rohertrag mit Neuwagen in Euro.",
    "Revenue of used vehicles in euro.": "Umsatz mit Gebrauchtwagen in Euro.",
    "Gross profit of used vehicles in euro.": "Rohertrag mit Gebrauchtwagen in Euro.",
    "Revenue of service and parts in euro.": "Umsatz mit Service und Teilen in Euro.",
    "Gross profit of service and parts in euro.": "Rohertrag mit Service und Teilen in Euro.",
    "Fixed expenses in euro.": "Fixkosten in Euro.",
    "Operating result in euro.": "Betriebsergebnis in Euro.",
    "Equity at the end of the month in euro.": "Eigenkapital am Monatsende in Euro.",
    "Total assets at the end of the month in euro.": "Bilanzsumme am Monatsende in Euro.",
    "Liquid funds at the end of the month in euro.": "Flüssige Mittel am Monatsende in Euro.",
    "Day of the snapshot.": "Stichtag.",
    "Where the vehicle stands.": "Wo das Fahrzeug steht.",
    "Day it came into stock.": "Tag des Zugangs in den Bestand.",
    "Month of the wave of the pulse survey (first day).": (
        "Monat der Welle der Kurzbefragung (erster Tag)."
    ),
    "Whether the dealer reports that requirements have increased.": (
        "Ob der Händler meldet, dass die Anforderungen gestiegen sind."
    ),
    "Trust in the manufacturer, 0 to 10; empty where not answered.": (
        "Vertrauen in den Hersteller, 0 bis 10; leer, wo nicht beantwortet."
    ),
    "Meeting of a partner and the manufacturer.": "Treffen eines Partners mit dem Hersteller.",
    "Day on which the meeting was held.": "Tag des Treffens.",
    "How many took part.": "Wie viele teilnahmen.",
    "What was spoken about.": "Worüber gesprochen wurde.",
    "Action that was raised in a meeting.": "Maßnahme aus einem Treffen.",
    "Who has to do it: OEM or PARTNER.": "Wer sie zu tun hat: OEM oder PARTNER.",
    "Day on which the action was raised.": "Tag, an dem die Maßnahme aufkam.",
    "Day on which it was decided; empty while it is not.": (
        "Tag der Entscheidung; leer, solange keine fiel."
    ),
    "Day by which it is to be done; empty means no day was set.": (
        "Tag, bis zu dem sie erledigt sein soll; leer heißt kein Tag gesetzt."
    ),
    "Day on which it was done; empty while it is not.": (
        "Tag der Erledigung; leer, solange sie aussteht."
    ),
    "What is to be done.": "Was zu tun ist.",
    "Day on which the dealer decided for the module.": (
        "Tag, an dem sich der Händler für das Modul entschied."
    ),
    "First day on which the dealer works with the module; empty while he does not.": (
        "Erster Tag, an dem der Händler mit dem Modul arbeitet; leer, solange nicht."
    ),
    "Day on which the dealer gave the module up; empty while he has not.": (
        "Tag, an dem der Händler das Modul aufgab; leer, solange nicht."
    ),
    "What the person does at the dealer. Words are free.": (
        "Was die Person beim Händler tut. Die Worte sind frei."
    ),
    "First day of the employment at the dealer.": "Erster Tag der Anstellung beim Händler.",
    "Last day of the employment; empty while it goes on.": (
        "Letzter Tag der Anstellung; leer, solange sie dauert."
    ),
    "Day of the assessment.": "Tag der Beurteilung.",
    "Whether the dealer met the criterion that day.": (
        "Ob der Händler das Kriterium an dem Tag erfüllte."
    ),
    "Campaign of a dealer, made of a campaign of the manufacturer.": (
        "Kampagne eines Händlers, aus einer des Herstellers gemacht."
    ),
    "Day on which the dealer submitted it for approval.": (
        "Tag, an dem der Händler sie zur Freigabe einreichte."
    ),
    "Day on which the manufacturer approved it; empty while it is not.": (
        "Tag, an dem der Hersteller sie freigab; leer, solange nicht."
    ),
    "First day on which the dealer's campaign runs.": (
        "Erster Tag, an dem die Kampagne des Händlers läuft."
    ),
    "Last day on which the dealer's campaign runs.": (
        "Letzter Tag, an dem die Kampagne des Händlers läuft."
    ),
    "What the dealer's campaign costs, in euro.": "Was die Kampagne des Händlers kostet, in Euro.",
    "How often it was shown; empty where it was not measured.": (
        "Wie oft sie gezeigt wurde; leer, wo nicht gemessen."
    ),
    "How often it was clicked; empty where it was not measured.": (
        "Wie oft sie angeklickt wurde; leer, wo nicht gemessen."
    ),
    "Whether the dealer changed the element.": "Ob der Händler das Element geändert hat.",
    "Vehicles registered.": "Zugelassene Fahrzeuge.",
    "True withdraws the key; only the key is required then.": (
        "True nimmt den Schlüssel zurück; dann ist nur der Schlüssel nötig."
    ),
}
