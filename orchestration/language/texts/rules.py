"""The rules of data quality in German: those of what dealers deliver, and of the lake's books.

English stands with each rule (`expectations`). Sentences are short: what a good row is like, what
goes wrong without it, what the sender does. What a factory states for several feeds in English, one
states here too.
"""

from __future__ import annotations

from typing import NamedTuple

from orchestration.language.texts import rules_brand


class RuleText(NamedTuple):
    """What a good row is like, what goes wrong without it, what the sender does."""

    description: str
    reason: str
    remedy: str


_FEEDS = (
    "EVENT",
    "LEAD",
    "SURVEY",
    "CASE",
    "FINANCIALS",
    "STOCK",
    "PULSE",
    "MEETING",
    "ACTION",
    "MODULE_ADOPTION",
    "STAFF",
    "IT_ASSESSMENT",
    "LOCAL_CAMPAIGN",
    "CAMPAIGN_CHANGE",
)
"""How the codes of the rules of a dealer feed begin."""


def _accepted(prefix: str) -> dict[str, RuleText]:
    lost = "Die Zeile liegt in Quarantäne und fehlt in jeder Kennzahl, bis sie neu geliefert wird."
    return {
        f"{prefix}_ROWS_COMPLETE": RuleText(
            "Jede Pflichtspalte einer Zeile hat einen Wert.",
            lost,
            "Machen Sie das Feld dort zur Pflicht, wo es erfasst wird. `partnerdw quarantine` "
            "zeigt, welches fehlt; füllen Sie es und liefern Sie die Zeile neu.",
        ),
        f"{prefix}_ROWS_READABLE": RuleText(
            "Jeder Wert hat den Typ seiner Spalte und ist zulässig, und eine Zeile hat so viele "
            "Felder wie die Kopfzeile.",
            lost,
            "Exportieren Sie nach dem Vertrag der Lieferung: Datum, Zahlen und Codes wie dort "
            "beschrieben, Texte mit Trennzeichen in Anführungszeichen. Berichtigen Sie die Zeile "
            "und liefern Sie sie neu.",
        ),
        f"{prefix}_ROWS_UNIQUE": RuleText(
            "Ein Schlüssel steht in einer Datei nur einmal.",
            "Von mehreren Zeilen mit demselben Schlüssel zählt nur die letzte. Was die anderen "
            "sagten, geht verloren, und niemand weiß, welche stimmt.",
            "Führen Sie doppelt erfasste Datensätze zusammen und exportieren Sie jeden einmal, in "
            "seinem neuesten Stand.",
        ),
        f"{prefix}_ROWS_OF_SENDER": RuleText(
            "Die Datei eines Händlers enthält nur Zeilen dieses Händlers.",
            "Niemand darf für andere melden: Die Zeile liegt in Quarantäne und zählt für keinen.",
            "Exportieren Sie je Händler und prüfen Sie, welche Nummer das System jedem Ihrer "
            "Standorte gibt.",
        ),
    }


def _timely(days: int, newest: str) -> RuleText:
    return RuleText(
        f"{newest} einer Datei ist höchstens {days} Tage alt, wenn sie eintrifft.",
        "Ein Monat wird mit dem bewertet und abgeschlossen, was bis dahin da ist. Was später "
        "kommt, fehlt darin und wird erst mit dem nächsten Abschluss verrechnet.",
        "Lassen Sie das System selbsttätig senden, mindestens einmal im Monat, und prüfen Sie, ob "
        "ein Export stehen geblieben ist.",
    )


_CONTRACT_MISSING = (
    "Exportieren Sie Ihre Händlernummer und den Code der Marke so, wie sie im Vertrag stehen. "
    "Stimmen beide, bitten Sie den Hersteller, den Vertrag zu liefern."
)
_SOLD_BY_DEALER = RuleText(
    "Der Händler hat einen Vertrag für diese Marke.",
    "Zeilen anderer stehen in keiner Auswertung: Was verkauft oder getan wurde, fehlt überall.",
    _CONTRACT_MISSING,
)
_SAID_BY_DEALER = RuleText(
    "Der Händler hat einen Vertrag für diese Marke.",
    "Zeilen anderer stehen in keiner Auswertung: Was gesagt oder getan wurde, fehlt überall.",
    _CONTRACT_MISSING,
)
_MODEL = RuleText(
    "Das Modell steht in der Modellpalette, unter der Marke der Zeile.",
    "Sonst sind Segment und Antrieb unbekannt, und die Zeile fehlt überall, wo sie zählen: bei "
    "Zielen, Elektroanteil und Markt.",
    "Exportieren Sie den Modellcode des Herstellers, keinen eigenen.",
)

_LAKE = {
    "DELIVERY_CONSERVED": RuleText(
        "In jeder Datei ist jede gelieferte Zeile angenommen oder in Quarantäne.",
        "Sonst sind unterwegs Zeilen verloren gegangen, und keiner Kennzahl ist zu trauen.",
        "Für Absender ist nichts zu tun: mit --full-refresh neu laden und melden, wenn es bleibt.",
    ),
    "DELIVERY_ROWS_IN_LAKE": RuleText(
        "Die Dateien im Lake enthalten genau die Zeilen, die in den Büchern stehen: angenommene in "
        "lake/raw, zurückgestellte in lake/quarantine.",
        "Sonst wurde eine Datei des Lakes nach dem Laden verändert oder ging verloren.",
        "Für Absender ist nichts zu tun: lake/ aus einer Sicherung wiederherstellen und vor "
        "fremdem Schreiben schützen.",
    ),
    "DELIVERY_REJECTION_RECORDED": RuleText(
        "Jede abgewiesene Datei steht mit ihrem Grund in lake/rejected.",
        "Sonst kann niemand erfahren, warum eine Lieferung fehlt.",
        "Für Absender ist nichts zu tun: lake/rejected aus einer Sicherung wiederherstellen.",
    ),
    "DELIVERY_NOT_REJECTED": RuleText(
        "Eine Datei lässt sich lesen.",
        "Eine abgewiesene fehlt ganz, in jeder Kennzahl, bis sie neu geliefert wird.",
        "`partnerdw quarantine` nennt den Grund. Beheben Sie den Fehler im Export und liefern Sie "
        "die Datei neu.",
    ),
    "DELIVERY_SENDER_KNOWN": RuleText(
        "Der Name einer Datei sagt, wer sie wann gesendet hat (absender_JJJJMMTTThhmm).",
        "Sonst kann niemand dazu gefragt werden, und ihre Dateizeit entscheidet, welche Lieferung "
        "gilt.",
        "Benennen Sie Dateien absender_JJJJMMTTThhmm, mit Ihrer Nummer und der Zeit des Exports.",
    ),
    "DELIVERY_SNAPSHOT_NOT_EMPTY": RuleText(
        "Der neueste Gesamtbestand eines Absenders enthält Zeilen.",
        "Ein leerer löscht alles, was dieser Absender hier zuvor geliefert hat.",
        "Prüfen Sie, ob der Export ohne Daten lief, und liefern Sie den vollen Bestand neu.",
    ),
    "DELIVERY_QUARANTINE_SHARE": RuleText(
        "Höchstens 2 % der Zeilen einer Lieferung sind in Quarantäne.",
        "Mehr deutet auf ein geändertes Format hin, nicht auf Versehen: Ganze Spalten können in "
        "den Kennzahlen fehlen.",
        "Vergleichen Sie den neuesten Export mit dem Vertrag der Lieferung, berichtigen Sie ihn "
        "und liefern Sie die Zeilen neu.",
    ),
    "DELIVERY_KNOWN_AT_CLOSE": RuleText(
        "Was vor einem Monatsabschluss geliefert wurde, hat auch die erste Ladung danach geladen.",
        "Was später geladen wird, ändert nichts an dem, was gebucht ist, und zählt erst im "
        "nächsten Abschluss.",
        "Liefern Sie vor dem Abschluss, und laden Sie nach jedem mindestens einmal: partnerdw run.",
    ),
}

_EVENTS = {
    "EVENT_DEALER_KNOWN": _SOLD_BY_DEALER,
    "EVENT_MODEL_KNOWN": _MODEL,
    "EVENT_VIN_CHECK_DIGIT": RuleText(
        "Einige zugelassene Fahrgestellnummern haben an neunter Stelle eine Prüfziffer, die zu den "
        "anderen Stellen passt.",
        "Sie ist nur in Nordamerika Pflicht, und eine von elf passt zufällig. Liegt der Anteil "
        "weit darunter, wurden Nummern unterwegs verändert, und ein Fahrzeug zählt als zwei.",
        "Übernehmen Sie die Nummer aus den Papieren oder vom Scanner, tippen Sie sie nicht ab. "
        "Prüfen Sie, ob ein Export sie kürzt oder auffüllt.",
    ),
    "EVENT_SINCE_DEALER_OPENED": RuleText(
        "Ein Ereignis liegt am ersten Öffnungstag des Händlers oder danach.",
        "Das Datum oder der Öffnungstag ist falsch: Ein Ereignis davor zählt für niemanden.",
        "Berichtigen Sie das Datum. Stimmt es, bitten Sie den Hersteller, den Öffnungstag zu "
        "berichtigen.",
    ),
    "EVENT_UNTIL_DEALER_CLOSED": RuleText(
        "Bestellung, Rechnung, Übergabe und Zulassung liegen am letzten Öffnungstag des Händlers "
        "oder davor.",
        "Ein Verkauf eines geschlossenen Händlers steht in keinem Score und gehört dem Nachfolger.",
        "Buchen Sie den Verkauf bei dem Händler, der ihn gemacht hat, oder lassen Sie den letzten "
        "Öffnungstag berichtigen.",
    ),
    "EVENT_NOT_AHEAD_OF_DELIVERY": RuleText(
        "Ein Ereignis ist geschehen, wenn die Datei eintrifft (ein Tag Spielraum für Zeitzonen).",
        "Ein Plan, der als Tatsache gemeldet wird, zählt in einem Monat, der noch nicht da ist, "
        "und bleibt stehen, wenn der Plan sich ändert.",
        "Exportieren Sie Ereignisse erst, wenn sie geschehen sind. Geplante Tage gehören in "
        "promised_on.",
    ),
    "EVENT_NET_PRICE_WITHIN_LIST": RuleText(
        "Der Nettopreis liegt nicht über dem Listenpreis.",
        "Brutto und netto sind verwechselt, oder zwei Fahrzeuge: Der Nachlass wird negativ, und "
        "der Preis erscheint markengerecht, ohne es zu sein.",
        "Liefern Sie Nettopreise ohne Umsatzsteuer und den Listenpreis desselben Fahrzeugs mit "
        "seiner Ausstattung.",
    ),
    "EVENT_INVOICE_HAS_NET_PRICE": RuleText(
        "Eine Rechnung nennt ihren Nettopreis.",
        "Ohne ihn ist sie ein Fahrzeug mit Umsatz 0: Wachstum und Preiskonsistenz sind falsch.",
        "Exportieren Sie den Nettopreis jeder Rechnung und liefern Sie die Rechnung damit neu.",
    ),
    "EVENT_INVOICE_HAS_LIST_PRICE": RuleText(
        "Eine Rechnung nennt den Listenpreis.",
        "Ohne ihn ist der Nachlass unbekannt, und die Rechnung fehlt in der Preiskonsistenz.",
        "Exportieren Sie den Listenpreis vom Tag der Bestellung und liefern Sie die Rechnung damit "
        "neu.",
    ),
    "EVENT_PRICES_NOT_NEGATIVE": RuleText(
        "Preise sind 0 oder größer.",
        "Eine negative Rechnung senkt den Umsatz und zählt doch als weiteres Fahrzeug. Für Boni "
        "zählt ein solcher Preis als 0.",
        "Buchen Sie eine Gutschrift als Storno (CANCELLATION) der Rechnung, nicht als zweite "
        "Rechnung.",
    ),
    "EVENT_PRICES_OF_VEHICLES": RuleText(
        "Preise liegen unter 100.000.000 EUR.",
        "Mehr kostet kein Fahrzeug: Eine solche Zeile wiegt schwerer als der Umsatz eines Jahres "
        "und zählt für Boni als 0.",
        "Prüfen Sie, ob Cent statt Euro gesendet wurden oder eine Nummer in der Preisspalte steht.",
    ),
    "EVENT_REGISTRATION_HAS_HOLDER": RuleText(
        "Eine Zulassung nennt die Art des Halters.",
        "Ohne Angabe zählt sie als Kundenzulassung: Eigenzulassungen blieben unbemerkt.",
        "Machen Sie die Art des Halters bei der Zulassung zur Pflicht und exportieren Sie sie.",
    ),
    "EVENT_PROMISED_AFTER_ORDER": RuleText(
        "Was bestellt ist, ist für denselben Tag oder später zugesagt.",
        "Ein in der Vergangenheit zugesagtes Fahrzeug ist vom ersten Tag an verspätet und steht im "
        "Rückstand, der die Erwartung an den Händler senkt.",
        "Erfassen Sie den Tag, der dem Kunden zugesagt wurde, und lassen Sie keinen Vorgabewert "
        "stehen.",
    ),
    "EVENT_VIN_REGISTERED_ONCE": RuleText(
        "Eine Fahrgestellnummer wird selten ein zweites Mal zugelassen (nach einem Storno darf sie "
        "es).",
        "Von mehreren Zulassungen zählt nur die früheste: Die anderen fehlen jemandem.",
        "Melden Sie die Zulassung bei dem, der verkauft hat, und ziehen Sie doppelt Gebuchtes "
        "zurück.",
    ),
    "EVENT_TIMELY": _timely(45, "Das neueste Ereignis"),
}

_LEADS = {
    "LEAD_DEALER_KNOWN": _SOLD_BY_DEALER,
    "LEAD_MODEL_KNOWN": _MODEL,
    "LEAD_ANSWERED_AFTER_CREATION": RuleText(
        "Eine Anfrage wird beantwortet, wenn sie eingegangen ist, nicht vorher.",
        "Eine Antwort vor der Anfrage zählt als innerhalb von 24 Stunden: Der Anteil rechtzeitiger "
        "Antworten ist zu hoch.",
        "Lassen Sie das System beide Zeitpunkte setzen. Prüfen Sie Uhren und Zeitzonen.",
    ),
    "LEAD_LOST_AFTER_CREATION": RuleText(
        "Eine Anfrage wird aufgegeben, wenn sie eingegangen ist, nicht vorher.",
        "Die Tage bis zum Verlust sind negativ, und niemand erfährt, wie lange Anfragen bearbeitet "
        "werden.",
        "Lassen Sie das System den Zeitpunkt beim Schließen setzen, in der Zeitzone der anderen.",
    ),
    "LEAD_NOT_SOLD_AND_LOST": RuleText(
        "Eine Anfrage führt zum Verkauf oder ist verloren, nicht beides.",
        "Die Abschlussquote zählt sie als Verkauf: War sie verloren, ist die Quote zu hoch.",
        "Schließen Sie eine Anfrage auf eine Weise. Leeren Sie lost_at, wenn doch verkauft wurde.",
    ),
    "LEAD_REACHABLE": RuleText(
        "Eine Anfrage hat eine E-Mail-Adresse.",
        "Ohne sie kann niemand online antworten: Die Anfrage wartet und zählt als unbeantwortet.",
        "Fragen Sie in jedem Formular und am Empfang nach der Adresse und exportieren Sie sie mit.",
    ),
    "LEAD_EMAIL_WELL_FORMED": RuleText(
        "Eine E-Mail-Adresse hat ein @ mit etwas auf beiden Seiten.",
        "Eine Antwort an eine andere Adresse erreicht niemanden, und der Kunde fragt anderswo.",
        "Prüfen Sie die Adresse bei der Eingabe und berichtigen Sie sie, wenn eine Antwort "
        "zurückkommt.",
    ),
    "LEAD_TIMELY": _timely(45, "Die neueste Anfrage"),
}

_SURVEYS = {
    "SURVEY_DEALER_KNOWN": _SOLD_BY_DEALER,
    "SURVEY_ANSWERED_AFTER_SENDING": RuleText(
        "Eine Umfrage wird beantwortet, wenn sie versandt ist, nicht vorher.",
        "Die Antwort gehört zu einer anderen Umfrage, oder eine Uhr geht falsch: Sie zählt für "
        "einen Monat vor dem Besuch.",
        "Lassen Sie das System beide Zeitpunkte setzen und exportieren Sie sie in einer Zeitzone.",
    ),
    "SURVEY_SCORE_WITH_ANSWER": RuleText(
        "Eine beantwortete Umfrage hat eine Note, und eine Note den Zeitpunkt der Antwort.",
        "Eines allein zählt nicht für CSI und NPS: Zufriedene Kunden fehlen.",
        "Exportieren Sie Note und Zeitpunkt gemeinsam. Lassen Sie beide leer, solange niemand "
        "geantwortet hat.",
    ),
    "SURVEY_VIN_PRESENT": RuleText(
        "Eine Umfrage nennt das Fahrzeug, um das es geht.",
        "Ohne es lassen sich Lob und Beschwerde keinem Verkauf und keiner Reparatur zuordnen.",
        "Versenden Sie Umfragen aus dem Auftrag, der die Fahrgestellnummer kennt, und exportieren "
        "Sie sie.",
    ),
    "SURVEY_TIMELY": _timely(45, "Die neueste Umfrage"),
}

_CASES = {
    "CASE_DEALER_KNOWN": _SOLD_BY_DEALER,
    "CASE_RESOLVED_AFTER_OPENING": RuleText(
        "Ein Vorgang wird gelöst, wenn er eröffnet ist, nicht vorher.",
        "Ein vorher gelöster fehlt in der Durchlaufzeit, die dann nur die der anderen ist.",
        "Lassen Sie das System beide Zeitpunkte setzen und berichtigen Sie, was nachträglich von "
        "Hand erfasst wurde.",
    ),
    "CASE_ASSIGNED_IN_ITS_LIFE": RuleText(
        "Ein Vorgang wird zwischen seiner Eröffnung und seiner Lösung zum ersten Mal zugewiesen.",
        "Die Stunden bis zur Zuweisung sind negativ oder länger als der Vorgang: Die Zahlen zur "
        "Zuweisung sind falsch.",
        "Lassen Sie das System den Zeitpunkt der ersten Zuweisung setzen und behalten Sie ihn, "
        "wenn der Vorgang weitergegeben wird.",
    ),
    "CASE_APPROVED_WITHIN_CLAIM": RuleText(
        "Es wird nicht mehr genehmigt als beantragt, und beides ist 0 oder größer.",
        "Antrag und Genehmigung sind vertauscht oder aus zwei Vorgängen: Gewährleistungskosten und "
        "Genehmigungsanteil sind falsch.",
        "Exportieren Sie beide Beträge desselben Vorgangs in Euro, so wie die Gutschrift des "
        "Herstellers sie nennt.",
    ),
    "CASE_COUNTS_PLAUSIBLE": RuleText(
        "Ein Vorgang wird 0- bis 50-mal weitergegeben und wieder eröffnet.",
        "Eine größere Zahl ist eine Nummer oder eine Summe: Der Anteil wieder eröffneter Vorgänge "
        "sagt nichts mehr.",
        "Exportieren Sie, wie oft dieser Vorgang weitergegeben und wieder eröffnet wurde, keine "
        "laufende Nummer.",
    ),
    "CASE_POSTAL_CODE_WELL_FORMED": RuleText(
        "Die Postleitzahl des Kunden hat fünf Ziffern.",
        "Vorgänge werden nach ihr zugewiesen: Mit anderem Text erreichen sie niemanden oder den "
        "falschen Händler.",
        "Erfassen Sie nur die fünf Ziffern, mit führender Null und ohne Ort, und exportieren Sie "
        "sie als Text.",
    ),
    "CASE_TIMELY": _timely(45, "Der neueste Vorgang"),
}

_FINANCIALS = {
    "FINANCIALS_DEALER_KNOWN": _SOLD_BY_DEALER,
    "FINANCIALS_REVENUE_NOT_NEGATIVE": RuleText(
        "Kein Umsatz eines Monats ist kleiner als 0.",
        "Die Umsatzrendite teilt durch ihn: Ein falsches Vorzeichen lässt Verlust wie Gewinn "
        "aussehen.",
        "Liefern Sie den Umsatz nach Abzug der Gutschriften des Monats. Prüfen Sie die Vorzeichen "
        "der Konten.",
    ),
    "FINANCIALS_PROFIT_WITHIN_REVENUE": RuleText(
        "Der Bruttoertrag aus Neuwagen, Gebrauchtwagen und Service liegt nicht über deren Umsatz.",
        "Margen über 100 % verdecken, was Handel und Service wirklich verdienen.",
        "Liefern Sie den Bruttoertrag als Umsatz abzüglich der Kosten des Verkauften, beides aus "
        "demselben Monat und Geschäft.",
    ),
    "FINANCIALS_RESULT_WITHIN_PROFIT": RuleText(
        "Das Betriebsergebnis liegt nicht über dem gesamten Bruttoertrag.",
        "Was neben dem Handel verdient wird, gehört nicht hinein: Die Umsatzrendite wäre zu hoch.",
        "Lassen Sie Zinsen, Mieten und den Verkauf von Anlagen aus dem Betriebsergebnis.",
    ),
    "FINANCIALS_FIXED_EXPENSES_POSITIVE": RuleText(
        "Die Fixkosten sind größer als 0.",
        "An ihnen wird die Fixkostendeckung gemessen: Ohne sie ist sie leer, mit negativen kehrt "
        "sie sich um.",
        "Liefern Sie die Fixkosten des Monats als positiven Betrag.",
    ),
    "FINANCIALS_WITHIN_TOTAL_ASSETS": RuleText(
        "Eigenkapital und flüssige Mittel liegen nicht über der Bilanzsumme.",
        "Sie sind Teile davon: Ein Anteil über 100 % lässt einen Händler sicherer erscheinen, als "
        "er ist.",
        "Liefern Sie alle drei aus derselben Bilanz, in Euro.",
    ),
    "FINANCIALS_MONTHS_COMPLETE": RuleText(
        "Zwischen den ersten und den letzten Büchern eines Händlers fehlt kein Monat.",
        "Kennzahlen über zwölf Monate bleiben ein Jahr lang leer.",
        "Liefern Sie die Bücher des fehlenden Monats und berichtigen Sie sie später, wenn sie "
        "vorläufig sind.",
    ),
    "FINANCIALS_TIMELY": _timely(75, "Der neueste Buchungsmonat"),
}

_STOCK = {
    "STOCK_DEALER_KNOWN": _SOLD_BY_DEALER,
    "STOCK_MODEL_KNOWN": _MODEL,
    "STOCK_SINCE_BEFORE_SNAPSHOT": RuleText(
        "Ein Fahrzeug kam am Tag der Zählung in den Bestand oder davor.",
        "Sein Alter ist negativ, und das mittlere Alter des Bestands zu niedrig.",
        "Exportieren Sie den Tag des Eingangs. Lassen Sie ihn leer, solange das Fahrzeug unterwegs "
        "ist.",
    ),
    "STOCK_SINCE_PRESENT": RuleText(
        "Ein Fahrzeug im Bestand nennt, seit wann es dort steht.",
        "Ohne diesen Tag hat es kein Alter: Was zu lange steht, fällt nicht auf.",
        "Erfassen Sie den Tag des Eingangs, wenn ein Fahrzeug kommt, und exportieren Sie ihn.",
    ),
    "STOCK_VIN_AT_ONE_DEALER": RuleText(
        "Am Tag einer Zählung steht ein Fahrzeug nur bei einem Händler auf dem Hof.",
        "Es zählt im Bestand beider: Einem wird eine zu hohe Bestandsreichweite zugerechnet.",
        "Nehmen Sie ein Fahrzeug aus dem Bestand, wenn es an einen anderen Händler geht.",
    ),
    "STOCK_TIMELY": _timely(45, "Die neueste Zählung"),
}

_DIALOGUE = {
    "PULSE_DEALER_KNOWN": _SAID_BY_DEALER,
    "PULSE_WHILE_DEALER_OPEN": RuleText(
        "Wer antwortet, ist im Monat der Befragung geöffnet.",
        "Antworten anderer zählen im Anteil des Netzes mit.",
        "Berichtigen Sie den Monat, oder lassen Sie die Tage des Händlers berichtigen.",
    ),
    "PULSE_NOT_AHEAD_OF_DELIVERY": RuleText(
        "Eine Befragung hat begonnen, wenn ihre Antworten eintreffen (ein Tag Spielraum für "
        "Zeitzonen).",
        "Antworten auf eine Befragung, die noch nicht begonnen hat, gehören zu einer anderen.",
        "Liefern Sie den Monat der Befragung, um die es ging.",
    ),
    "PULSE_TRUST_PRESENT": RuleText(
        "Eine Antwort sagt, wie sehr der Händler dem Hersteller vertraut.",
        "Das Vertrauen ist sonst das der wenigen, die es sagen.",
        "Beantworten Sie beide Fragen der Befragung.",
    ),
    "PULSE_ANSWERED_BY_HALF": RuleText(
        "Die Hälfte der geöffneten Händler einer Marke beantwortet eine Befragung.",
        "Wer schweigt, denkt vielleicht anders.",
        "Beantworten Sie jede Befragung; es dauert eine Minute.",
    ),
    "PULSE_TIMELY": _timely(100, "Der neueste Befragungsmonat"),
    "MEETING_DEALER_KNOWN": _SAID_BY_DEALER,
    "MEETING_OF_TOP_PARTNER": RuleText(
        "Ein Gespräch findet mit einem Top-Partner statt.",
        "Gespräche mit anderen stehen in keiner Übersicht.",
        "Berichtigen Sie Händler oder Marke, oder lassen Sie den Status des Partners berichtigen.",
    ),
    "MEETING_NOT_AHEAD_OF_DELIVERY": RuleText(
        "Ein Gespräch hat stattgefunden, wenn die Datei eintrifft (ein Tag Spielraum für "
        "Zeitzonen).",
        "Ein geplantes ist keines: Ein abgesagtes würde als geführt zählen.",
        "Exportieren Sie Gespräche, nachdem sie stattgefunden haben.",
    ),
    "MEETING_PARTICIPANTS_PLAUSIBLE": RuleText(
        "Zwei bis fünfzig Menschen treffen sich.",
        "Mit einem war es kein Gespräch, und es zählt doch als eines.",
        "Zählen Sie alle, die teilgenommen haben, von beiden Seiten.",
    ),
    "MEETING_HAS_TOPICS": RuleText(
        "Ein Gespräch nennt, worum es ging.",
        "Sonst fängt das nächste von vorn an.",
        "Halten Sie die Themen am Ende des Gesprächs fest.",
    ),
    "MEETINGS_NOT_DOUBLED": RuleText(
        "Ein Partner und eine Marke treffen sich einmal am Tag.",
        "Eine zweite Zeile ist dasselbe Gespräch unter anderer Nummer, und seine Maßnahmen zählen "
        "doppelt.",
        "Ziehen Sie eine davon zurück.",
    ),
    "MEETINGS_HELD_IN_MOST_WEEKS": RuleText(
        "Zwischen seinem ersten und letzten Gespräch trifft ein Partner den Hersteller in zwei von "
        "drei Wochen.",
        "Sonst werden Gespräche nicht erfasst, oder die Besprechung ist nicht wöchentlich.",
        "Erfassen Sie jedes Gespräch, auch ein kurzes.",
    ),
    "MEETING_TIMELY": _timely(45, "Das neueste Gespräch"),
    "ACTION_MEETING_KNOWN": RuleText(
        "Eine Maßnahme stammt aus einem bekannten Gespräch.",
        "Andere gehören keinem Partner: Niemand wird an sie erinnert.",
        "Liefern Sie auch das Gespräch, oder berichtigen Sie seine Nummer.",
    ),
    "ACTION_RAISED_IN_MEETING": RuleText(
        "Eine Maßnahme entsteht am Tag ihres Gesprächs.",
        "Die Tage bis zur Erledigung zählen sonst ab einem falschen Tag.",
        "Berichtigen Sie den Tag oder das Gespräch, das die Maßnahme nennt.",
    ),
    "ACTION_DECIDED_AFTER_RAISED": RuleText(
        "Eine Maßnahme wird beschlossen, wenn sie vorgebracht ist, nicht vorher.",
        "Sonst fiel der Beschluss in weniger als keiner Zeit.",
        "Berichtigen Sie einen der beiden Tage.",
    ),
    "ACTION_DUE_AFTER_DECISION": RuleText(
        "Eine Maßnahme ist am Tag des Beschlusses fällig oder später.",
        "Vorher wäre sie sofort überfällig.",
        "Vereinbaren Sie einen Tag, der vor Ihnen liegt.",
    ),
    "ACTION_DONE_AFTER_DECISION": RuleText(
        "Was erledigt ist, wurde an diesem Tag oder davor beschlossen.",
        "Sonst weiß niemand, wer es verlangt hat, und es zählt doch als eingehalten.",
        "Erfassen Sie den Tag des Beschlusses, oder berichtigen Sie done_on.",
    ),
    "ACTION_DECIDED_HAS_DUE_DATE": RuleText(
        "Was beschlossen ist, hat einen Tag, an dem es fällig ist.",
        "Sonst ist es nie überfällig.",
        "Vereinbaren Sie den Tag mit dem Beschluss.",
    ),
    "ACTION_NOT_AHEAD_OF_DELIVERY": RuleText(
        "Was vorgebracht, beschlossen oder erledigt ist, ist es, wenn die Datei eintrifft (ein Tag "
        "Spielraum für Zeitzonen).",
        "Ein Plan, der als Tatsache gemeldet wird, zählt als eingehalten, was immer daraus wird.",
        "Erfassen Sie einen Tag, wenn er gekommen ist. Ein Plan gehört in due_on.",
    ),
    "ACTIONS_NOT_DOUBLED": RuleText(
        "Ein Gespräch bringt eine Maßnahme eines Verantwortlichen einmal hervor.",
        "Einmal erledigt, würde sie als halb eingehalten zählen.",
        "Ziehen Sie eine davon zurück.",
    ),
    "ACTION_TIMELY": _timely(45, "Die neueste Maßnahme"),
}

_MODULES = {
    "MODULE_ADOPTION_DEALER_KNOWN": _SAID_BY_DEALER,
    "MODULE_ADOPTION_MODULE_KNOWN": RuleText(
        "Ein Händler entscheidet sich für ein Modul, das seine Marke anbietet.",
        "Ein anderes steht in keiner Kennzahl.",
        "Verwenden Sie den Code des Moduls, den die Marke nennt.",
    ),
    "MODULE_ADOPTION_WHILE_DEALER_OPEN": RuleText(
        "Wer sich für ein Modul entscheidet, ist an diesem Tag geöffnet.",
        "Entscheidungen anderer zählen in den Anteilen des Netzes mit.",
        "Berichtigen Sie den Tag, oder lassen Sie die Tage des Händlers berichtigen.",
    ),
    "MODULE_LIVE_AFTER_DECISION": RuleText(
        "Ein Modul ist in Betrieb, wenn es beschlossen ist, nicht vorher.",
        "Sonst dauerte es weniger als keine Zeit, und das Mittel ist zu kurz.",
        "Berichtigen Sie einen der beiden Tage.",
    ),
    "MODULE_LIVE_SINCE_AVAILABLE": RuleText(
        "Ein Modul ist ab dem Tag in Betrieb, an dem es angeboten wird, nicht vorher.",
        "Sonst war es ein anderes Modul, oder ein Tag ist falsch.",
        "Berichtigen Sie den Tag oder den Code des Moduls.",
    ),
    "MODULE_ABANDONED_AFTER_DECISION": RuleText(
        "Ein Modul wird am Tag der Entscheidung oder später aufgegeben, und nicht, bevor es in "
        "Betrieb war.",
        "Sonst zählt es als aufgegeben, bevor es begann.",
        "Berichtigen Sie die Tage.",
    ),
    "MODULE_ADOPTION_NOT_AHEAD_OF_DELIVERY": RuleText(
        "Was entschieden, in Betrieb oder aufgegeben ist, ist es, wenn die Datei eintrifft (ein "
        "Tag Spielraum für Zeitzonen).",
        "Pläne sind keine Tatsachen: Ein verschobener Start würde als erreicht zählen.",
        "Erfassen Sie einen Tag, wenn er gekommen ist.",
    ),
}

_STAFF = {
    "STAFF_DEALER_KNOWN": _SAID_BY_DEALER,
    "STAFF_EMPLOYMENT_ORDERED": RuleText(
        "Der letzte Tag einer Beschäftigung liegt nicht vor ihrem ersten.",
        "Der Mensch ist nie beschäftigt und fehlt in der Schulungsabdeckung.",
        "Berichtigen Sie einen der beiden Tage.",
    ),
    "STAFF_FROM_PLAUSIBLE": RuleText(
        "Eine Beschäftigung beginnt ab 1950 und höchstens ein Jahr nach der Liste.",
        "Ein Vorgabewert statt des Tages macht jemanden zu früh beschäftigt, oder nie.",
        "Erfassen Sie den ersten Tag der Beschäftigung.",
    ),
    "STAFF_ENDS_WITH_DEALER": RuleText(
        "In einer Liste aus der Zeit danach endet eine Beschäftigung spätestens am letzten "
        "Öffnungstag des Händlers.",
        "Sonst zählt der Mensch bei einem Händler, den es nicht mehr gibt.",
        "Nennen Sie den letzten Tag aller, wenn Sie schließen.",
    ),
    "STAFF_AT_ONE_DEALER": RuleText(
        "Ein Mensch arbeitet zur selben Zeit nur bei einem Händler.",
        "Er zählt bei jedem: Abdeckung und Plätze eines von beiden sind falsch.",
        "Erfassen Sie den letzten Tag dessen, der zu einem anderen Händler gegangen ist.",
    ),
    "STAFF_LISTED_BY_ALL": RuleText(
        "Jeder geöffnete Händler nennt Beschäftigte jeder seiner Marken.",
        "Ohne Liste fehlt die Schulungsabdeckung in seiner Scorecard.",
        "Liefern Sie die Liste aller Beschäftigten mit der Marke, für die jeder am meisten "
        "arbeitet.",
    ),
    "STAFF_LEAVERS_KEPT": RuleText(
        "Wer einmal genannt wurde, wird wieder genannt, mit seinem letzten Tag, wenn er gegangen "
        "ist.",
        "Vergangene Monate werden aus der neuesten Liste gezählt: Wer dort fehlt, war nie "
        "geschult, und die Abdeckung ändert sich im Nachhinein.",
        "Nennen Sie alle seit der ersten Liste und löschen Sie nie, wer geht.",
    ),
}

_IT = {
    "IT_ASSESSMENT_DEALER_KNOWN": RuleText(
        "Der Händler hat einen Vertrag für irgendeine Marke.",
        "Was andere haben, steht in keiner Auswertung: Der Händler gilt als nicht bereit.",
        "Exportieren Sie die Händlernummer so, wie sie im Vertrag steht. Stimmt sie, liefern Sie "
        "den Vertrag.",
    ),
    "IT_ASSESSMENT_CRITERION_KNOWN": RuleText(
        "Bewertet wird ein Kriterium, das der Hersteller verlangt.",
        "Ein anderes ändert nichts: Das gemeinte gilt als nicht erfüllt.",
        "Verwenden Sie die Codes der Kriterien, die der Hersteller nennt.",
    ),
    "IT_ASSESSMENT_WHILE_DEALER_OPEN": RuleText(
        "Wer bewertet wird, ist an diesem Tag geöffnet oder öffnet innerhalb eines Jahres.",
        "Der Tag ist falsch, und eine neuere Bewertung kann ihm unterliegen.",
        "Erfassen Sie den Tag, an dem das Kriterium geprüft wurde.",
    ),
    "IT_ASSESSMENT_SINCE_CRITERION": RuleText(
        "Ein Kriterium wird frühestens ein Jahr bewertet, bevor es verlangt wird.",
        "Vorher stand nicht fest, was es verlangt: Eine solche Bewertung sagt nichts.",
        "Bewerten Sie neu, wenn das Kriterium angekündigt ist. Berichtigen Sie den Tag, wenn er "
        "falsch ist.",
    ),
    "IT_ASSESSMENT_NOT_AHEAD_OF_DELIVERY": RuleText(
        "Bewertet ist, wenn die Datei eintrifft (ein Tag Spielraum für Zeitzonen).",
        "Ein Plan, der als Tatsache gemeldet wird, macht einen Händler bereit, der es nicht ist.",
        "Erfassen Sie einen Tag, wenn er gekommen ist, und halten Sie Pläne getrennt.",
    ),
    "IT_ASSESSMENTS_COMPLETE": RuleText(
        "Wer bewertet wird, wird in jedem Pflichtkriterium bewertet.",
        "Was nicht bewertet ist, gilt als nicht erfüllt: Eine fehlende Zeile macht einen Händler "
        "nicht bereit.",
        "Bewerten Sie jedes Pflichtkriterium und liefern Sie auch, was nicht erfüllt ist.",
    ),
    "IT_ASSESSMENTS_RENEWED": RuleText(
        "Ein geöffneter Händler wurde in den zwei Jahren vor der neuesten Bewertung aller "
        "bewertet.",
        "Systeme altern: Was damals erfüllt war, ist es heute vielleicht nicht.",
        "Bewerten Sie alle Kriterien einmal im Jahr.",
    ),
}

GERMAN: dict[str, RuleText] = {
    **_LAKE,
    **_EVENTS,
    **_LEADS,
    **_SURVEYS,
    **_CASES,
    **_FINANCIALS,
    **_STOCK,
    **_DIALOGUE,
    **_MODULES,
    **_STAFF,
    **_IT,
    **{code: RuleText(*texts) for code, texts in rules_brand.GERMAN.items()},
    **{code: text for prefix in _FEEDS for code, text in _accepted(prefix).items()},
}
"""Code of the rule -> its texts."""
