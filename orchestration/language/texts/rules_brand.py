"""The rules of campaigns in German, as dealers read them: rule code -> what a good row is like,
what goes wrong without it, what the sender does. English stands with each rule (`expectations`)."""

GERMAN: dict[str, tuple[str, str, str]] = {
    "LOCAL_CAMPAIGN_DEALER_KNOWN": (
        "Der Händler hat für die Marke seiner Kampagne einen Vertrag.",
        "Keine seiner Anfragen kann zu der Kampagne gehören.",
        "Berichtigen Sie die Händlernummer oder die Marke.",
    ),
    "LOCAL_CAMPAIGN_CAMPAIGN_KNOWN": (
        "Eine lokale Kampagne geht auf eine Kampagne zurück, die der Hersteller mitgeteilt hat.",
        "Von einer anderen kennt niemand die Bausteine: Wie viel geändert wurde, lässt sich nicht "
        "sagen.",
        "Geben Sie die Nummer der Herstellerkampagne so an, wie der Hersteller sie liefert.",
    ),
    "LOCAL_CAMPAIGN_OF_ITS_BRAND": (
        "Eine lokale Kampagne ist von der Marke der Kampagne, auf die sie zurückgeht.",
        "Ihre Anfragen und Kosten würden mit denen einer anderen Marke verglichen.",
        "Berichtigen Sie die Marke oder die Nummer der Kampagne.",
    ),
    "LOCAL_CAMPAIGN_ENDS_AFTER_START": (
        "Eine lokale Kampagne endet an ihrem ersten Tag oder später.",
        "Sonst läuft sie an keinem Tag.",
        "Vertauschen Sie ersten und letzten Tag oder berichtigen Sie das Jahr.",
    ),
    "LOCAL_CAMPAIGN_WITHIN_CAMPAIGN": (
        "Eine lokale Kampagne läuft an den Tagen der Kampagne, auf die sie zurückgeht.",
        "Davor und danach sehen Kunden ein Angebot, das der Hersteller nicht macht.",
        "Verlegen Sie den ersten oder den letzten Tag in die Laufzeit der Kampagne.",
    ),
    "LOCAL_CAMPAIGN_SUBMITTED_BEFORE_START": (
        "Eine lokale Kampagne wird vor ihrem ersten Tag eingereicht.",
        "Was beim Einreichen schon läuft, kann nicht rechtzeitig freigegeben werden.",
        "Reichen Sie Kampagnen zwei Wochen vor dem Beginn ein.",
    ),
    "LOCAL_CAMPAIGN_APPROVED_AFTER_SUBMISSION": (
        "Eine Freigabe trägt den Tag des Einreichens oder einen späteren.",
        "Eine frühere gilt etwas anderem.",
        "Berichtigen Sie den Tag der Freigabe oder den des Einreichens.",
    ),
    "LOCAL_CAMPAIGN_APPROVED_BEFORE_START": (
        "Eine Freigabe trägt den ersten Tag der Kampagne oder einen früheren.",
        "Bis dahin wirbt der Händler ohne Erlaubnis.",
        "Beginnen Sie erst nach der Freigabe, und reichen Sie früher ein.",
    ),
    "LOCAL_CAMPAIGN_NOT_AHEAD_OF_DELIVERY": (
        "Einreichen und Freigabe liegen nicht nach der Datei, die davon berichtet (ein Tag "
        "Spielraum für Zeitzonen).",
        "Geplante Tage sind keine Freigaben.",
        "Lassen Sie den Tag leer, bis er da ist.",
    ),
    "LOCAL_CAMPAIGN_WHILE_DEALER_OPEN": (
        "Eine lokale Kampagne läuft, solange ihr Händler geöffnet ist.",
        "Sonst ist niemand da, der ihre Anfragen beantwortet.",
        "Berichtigen Sie die Tage der Kampagne oder lassen Sie die des Händlers berichtigen.",
    ),
    "LOCAL_CAMPAIGN_COST_PLAUSIBLE": (
        "Eine lokale Kampagne kostet mehr als nichts und höchstens 1.000.000 €.",
        "Ohne Kosten, oder mit Cent statt Euro, sagen die Kosten je Anfrage nichts.",
        "Liefern Sie, was ausgegeben wurde, in Euro.",
    ),
    "LOCAL_CAMPAIGN_CLICKS_WITHIN_IMPRESSIONS": (
        "Eine Kampagne wird höchstens so oft angeklickt, wie sie gezeigt wird.",
        "Die Spalten sind vertauscht oder von verschiedenen Kanälen.",
        "Liefern Sie beide Zahlen für dieselben Kanäle und Tage.",
    ),
    "LOCAL_CAMPAIGN_RESULTS_PRESENT": (
        "Was nach dem letzten Tag einer Kampagne geliefert wird, sagt, wie oft sie gezeigt und "
        "angeklickt wurde.",
        "Ohne das sieht niemand, ob sie bemerkt wurde.",
        "Liefern Sie die Kampagne noch einmal, sobald die Zahlen da sind.",
    ),
    "LOCAL_CAMPAIGN_HAS_CHANGES": (
        "Zu jeder lokalen Kampagne sagt der Händler von den Bausteinen, ob sie geändert sind.",
        "Wer nichts sagt, gilt als einer, der nichts geändert hat.",
        "Liefern Sie für jeden Baustein der Kampagne eine Zeile, auch für unveränderte.",
    ),
    "LOCAL_CAMPAIGN_ID_OF_ONE_DEALER": (
        "Die Nummer einer lokalen Kampagne verwendet ein einziger Händler.",
        "Haben zwei Händler dieselbe, ersetzt die spätere Lieferung die frühere: Die Kampagne des "
        "einen geht verloren, mit Änderungen, Anfragen und Kosten.",
        "Stellen Sie den Nummern Ihrer Kampagnen Ihre Händlernummer voran.",
    ),
    "LOCAL_CAMPAIGNS_NOT_DOUBLED": (
        "Ein Händler hat zu einer Kampagne eine lokale Kampagne zur selben Zeit.",
        "Laufen zwei zugleich, so fallen Anfragen, die die Herstellerkampagne nennen, durch Zufall "
        "an eine von beiden.",
        "Ziehen Sie zurück, was unter zwei Nummern geliefert wurde.",
    ),
    "CAMPAIGN_CHANGE_LOCAL_CAMPAIGN_KNOWN": (
        "Eine Änderung gehört zu einer lokalen Kampagne, die geliefert wurde.",
        "Sonst zählt sie nirgends, und die Kampagne gilt als unverändert.",
        "Liefern Sie die lokale Kampagne oder berichtigen Sie ihre Nummer in der Änderung.",
    ),
    "CAMPAIGN_CHANGE_ELEMENT_KNOWN": (
        "Eine Änderung betrifft einen Baustein, den die Herstellerkampagne hat.",
        "Änderungen an anderen wiegen nichts: Es kann mehr geändert sein, als man sieht.",
        "Geben Sie die Codes der Bausteine so an, wie der Hersteller sie liefert.",
    ),
    "CAMPAIGN_CHANGE_NOT_OF_LOCKED_ELEMENT": (
        "Was gesperrt ist, wird nicht geändert.",
        "Ein gesperrter Baustein, der geändert ist, führt zur Ablehnung der ganzen Kampagne.",
        "Stellen Sie den Baustein so wieder her, wie der Hersteller ihn gemacht hat.",
    ),
    "LEAD_CAMPAIGN_KNOWN": (
        "Eine Anfrage, die eine Kampagne nennt, nennt eine, die der Hersteller für die Marke oder "
        "der Händler für sie hat, mit ihrer Nummer.",
        "Anfragen anderer fehlen, wo die Kosten je Anfrage berechnet werden.",
        "Lassen Sie das System die Nummer der Kampagne schreiben, nicht ihren Namen.",
    ),
}
