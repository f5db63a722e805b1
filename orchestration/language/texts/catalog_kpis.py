"""The catalog of KPIs in German: KPI -> text. English stands in the catalog (`kpi_catalog.csv`)."""

FORMULAS: dict[str, str] = {
    "CSI": "Mittel der Noten x 10 der im Monat beantworteten Befragungen (0 bis 100)",
    "NPS": (
        "100 x (Anteil der Noten 9 und 10 weniger Anteil der Noten 0 bis 6) der im Monat "
        "beantworteten Befragungen"
    ),
    "MARKET_PENETRATION": (
        "Zulassungen der eigenen Marke / Zulassungen aller Marken im Gebiet des Händlers"
    ),
    "SALES_EFFECTIVENESS": (
        "Gezählte Zulassungen / erwartete Stück; erwartet ist der Anteil der Marke in jedem "
        "Segment über alle Kreise x die Zulassungen dieses Segments im Gebiet"
    ),
    "REVENUE_GROWTH": (
        "Nettoumsatz mit Neuwagen der drei Monate, die mit dem Monat enden / derselben drei "
        "Monate ein Jahr zuvor - 1"
    ),
    "EV_SHARE": (
        "Gezählte Zulassungen batterieelektrischer Modelle / gezählte Zulassungen aller "
        "bekannten Modelle"
    ),
    "CLOSING_RATE": (
        "Im Monat entstandene Anfragen, aus denen ein Kauf wurde / im Monat entstandene Anfragen"
    ),
    "LEAD_RESPONSE_24H": (
        "Im Monat entstandene Anfragen, die binnen 24 Stunden beantwortet wurden / im Monat "
        "entstandene Anfragen"
    ),
    "RETURN_ON_SALES": "Betriebsergebnis / (Umsatz mit Neuwagen + Gebrauchtwagen + Service)",
    "SERVICE_ABSORPTION": "Rohertrag des Service / Fixkosten",
    "STOCK_DAYS": (
        "Fahrzeuge im Bestand am letzten Stichtag des Monats / (gezählte Zulassungen der drei "
        "Monate, die mit dem Monat enden / Tage dieser Monate)"
    ),
    "BRAND_CONSISTENCY": (
        "Rechnungen mit einem Nachlass bis zur Grenze des Modells / Rechnungen mit Listenpreis, "
        "Nettopreis und bekanntem Modell"
    ),
    "DATA_QUALITY": (
        "Angenommene Zeilen / gelieferte Zeilen der Dateien, die der Händler im Monat geliefert "
        "hat; abgelehnte Dateien bleiben außen vor"
    ),
    "CASE_CYCLE_HOURS": (
        "Median der Stunden von der Eröffnung bis zur Lösung der im Monat gelösten Vorgänge"
    ),
    "TRAINING_COVERAGE": (
        "Beschäftigte am letzten Tag des Monats mit mindestens einem gültigen Zertifikat der "
        "Akademie / Beschäftigte an diesem Tag"
    ),
    "IT_READINESS": (
        "Verpflichtende IT-Kriterien, die der Händler am letzten Tag des Monats erfüllt / an "
        "dem Tag geltende verpflichtende Kriterien; für alle Marken des Händlers dieselbe Zahl"
    ),
}
"""How the actual value comes about."""

BASES: dict[str, str] = {
    "CSI": "Antworten",
    "NPS": "Antworten",
    "MARKET_PENETRATION": "Stück aller Marken im Gebiet",
    "SALES_EFFECTIVENESS": "erwartete Stück",
    "REVENUE_GROWTH": "Rechnungen beider Zeiträume",
    "EV_SHARE": "gezählte Zulassungen bekannter Modelle",
    "CLOSING_RATE": "Anfragen",
    "LEAD_RESPONSE_24H": "Anfragen",
    "RETURN_ON_SALES": "Monate mit Zahlen",
    "SERVICE_ABSORPTION": "Monate mit Zahlen",
    "STOCK_DAYS": "gezählte Zulassungen der drei Monate",
    "BRAND_CONSISTENCY": "solche Rechnungen",
    "DATA_QUALITY": "gelieferte Zeilen",
    "CASE_CYCLE_HOURS": "Vorgänge",
    "TRAINING_COVERAGE": "Beschäftigte",
    "IT_READINESS": "geltende verpflichtende Kriterien",
}
"""What the observations are that the smallest sample is compared with."""
