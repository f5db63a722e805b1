"""Texts of the catalog's pages; what tables and columns hold stands in the other `catalog_`
modules, and in English where they are declared."""

TEXTS: dict[str, tuple[str, str]] = {
    "catalog_name": ("Partner-Warehouse", "Partner warehouse"),
    "catalog_title": ("Was wo steht", "What is where"),
    "catalog_subtitle": (
        "Was jede Zahl bedeutet, wer für sie einsteht und woher sie kommt. Diese Seiten brauchen "
        "keinen Server und kein Netz.",
        "What each number means, who answers for it and where it comes from. These pages need no "
        "server and no network.",
    ),
    "catalog_made_at": (
        "Erstellt {instant}. Marktzahlen des KBA: Quelle Kraftfahrt-Bundesamt, Flensburg "
        "(dl-de/by-2-0).",
        "Made {instant}. Market figures of the KBA: source Kraftfahrt-Bundesamt, Flensburg "
        "(dl-de/by-2-0).",
    ),
    "catalog_tables": ("Tabellen", "Tables"),
    "catalog_kpis": ("Kennzahlen", "Key figures"),
    "catalog_feeds": ("Lieferungen", "Feeds"),
    "catalog_rules": ("Qualitätsregeln", "Quality rules"),
    "catalog_results": ("Prüfergebnisse", "Check results"),
    "catalog_exposures": ("Wer was nutzt", "Who uses what"),
    "catalog_models": ("Modelle (dbt, englisch)", "Models (dbt)"),
    "catalog_english": (
        "Was Spalten bedeuten, steht englisch da, wie in der Datei selbst.",
        "What columns mean stands here as in the file itself.",
    ),
    # -- tiles
    "catalog_published": ("zuletzt veröffentlicht", "last published"),
    "catalog_never": ("noch nie", "not yet"),
    "catalog_published_tables": ("veröffentlichte Tabellen", "published tables"),
    "catalog_rows_in_all": (
        "veröffentlichte Tabellen, {rows} Zeilen",
        "published tables, {rows} rows",
    ),
    "catalog_files": (
        "Dateien, für {delivered} von {feeds} Lieferungen",
        "files delivered to {delivered} of {feeds} feeds",
    ),
    "catalog_rule_results": (
        "Qualitätsregeln: {critical} kritische Fehler, {warnings} Warnungen",
        "quality rules: {critical} critical failures, {warnings} warnings",
    ),
    # -- how to read
    "catalog_how": ("Woher kommt eine Zahl?", "Where does a number come from?"),
    "catalog_how_find": (
        "Suchen Sie auf dieser Seite nach der Tabelle oder Spalte (Strg+F). Jede Spalte führt zu "
        "ihrer Herkunft: Schritt für Schritt bis zu den Spalten der gelieferten Dateien. Wie eine "
        "Kennzahl berechnet wird, steht unter Kennzahlen; was eine Datei enthalten muss, unter "
        "Lieferungen.",
        "Search this page for the table or column (Ctrl+F). Each column leads to its lineage: step "
        "by step down to the columns of the delivered files. How a key figure is reckoned stands "
        "under key figures; what a file must hold, under feeds.",
    ),
    "catalog_how_flow": (
        "Absender legen Dateien in einen Ordner je Lieferung. Zeilen, die zum Vertrag der "
        "Lieferung passen, kommen in den Speicher, die anderen mit Grund in Quarantäne; nichts "
        "geht verloren. Daraus werden die Tabellen gebaut. Davor und danach werden Regeln geprüft; "
        "ein kritischer Fehler veröffentlicht nichts, und die letzte gute Fassung bleibt.",
        "Senders drop files into a folder per feed. Rows that fit the feed's contract go into the "
        "lake, the others into quarantine with a reason; nothing is lost. The tables are built "
        "from it. Rules are checked before and after; a critical failure publishes nothing, and "
        "the last good version stays.",
    ),
    "catalog_how_units": (
        "Die Tabellen liegen in serving/partner_marts.duckdb (jedes BI-Werkzeug oder die "
        "DuckDB-Kommandozeile) und als Parquet unter serving/parquet, eine Datei je Tabelle. Geld "
        "in Euro mit zwei Stellen, eine Quote von 0,3 sind 30 %, Monate sind ihr erster Tag, "
        "Zeitpunkte sind UTC.",
        "The tables lie in serving/partner_marts.duckdb (any BI tool, or the DuckDB command line) "
        "and as Parquet under serving/parquet, a file per table. Money is in euro with two "
        "decimals, a rate of 0.3 is 30 %, months are their first day, instants are UTC.",
    ),
    "catalog_tables_intro": (
        "mart_ beantwortet eine Frage, fct_ enthält einzelne Vorgänge, dim_ sagt wer und was.",
        "mart_ answers a question, fct_ holds single facts, dim_ says who and what.",
    ),
    "catalog_no_tables": (
        "Noch ist kein dbt-Projekt gelesen: Erst das Warehouse laufen lassen.",
        "No dbt project has been read yet: run the warehouse first.",
    ),
    "catalog_row_per": ("eine Zeile je", "one row per"),
    "catalog_rows": ("{rows} Zeilen", "{rows} rows"),
    "catalog_owner": ("verantwortlich", "answers for it"),
    "catalog_lineage": ("Herkunft", "lineage"),
    "catalog_column_count": ("{count} Spalten", "{count} columns"),
    "catalog_column": ("Spalte", "Column"),
    "catalog_type": ("Typ", "Type"),
    "catalog_meaning": ("Bedeutung", "Meaning"),
    "catalog_used_by": ("genutzt von", "used by"),
    "catalog_exposures_intro": (
        "Auswertungen und Werkzeuge und die Tabellen, die sie lesen.",
        "Dashboards and tools, and the tables that they read.",
    ),
    "catalog_no_exposures": ("Noch ist keine eingetragen.", "None is entered yet."),
    "catalog_reads": ("liest", "reads"),
    # -- verdicts
    "catalog_no_rules": ("ohne eigene Regeln", "no rules of its own"),
    "catalog_critical": (
        "{failed} von {count} Regeln kritisch verletzt",
        "{failed} critical of {count} rules",
    ),
    "catalog_warning": ("{failed} von {count} Regeln warnen", "{failed} of {count} rules warn"),
    "catalog_unchecked": (
        "{count} Regeln, noch nichts zu prüfen",
        "{count} rules, nothing to check yet",
    ),
    "catalog_holds": ("{count} Regeln eingehalten", "{count} rules hold"),
    "catalog_one_holds": ("1 Regel eingehalten", "1 rule holds"),
    # -- feeds
    "feeds_title": ("Lieferungen und ihre Verträge", "Feeds and their contracts"),
    "feeds_subtitle": (
        "Was geliefert wird und was eine Datei enthalten muss. Ereignisse werden Schlüssel für "
        "Schlüssel fortgeschrieben, die neueste Lieferung gewinnt; ein Stichtagsbestand ersetzt, "
        "was sein Absender zuvor geliefert hat. Persönliche Daten verlassen den Speicher nie im "
        "Klartext.",
        "What arrives, and what a file must hold. Events are updated key by key, the newest "
        "delivery wins; a snapshot replaces what its sender delivered before. Personal data never "
        "leaves the lake in clear.",
    ),
    "feeds_of_oem": ("Vom Hersteller", "From the manufacturer"),
    "feeds_of_market": ("Vom Markt", "From the market"),
    "feeds_of_kba": ("Vom Kraftfahrt-Bundesamt", "From the Kraftfahrt-Bundesamt"),
    "feeds_of_dealer": ("Von den Händlern", "From the dealers"),
    "feeds_mode": ("Art", "Mode"),
    "feeds_mode_events": (
        "Ereignisse (events): neue und geänderte Zeilen",
        "events: new and changed rows",
    ),
    "feeds_mode_snapshot": (
        "Stichtagsbestand (snapshot): jede Datei ist der ganze Bestand ihres Absenders",
        "snapshot: each file is all that its sender has",
    ),
    "feeds_key": ("Schlüssel", "Key"),
    "feeds_file": ("Datei, zum Beispiel", "File, for example"),
    "feeds_fresh": ("Frische", "Freshness"),
    "feeds_fresh_days": (
        "spätestens nach {days} Tagen neu",
        "delivered anew after {days} days at the latest",
    ),
    "feeds_fresh_none": ("ohne Frist", "no deadline"),
    "feeds_delivered": ("Geliefert", "Delivered"),
    "feeds_delivered_counts": (
        "{files} Dateien, {accepted} Zeilen angenommen, {quarantined} in Quarantäne",
        "{files} files, {accepted} rows accepted, {quarantined} quarantined",
    ),
    "feeds_delivered_none": ("noch nichts", "nothing yet"),
    "feeds_rules": ("Regeln", "Rules"),
    "feeds_rules_none": ("keine außer dem Vertrag", "none beyond the contract"),
    "feeds_read_by": ("Gelesen von", "Read by"),
    "feeds_ends_in": (
        "Veröffentlichte Tabellen, in die sie eingeht: {count}",
        "Published tables that it goes into: {count}",
    ),
    "feeds_must": ("Muss", "Must"),
    "feeds_must_key": ("Schlüssel", "key"),
    "feeds_must_required": ("nicht leer", "not empty"),
    "feeds_must_values": ("eines von {values}", "one of {values}"),
    "feeds_must_range": ("{least} bis {most}", "{least} to {most}"),
    "feeds_must_least": ("mindestens {least}", "at least {least}"),
    "feeds_must_most": ("höchstens {most}", "at most {most}"),
    "feeds_must_event_date": (
        "kein Tag vor 1990 oder nach dem nächsten Jahr",
        "no day before 1990 or after next year",
    ),
    "feeds_must_vin": ("17 Zeichen ohne I, O und Q", "17 characters without I, O and Q"),
    "feeds_must_dealer_id": (
        "A bis Z, Ziffern, _ und -, höchstens 32",
        "A to Z, digits, _ and -, at most 32",
    ),
    "feeds_must_district_code": ("fünf Ziffern", "five digits"),
    "feeds_must_state_code": ("zwei Ziffern", "two digits"),
    "feeds_must_postal_prefix": ("eine bis fünf Ziffern", "one to five digits"),
    "feeds_must_month": (
        "ein Monat, gespeichert als sein erster Tag",
        "a month, kept as its first day",
    ),
    "feeds_personal": (
        "persönlich: verlässt den Speicher nur als Prüfsumme oder gar nicht",
        "personal: leaves the lake hashed or not at all",
    ),
    # -- lineage
    "lineage_title": ("Herkunft von {table}", "Lineage of {table}"),
    "lineage_subtitle": (
        "Woher jede Spalte kommt: Schritt für Schritt bis zu den Spalten der gelieferten Dateien.",
        "Where each column comes from: step by step down to the columns of the delivered files.",
    ),
    "lineage_ends": ("Kommt letztlich aus", "Comes from"),
    "lineage_way": ("Der Weg dahin, {count} Schritte", "The way there, {count} steps"),
    "lineage_none": (
        "Steht selbst am Anfang.",
        "Is itself where the way begins.",
    ),
    "lineage_above": ("wie oben", "as above"),
    "lineage_rows": ("Zeilen", "rows"),
    "lineage_feed": ("Lieferung", "feed"),
    "lineage_delivery": ("Vermerk zur Lieferung", "noted of each delivery"),
    "lineage_seed": ("feste Liste", "fixed list"),
    "lineage_constant": ("steht im Programm", "stands in the code"),
    "lineage_clock": ("Zeitpunkt des Laufs", "time of the run"),
    "lineage_python": ("in Python berechnet", "reckoned in Python"),
    "lineage_all": (
        "Alle Spalten maschinenlesbar: lineage.json",
        "All columns for machines: lineage.json",
    ),
    # -- KPIs
    "kpis_title": ("Kennzahlen und Metriken", "Key figures and metrics"),
    "kpis_subtitle": (
        "Wie jede Kennzahl der Partner-Scorecard berechnet wird, was sie zählt und woher sie "
        "kommt; darunter die Metriken für BI-Werkzeuge. Zahlen einzelner Händler stehen hier "
        "nicht.",
        "How each key figure of the partner scorecard is reckoned, what it counts and where it "
        "comes from; below it the metrics for BI tools. No dealer's figures stand here.",
    ),
    "kpis_how": (
        "Zielerreichung = Ist / Ziel (wo niedriger besser ist: Ziel / Ist), begrenzt auf Unter- "
        "und Obergrenze. Punkte = Gewicht x Zielerreichung. Punktzahl = 100 x Summe der Punkte / "
        "Summe der Gewichte der Kennzahlen, die zählen.",
        "Attainment = actual / target (where lower is better: target / actual), held between "
        "floor and cap. Points = weight x attainment. Score = 100 x sum of the points / sum of the "
        "weights of the KPIs that count.",
    ),
    "kpis_kpis": ("Kennzahlen der Scorecard", "Key figures of the scorecard"),
    "kpis_metrics": ("Metriken der semantischen Schicht", "Metrics of the semantic layer"),
    "kpis_metrics_intro": (
        "Was mf query und BI-Werkzeuge unter diesem Namen rechnen.",
        "What mf query and BI tools reckon under this name.",
    ),
    "kpis_unit": ("Einheit", "Unit"),
    "kpis_unit_POINTS": ("Punkte", "points"),
    "kpis_unit_RATE": ("Anteil (0,3 sind 30 %)", "fraction (0.3 is 30 %)"),
    "kpis_unit_DAYS": ("Tage", "days"),
    "kpis_unit_HOURS": ("Stunden", "hours"),
    "kpis_unit_EUR": ("Euro", "euro"),
    "kpis_unit_UNITS": ("Stück", "units"),
    "kpis_unit_COUNT": ("Anzahl", "count"),
    "kpis_better": ("Besser ist", "Better is"),
    "kpis_better_HIGHER": ("höher", "higher"),
    "kpis_better_LOWER": ("niedriger", "lower"),
    "kpis_side": ("Wer sie verantwortet", "Who answers for it"),
    "kpis_side_OEM": ("der Hersteller", "the manufacturer"),
    "kpis_side_PARTNER": ("der Händler", "the dealer"),
    "kpis_side_SHARED": ("beide", "both"),
    "kpis_basis": ("Kleinste Stichprobe zählt", "The smallest sample counts"),
    "kpis_model": ("Gemessen in", "Measured in"),
    "kpis_marts": ("Aus den Tabellen", "From the tables"),
    "kpis_columns": ("Aus den Spalten der Lieferungen", "From the feeds' columns"),
    "kpis_shown": ("Zu sehen in", "Shown in"),
    "kpis_owner": ("Pflege der Definition", "Keeps the definition"),
    "kpis_missing": (
        "Fehlt der Zielwert (NO_TARGET), der Ist-Wert (NO_DATA) oder sind es zu wenige "
        "Beobachtungen (SMALL_SAMPLE), so gilt, was die Gewichte sagen: EXCLUDE, sie fällt aus der "
        "Punktzahl, oder ZERO, sie zählt mit null Punkten.",
        "Where the target (NO_TARGET) or the actual value (NO_DATA) is missing, or observations "
        "are too few (SMALL_SAMPLE), the weights say what holds: EXCLUDE, it drops out of the "
        "score, or ZERO, it counts with zero points.",
    ),
    "kpis_weights": ("Gewichte", "Weights"),
    "kpis_weights_none": ("Noch kein veröffentlichtes Gewicht.", "No published weight yet."),
    "kpis_brand": ("Marke", "Brand"),
    "kpis_version": ("Version", "Version"),
    "kpis_months": ("Monate", "Months"),
    "kpis_weight": ("Gewicht", "Weight"),
    "kpis_limits": ("Grenzen", "Limits"),
    "kpis_sample": ("Stichprobe ab", "Sample from"),
    "kpis_policy": ("Wenn sie fehlt", "If missing"),
    "kpis_policy_EXCLUDE": ("fällt heraus (EXCLUDE)", "drops out (EXCLUDE)"),
    "kpis_policy_ZERO": ("null Punkte (ZERO)", "zero points (ZERO)"),
    "kpis_definition": ("Definition", "Definition"),
    "kpis_no_metrics": ("Keine.", "None."),
    "kpis_agg_sum": ("Summe von {expr}", "sum of {expr}"),
    "kpis_agg_sum_boolean": ("Anzahl mit {expr}", "count where {expr}"),
    "kpis_agg_average": ("Mittel von {expr}", "mean of {expr}"),
    "kpis_agg_median": ("Median von {expr}", "median of {expr}"),
    "kpis_agg_percentile": ("Quantil von {expr}", "quantile of {expr}"),
    "kpis_agg_count": ("Anzahl von {expr}", "count of {expr}"),
    "kpis_agg_count_distinct": ("Anzahl verschiedener {expr}", "count of distinct {expr}"),
    "kpis_agg_max": ("größtes {expr}", "largest {expr}"),
    "kpis_agg_min": ("kleinstes {expr}", "smallest {expr}"),
    "kpis_held_max": ("{inner}, am Ende des Zeitraums", "{inner}, at the end of the period"),
    "kpis_held_min": ("{inner}, am Anfang des Zeitraums", "{inner}, at the start of the period"),
    "kpis_cumulative": ("fortlaufend: {inner}", "running: {inner}"),
    "kpis_cumulative_grain": (
        "seit Beginn ({grain}): {inner}",
        "since the start of the {grain}: {inner}",
    ),
    "kpis_cumulative_window": ("über {window}: {inner}", "over {window}: {inner}"),
    "kpis_where": ("nur wo {filter}", "only where {filter}"),
}
