"""What feeds hold, in German: the English of the contracts -> German."""

GERMAN: dict[str, str] = {
    (
        "New registrations of passenger cars in Germany by brand and model series, from the FZ "
        "10 workbook as published. A figure that the KBA suppresses is null, never zero. Brands "
        "have one row more than series: their total, series INSGESAMT; so has the whole market, "
        "brand INSGESAMT."
    ): (
        "Neuzulassungen von Pkw in Deutschland nach Marke und Modellreihe, aus der "
        "veröffentlichten Mappe FZ 10. Was das KBA unterdrückt, ist leer, nie null. Jede Marke "
        "hat eine Zeile mehr als Reihen: ihre Summe, Reihe INSGESAMT; ebenso der ganze Markt, "
        "Marke INSGESAMT."
    ),
    "The partners of the network, one row per dealer and brand contract.": (
        "Die Partner des Netzes, eine Zeile je Händler und Markenvertrag."
    ),
    (
        "Which postal code lies in which district; a postal code that spans districts has a row "
        "for each."
    ): (
        "Welche Postleitzahl in welchem Kreis liegt; reicht sie in mehrere Kreise, hat sie für "
        "jeden eine Zeile."
    ),
    "The districts for which a dealer answers, with their validity.": (
        "Die Kreise, für die ein Händler zuständig ist, mit ihrer Gültigkeit."
    ),
    "The model range with segment, powertrain, list price and the discount that keeps the brand.": (
        "Die Modellpalette mit Segment, Antrieb, Listenpreis und dem Nachlass, der zur Marke passt."
    ),
    "Weights, floor, cap and missing policy of each KPI, by version.": (
        "Gewicht, Unter- und Obergrenze jeder Kennzahl und was bei fehlendem Wert gilt, je Version."
    ),
    "The target of a KPI for a dealer, brand and month.": (
        "Der Zielwert einer Kennzahl für Händler, Marke und Monat."
    ),
    "When a month was closed: what was delivered until then is what was known.": (
        "Wann ein Monat abgeschlossen wurde: Bekannt ist, was bis dahin geliefert war."
    ),
    (
        "What a dealer is to sell in a quarter, by segment and powertrain; a target changes by "
        "a new version."
    ): (
        "Was ein Händler in einem Quartal verkaufen soll, nach Segment und Antrieb; ein Ziel "
        "ändert sich durch eine neue Version."
    ),
    (
        "What the manufacturer pays for, to whom and on which conditions; a programme changes "
        "by a new version."
    ): (
        "Wofür der Hersteller zahlt, an wen und unter welchen Bedingungen; ein Programm ändert "
        "sich durch eine neue Version."
    ),
    "The tiers of a programme's version: from which measure which rate is paid.": (
        "Die Stufen einer Programmversion: ab welcher Messgröße welcher Satz gezahlt wird."
    ),
    (
        "What a showroom costs, how much of it the dealer carries up front, and how the rest is "
        "refinanced through bonuses."
    ): (
        "Was ein Ausstellungsraum kostet, wie viel davon der Händler vorab trägt und wie der "
        "Rest über Boni refinanziert wird."
    ),
    "Investments that partners and manufacturer share, and by which key.": (
        "Investitionen, die sich Partner und Hersteller teilen, und nach welchem Schlüssel."
    ),
    "Which partners take part in a shared programme, and since when.": (
        "Welche Partner an einem gemeinsamen Programm teilnehmen und seit wann."
    ),
    (
        "Which dealer is responsible for which cases: by brand, kind of case, category and "
        "place of the customer."
    ): (
        "Welcher Händler für welche Vorgänge zuständig ist: nach Marke, Art, Kategorie und Ort "
        "des Kunden."
    ),
    "Since when cases of a brand are routed by rules.": (
        "Seit wann Vorgänge einer Marke nach Regeln zugewiesen werden."
    ),
    (
        "Who does what in a process of manufacturer and dealers: who carries it out, who "
        "answers for it, who is asked, who is told."
    ): (
        "Wer in einem Prozess von Hersteller und Händlern was tut: wer ihn ausführt, wer ihn "
        "verantwortet, wer gefragt und wer unterrichtet wird."
    ),
    "Within how many hours a case is to be resolved.": (
        "In wie vielen Stunden ein Vorgang gelöst sein soll."
    ),
    (
        "Contracts of dealers: how technology standards are taken up, and what their "
        "performance is measured against."
    ): (
        "Verträge der Händler: wie Technikstandards übernommen werden und woran die Leistung "
        "gemessen wird."
    ),
    "Versions of the technology standards of a brand, and from when on they are asked for.": (
        "Versionen der Technikstandards einer Marke und ab wann sie verlangt werden."
    ),
    "Objections to versions of standards, their resolution, and signed adoptions.": (
        "Widersprüche gegen Versionen von Standards, ihre Klärung und unterschriebene Übernahmen."
    ),
    "What was done about escalations of contracts.": (
        "Was bei Eskalationen von Verträgen getan wurde."
    ),
    "What manufacturers ask of their dealers, and what it takes.": (
        "Was Hersteller von ihren Händlern verlangen und was es kostet."
    ),
    "Modules of business models that dealers can take up.": (
        "Module von Geschäftsmodellen, die Händler übernehmen können."
    ),
    "Courses of the partner academy, and the dimension of data quality that they teach.": (
        "Kurse der Partnerakademie und die Dimension der Datenqualität, die sie lehren."
    ),
    "Who has taken a course of the academy, and whether it was passed.": (
        "Wer einen Kurs der Akademie besucht hat und ob er bestanden wurde."
    ),
    "What the IT of a dealer has to fulfil for modern systems of the manufacturer.": (
        "Was die IT eines Händlers für moderne Systeme des Herstellers erfüllen muss."
    ),
    "Introductions of systems at dealers, from their start until they work with them.": (
        "Einführungen von Systemen bei Händlern, vom Beginn bis damit gearbeitet wird."
    ),
    "Campaigns of the manufacturer for a brand.": "Kampagnen des Herstellers für eine Marke.",
    "What campaigns are made of, and what dealers may change of it.": (
        "Woraus Kampagnen bestehen und was Händler davon ändern dürfen."
    ),
    "Pilots, the key figure they are to improve, and what makes them a success.": (
        "Piloten, die Kennzahl, die sie verbessern sollen, und ab wann sie ein Erfolg sind."
    ),
    "Dealers of pilots, and those they are compared with.": (
        "Händler der Piloten und die, mit denen sie verglichen werden."
    ),
    "When each dealer of the network is to take a pilot over, and did.": (
        "Wann jeder Händler des Netzes einen Piloten übernehmen soll und wann er es tat."
    ),
    (
        "The life of a vehicle at a dealer: ordered, invoiced, delivered, registered, "
        "cancelled, used as a demo."
    ): (
        "Der Weg eines Fahrzeugs beim Händler: bestellt, berechnet, ausgeliefert, zugelassen, "
        "storniert, als Vorführwagen genutzt."
    ),
    "Prospects, from first contact to sale or loss.": (
        "Interessenten, vom ersten Kontakt bis zum Kauf oder Verlust."
    ),
    "Questions to customers after sale or service, with their answers.": (
        "Fragen an Kunden nach Kauf oder Service, mit ihren Antworten."
    ),
    "Warranty, complaint and service cases from opening to resolution.": (
        "Garantiefälle, Beschwerden und Servicefälle von der Eröffnung bis zur Lösung."
    ),
    "The monthly books of a dealer for a brand.": "Die Monatszahlen eines Händlers für eine Marke.",
    "What stood in the yard, was on its way or in demo use on the day of a snapshot.": (
        "Was am Stichtag auf dem Hof stand, unterwegs war oder als Vorführwagen lief."
    ),
    "What dealers say of the requirements made of them, wave by wave.": (
        "Was Händler zu den Anforderungen an sie sagen, Welle für Welle."
    ),
    "Meetings of partners and manufacturer.": "Treffen von Partnern und Hersteller.",
    "Actions raised in meetings, and what became of them.": (
        "Maßnahmen aus Treffen und was aus ihnen wurde."
    ),
    "Decisions of dealers for modules of business models, and whether they went live.": (
        "Entscheidungen von Händlern für Module von Geschäftsmodellen und ob sie in Betrieb gingen."
    ),
    "People who work or have worked at a dealer.": (
        "Menschen, die bei einem Händler arbeiten oder gearbeitet haben."
    ),
    "Whether a dealer meets a criterion of IT, as assessed on a day.": (
        "Ob ein Händler ein IT-Kriterium erfüllt, wie an einem Tag beurteilt."
    ),
    "Campaigns that dealers make of those of the manufacturer.": (
        "Kampagnen, die Händler aus denen des Herstellers machen."
    ),
    "Which elements of a campaign dealers changed in theirs.": (
        "Welche Elemente einer Kampagne Händler in ihrer geändert haben."
    ),
    (
        "New registrations of all brands, by month, district, brand, segment, powertrain and "
        "kind of holder."
    ): (
        "Neuzulassungen aller Marken nach Monat, Kreis, Marke, Segment, Antrieb und Art des "
        "Halters."
    ),
}
