"""What a run leaves for the next one, as small JSON files in `<warehouse>/state/`.

`load.json`: new files that the last load did not take. `feed_gate.json`, `mart_gate.json`: how the
rules stood. `pass_rates.json`: what the counts by dealer and month were made of. `ledger.json`:
which closes were looked at. `built.json`: up to which load all models are built.
`publication.json`: what was published last. `shares.json`: what the dealers' files hold, as
fingerprints; empty while they are being written. Each is written only after the fact, so a killed
run is simply done again.
"""

from __future__ import annotations

import json
import os
from typing import Any

from orchestration.settings import Settings

PUBLICATION = "publication.json"
LAST_LOAD = "load.json"
FEED_GATE = "feed_gate.json"
MART_GATE = "mart_gate.json"
PASS_RATES = "pass_rates.json"
LEDGER = "ledger.json"
BUILT = "built.json"
SHARES = "shares.json"


def read_state(settings: Settings, name: str) -> dict[str, Any]:
    """The state of that name; empty where none was left."""
    path = settings.state / name
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def write_state(settings: Settings, name: str, value: dict[str, Any]) -> None:
    """Replace the state of that name in one step."""
    path = settings.state / name
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_text(json.dumps(value, indent=1, default=str), encoding="utf-8")
    temporary.replace(path)
