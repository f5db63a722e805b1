"""What a run tells SQL without its standing in a statement: session variables.

The key of personal data, as the two pads of HMAC-SHA-256 that the macro `pseudonym` reads; the
instant whose knowledge to show (macro `as_of`); the month to build again. dbt-duckdb loads `Plugin`
(see dbt_project/profiles.yml), which sets them on every cursor; `declare_variables` does so in a
Spark session. Nothing else of dbt belongs here.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from orchestration.dbt_runner import AS_OF_VARIABLE, MONTH_VARIABLE

KEY_VARIABLE = "PARTNERDW_PII_KEY"
_BLOCK = 64  # bytes of a SHA-256 block
_RANDOM_KEY_BYTES = 32


class PersonalDataKeyError(ValueError):
    """The key file cannot be used; the message names it and the remedy."""


def personal_data_key(warehouse: Path, env: Mapping[str, str] | None = None) -> bytes:
    """The key from `PARTNERDW_PII_KEY`, else the warehouse's own, made at random the first time.

    The warehouse's own lies in `secrets/pii.key`, outside the lake, readable by its owner only.

    Raises:
        PersonalDataKeyError: the file is there but empty.
    """
    if given := (os.environ if env is None else env).get(KEY_VARIABLE, "").strip():
        return given.encode()
    path = warehouse / "secrets" / "pii.key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _write_once(path, secrets.token_hex(_RANDOM_KEY_BYTES).encode())
    key = path.read_bytes().strip()
    if not key:
        raise PersonalDataKeyError(
            f"{path} is empty: delete it for a new random key, or set {KEY_VARIABLE}; "
            "then hashes of personal data change"
        )
    return key


def _write_once(path: Path, key: bytes) -> None:
    """Written whole under another name and linked, so that two runs agree on one key."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another run was first: its key holds
    finally:
        draft.unlink()


def hmac_pads(key: bytes) -> dict[str, bytes]:
    """Inner and outer pad of HMAC-SHA-256 (RFC 2104), by the name of their session variable."""
    block = (sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    return {
        "pii_ipad": bytes(byte ^ 0x36 for byte in block),
        "pii_opad": bytes(byte ^ 0x5C for byte in block),
    }


class Plugin(BasePlugin):
    """Sets the variables on every cursor that dbt opens: a cursor does not inherit them."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        self._pads = hmac_pads(personal_data_key(Path(self.creds.path).parent))

    def configure_cursor(self, cursor: Any) -> None:
        for name, pad in self._pads.items():
            cursor.execute(f"set variable {name} = $1", [pad])
        month = os.environ.get(MONTH_VARIABLE) or None
        cursor.execute("set variable rebuild_month = cast($1 as date)", [month])
        cursor.execute("set variable as_of = cast($1 as timestamp)", [os.environ[AS_OF_VARIABLE]])


def declare_variables(spark: Any, warehouse: Path, as_of: str) -> None:
    """Declares the same variables in a Spark session; `as_of` as SQL reads a timestamp in UTC."""
    for name, pad in hmac_pads(personal_data_key(warehouse)).items():
        spark.sql(f"declare or replace variable {name} binary")
        spark.sql(f"set variable {name} = :pad", args={"pad": pad})
    spark.sql("declare or replace variable as_of timestamp_ntz")
    spark.sql("set variable as_of = cast(:as_of as timestamp_ntz)", args={"as_of": as_of})
