"""From a delivered file to immutable, typed rows in the lake, without losing one.

What belongs here: the feed contract (`contract`), what lies in the drop zone (`drop_zone`), the
bytes of a file (`sources`), a reader for each format (`csv_files`, `json_files`, `parquet_files`,
`workbooks` with `sheets` and `sheet_xml`, `kba`) with what they share (`readers`, `cells`), turning
text into types with reasons for what does not fit (`convert`, `columns`, `plain`, `odd`,
`quarantine`), and writing the lake (`load`, `batch` for small files, `stream` for large ones,
`lake`). What does not: SQL models, Dagster, money.
"""
