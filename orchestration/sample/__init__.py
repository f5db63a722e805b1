"""The sample: a made-up dealer network that delivers as real ones do.

What belongs here: everything that invents data. `catalog` holds the invented brands and the KPI
settings, `geography` the real districts, `timeline` days and chance, `network` the dealers and
their habits; `vehicles`, `customers`, `books`, `market`, `oem`, `targets`, `incentives`,
`investments`, `shared`, `routing`, `responsibilities`, `agreements`, `requirements` and `dialogue`
make the feeds as `frames`, typed and checked against their contracts; `faults` says what goes wrong
with them, `dialects`, `render` and `workbook` how a sender writes a file; `courier` puts it into
the drop zone, `generator` leads from arguments to files and to the report of what loading them must
give. What does not: any schema (the contracts own it), and any reading or loading.

Same arguments, same bytes: all chance comes from numbered streams (`timeline.stream`), nothing
from the clock, and archives carry fixed times. Amounts are whole cents, rates whole millionths.
All work is done on whole columns.

Names and codes of districts, their population and postal codes are public facts (see SOURCES.md
beside this file); brands, dealers, persons, vehicles and figures are invented.
"""

from orchestration.sample.generator import SampleReport, generate

__all__ = ["SampleReport", "generate"]
