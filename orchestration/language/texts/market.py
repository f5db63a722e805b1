"""Texts of the notebook about the market, brand conflicts, campaigns and pilots."""

TEXTS: dict[str, tuple[str, str]] = {
    "mk_title": ("Markt und Marke", "Market and brand"),
    "mk_subtitle": (
        "Der Markt, der eigene Anteil daran, und wo Nachlässe, Kampagnen und Piloten die Marke "
        "tragen oder schwächen",
        "The market, the brand's share of it, and where discounts, campaigns and pilots carry or "
        "weaken the brand",
    ),
    "mk_until": ("zwölf Monate bis {month}", "twelve months up to {month}"),
    "mk_tile_share": ("Marktanteil", "Market share"),
    "mk_tile_ev": ("Elektroanteil der Marke", "Battery-electric share of the brand"),
    "mk_tile_ev_note": ("Markt: {market}", "market: {market}"),
    "mk_tile_conflict": ("Rechnungen im Konflikt", "Invoices in conflict"),
    "mk_tile_conflict_note": ("von {invoices} Rechnungen", "of {invoices} invoices"),
    "mk_tile_discount": ("Nachlass", "Discount given"),
    "mk_tile_discount_note": (
        "{share} davon nahe einer Bonusstaffel",
        "{share} of it near a bonus tier",
    ),
    "mk_germany_title": ("Der deutsche Markt", "The German market"),
    "mk_germany_intro": (
        "Neuzulassungen der zwölf größten Marken in den zwölf Monaten bis {month} und ihr "
        "Elektroanteil. Eine Zahl, die das KBA unterdrückt, fehlt; sie ist nicht null.",
        "New registrations of the twelve largest brands in the twelve months up to {month} and "
        "their battery-electric share. A figure that the KBA suppresses is missing, not zero.",
    ),
    "mk_germany_none": (
        "Keine Arbeitsmappe des KBA ist geladen. Die Mappen FZ 10, wie das Kraftfahrt-Bundesamt "
        "sie veröffentlicht, gehören in den Ordner kba__fz10 der Lieferungen.",
        "No workbook of the KBA is loaded. The FZ 10 workbooks, as the Kraftfahrt-Bundesamt "
        "publishes them, belong into the folder kba__fz10 of the deliveries.",
    ),
    "mk_source": (
        "Quelle: Kraftfahrt-Bundesamt, Flensburg, FZ 10; Datenlizenz Deutschland, "
        "Namensnennung, Version 2.0 (dl-de/by-2-0); nach Marke summiert.",
        "Source: Kraftfahrt-Bundesamt, Flensburg, FZ 10; Data licence Germany, attribution, "
        "version 2.0 (dl-de/by-2-0); summed by brand.",
    ),
    "mk_units": ("Zulassungen", "Registrations"),
    "mk_bev_share": ("Elektroanteil", "Battery-electric share"),
    "mk_growth": ("gegenüber dem Vorjahr", "on the year before"),
    "mk_share_title": ("Anteil und Elektro im Lauf der Zeit", "Share and electric over time"),
    "mk_share_intro": (
        "Anteil der Marke am Markt aller Kreise, links nach Segment in den zwölf Monaten, rechts "
        "der Elektroanteil von Marke und Markt je Monat.",
        "Share of the brand in the market of all districts: left by segment in the twelve months, "
        "right the battery-electric share of brand and market by month.",
    ),
    "mk_market": ("Markt", "Market"),
    "mk_segment": ("Segment", "Segment"),
    "mk_penetration": ("Marktdurchdringung", "Market penetration"),
    "mk_conflict_title": ("Wo Nachlässe die Marke schwächen", "Where discounts weaken the brand"),
    "mk_conflict_intro": (
        "Mittlerer Nachlass und Anteil der Rechnungen über dem Limit des Modells, je Woche. Grau "
        "sind Wochen mit Rechnungen in einem Premiumfenster.",
        "Mean discount and share of invoices beyond the model's limit, by week. Grey are weeks "
        "with invoices in a premium window.",
    ),
    "mk_discount": ("mittlerer Nachlass", "Mean discount"),
    "mk_over_limit": ("über dem Limit", "Beyond the limit"),
    "mk_week": ("Woche", "Week"),
    "mk_pressure_intro": (
        "Nachlass je Rechnung nach dem Abstand zur nächsten Bonusstaffel am Tag der Rechnung: "
        "steigt er, je näher die Staffel ist, drückt das Mengenziel den Preis.",
        "Discount of an invoice by how far the next bonus tier was on its day: where it rises the "
        "nearer the tier, the volume target pushes the price.",
    ),
    "mk_distance": ("Einheiten bis zur Staffel", "Units to the tier"),
    "mk_distance_none": ("keine Staffel", "no tier"),
    "mk_dealers_intro": (
        "Die Händler mit dem höchsten Nachlass in den zwölf Monaten:",
        "The dealers with the highest discount in the twelve months:",
    ),
    "mk_invoices": ("Rechnungen", "Invoices"),
    "mk_conflicts": ("im Konflikt", "In conflict"),
    "mk_near_tier": ("davon nahe einer Staffel", "Of it near a tier"),
    "mk_budget_title": ("Das Markenbudget nach Markt", "The brand budget by market"),
    "mk_budget_intro": (
        "{budget}, die Summe, die über BMW berichtet wird, auf die Kreise nach ihrem Marktvolumen "
        "verteilt; die fünfzehn größten. Alle Kreise zusammen ergeben die Summe auf den Cent.",
        "{budget}, the sum reported of BMW, split over the districts by their market volume; the "
        "fifteen largest. All districts together give the sum to the cent.",
    ),
    "mk_budget": ("Budget (EUR)", "Budget (EUR)"),
    "mk_campaign_title": ("Kampagnen: wie viel Eigenes wirkt?", "Campaigns: how much own works?"),
    "mk_campaign_intro": (
        "Kosten je Anfrage und je Verkauf nach dem Anteil der Kampagne, den der Händler geändert "
        "hat; erlaubt sind bis zu 30 von 100.",
        "Cost per lead and per sale by the share of the campaign that the dealer has changed; up "
        "to 30 of 100 are allowed.",
    ),
    "mk_band": ("geänderter Anteil (%)", "Share changed (%)"),
    "mk_band_OVER_30": ("über 30", "over 30"),
    "mk_campaigns": ("Kampagnen", "Campaigns"),
    "mk_leads": ("Anfragen", "Leads"),
    "mk_per_lead": ("Kosten je Anfrage", "Cost per lead"),
    "mk_per_sale": ("Kosten je Verkauf", "Cost per sale"),
    "mk_status": ("Status", "Status"),
    "mk_status_APPROVED": ("freigegeben", "approved"),
    "mk_status_REFUSED": ("abgelehnt", "refused"),
    "mk_status_UNAPPROVED_START": ("ohne Freigabe begonnen", "started without approval"),
    "mk_status_PENDING": ("offen", "pending"),
    "mk_statuses": ("Lokale Kampagnen: {counts}.", "Local campaigns: {counts}."),
    "mk_pilot_title": ("Piloten: wirken sie?", "Pilots: do they work?"),
    "mk_pilot_intro": (
        "Veränderung der Kennzahl bei Pilothändlern abzüglich der bei Vergleichshändlern; positiv "
        "ist besser. Erst wenn der Bereich (95 %) über null liegt und die Schwelle erreicht ist, "
        "heißt es ausrollen.",
        "Change of the KPI at pilot dealers less that at control dealers; positive is better. Only "
        "where the range (95 %) lies above zero and the threshold is reached it is rolled out.",
    ),
    "mk_pilot": ("Pilot", "Pilot"),
    "mk_uplift": ("Wirkung", "Uplift"),
    "mk_range": ("Bereich", "Range"),
    "mk_dealers": ("Pilot / Vergleich", "Pilot / control"),
    "mk_recommendation": ("Empfehlung", "Recommendation"),
    "mk_recommendation_ROLL_OUT": ("ausrollen", "roll out"),
    "mk_recommendation_CONTINUE": ("fortsetzen", "continue"),
    "mk_recommendation_STOP": ("beenden", "stop"),
    "mk_too_small": ("{text} (zu wenige Händler)", "{text} (too few dealers)"),
    "mk_live": ("in Betrieb", "Live"),
    "mk_none": ("Dazu liegt nichts vor.", "There is nothing about it."),
    "grain_mart_national_market": ("Marke und Monat", "brand and month"),
    "grain_mart_brand_conflict": (
        "Händler, Modell und Kalenderwoche",
        "dealer, model and ISO week",
    ),
    "grain_mart_brand_conflict_summary": ("Händler, Marke und Monat", "dealer, brand and month"),
    "grain_mart_brand_target_pressure": (
        "Marke und Abstand zur nächsten Staffel",
        "brand and distance to the next tier",
    ),
    "grain_mart_brand_budget_allocation": ("Budget und Kreis", "budget and district"),
    "grain_mart_campaign_band_performance": (
        "Marke und Anteil der Änderung",
        "brand and share changed",
    ),
    "grain_mart_pilot_effect": ("Pilot", "pilot"),
}
