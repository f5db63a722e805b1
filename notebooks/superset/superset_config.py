"""Superset's configuration: everything in SUPERSET_HOME, nothing fetched from elsewhere.

Superset reads this file by itself (SUPERSET_CONFIG_PATH); `home.py` says both variables.
"""

import os
from pathlib import Path

_home = Path(os.environ["SUPERSET_HOME"])

SECRET_KEY = (_home / "secret_key").read_text(encoding="ascii").strip()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{_home / 'superset.db'}?check_same_thread=false"
APP_NAME = "Partner network"
LOG_LEVEL = "WARNING"
ENABLE_TIME_ROTATE = False

# Every question goes to the database: a cached answer would hide the next publication.
CACHE_CONFIG = DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
ROW_LIMIT = 10_000
SQLLAB_CTAS_NO_LIMIT = False

# Pages may ask this server only: no counting pixel, no map tiles, no fonts from elsewhere.
_content = {
    "base-uri": ["'self'"],
    "default-src": ["'self'"],
    "img-src": ["'self'", "blob:", "data:"],
    "worker-src": ["'self'", "blob:"],
    "connect-src": ["'self'"],
    "object-src": "'none'",
    "style-src": ["'self'", "'unsafe-inline'"],
    "font-src": ["'self'"],
    "script-src": ["'self'", "'strict-dynamic'"],
}
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": _content,
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}
THEME_FONT_URL_ALLOWED_DOMAINS: list[str] = []
CONTENT_SECURITY_POLICY_WARNING = False

D3_FORMAT = {
    "decimal": ".",
    "thousands": ",",
    "grouping": [3],
    "currency": ["", "\u00a0€"],
}
CURRENCIES = ["EUR"]
