"""Invented brands and models, and how the invented OEM weighs the KPIs.

Constants only. Brands and models resemble no real one on purpose; segments and powertrains are
those of the trade.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BRANDS = ("ARVA", "KOLDIS", "VESTRA")
"""The network's brands: volume, electric first, premium."""
VIN_MAKER = ("0AV", "0KD", "0VS")
SEGMENTS = ("SMALL", "COMPACT", "MEDIUM", "UPPER", "SUV", "VAN")
POWERTRAINS = ("BEV", "PHEV", "HEV", "PETROL", "DIESEL")
HOLDERS = ("PRIVATE", "FLEET", "RENTAL", "DEALER", "OEM")
PRIVATE, FLEET, RENTAL, DEALER, OEM = range(5)
EVENTS = (
    "ORDER",
    "INVOICE",
    "DELIVERY",
    "REGISTRATION",
    "DEREGISTRATION",
    "CANCELLATION",
    "DEMO_IN",
    "DEMO_OUT",
)
PRODUCTS = (
    "BRAKES",
    "BATTERY",
    "INFOTAINMENT",
    "PAINT",
    "ENGINE",
    "CHARGING",
    "CHASSIS",
    "SERVICE",
)
CASE_TYPES = ("WARRANTY", "COMPLAINT", "SERVICE_REQUEST")
CHANNELS = ("WEB", "PORTAL", "PHONE", "SHOWROOM", "EVENT")

# brand, code stem, name, segment, {powertrain: (list price in euro, weight)}, largest discount in
# millionths of the list price
_RANGE = (
    (0, "LIO", "Arva Lio", "SMALL", {"PETROL": (18_990, 14), "BEV": (26_490, 7)}, 120_000),
    (
        0,
        "CARO",
        "Arva Caro",
        "COMPACT",
        {"PETROL": (25_990, 16), "HEV": (29_490, 11), "BEV": (34_990, 8)},
        120_000,
    ),
    (
        0,
        "TERRO",
        "Arva Terro",
        "SUV",
        {"PETROL": (30_490, 14), "PHEV": (38_990, 7), "BEV": (41_990, 7)},
        110_000,
    ),
    (0, "FAMIL", "Arva Famil", "VAN", {"DIESEL": (36_990, 9), "BEV": (46_990, 3)}, 130_000),
    (1, "EINS", "Koldis Eins", "COMPACT", {"BEV": (37_900, 22), "HEV": (33_900, 12)}, 90_000),
    (1, "ZWEI", "Koldis Zwei", "MEDIUM", {"BEV": (48_900, 16), "PHEV": (46_500, 12)}, 90_000),
    (1, "DREI", "Koldis Drei", "SUV", {"BEV": (53_900, 20), "PHEV": (51_900, 14)}, 80_000),
    (2, "M4", "Vestra M4", "MEDIUM", {"PETROL": (58_200, 16), "DIESEL": (59_700, 14)}, 70_000),
    (2, "U7", "Vestra U7", "UPPER", {"PHEV": (84_500, 10), "BEV": (96_000, 9)}, 60_000),
    (
        2,
        "X5T",
        "Vestra X5T",
        "SUV",
        {"DIESEL": (78_900, 16), "PHEV": (82_900, 14), "BEV": (88_500, 12)},
        60_000,
    ),
)


@dataclass(frozen=True)
class Models:
    """Columns of equal length, one entry per model."""

    code: tuple[str, ...]
    name: tuple[str, ...]
    brand: np.ndarray
    segment: np.ndarray
    powertrain: np.ndarray
    list_price: np.ndarray
    """Whole euro, in the year the sample begins."""
    max_discount: np.ndarray
    """Millionths of the list price."""
    weight: np.ndarray

    def __len__(self) -> int:
        return len(self.code)

    def price(self, years: np.ndarray | int) -> np.ndarray:
        """List prices (whole euro, tens) so many calendar years after the first: 2 % up each."""
        risen = np.multiply.outer(1.02 ** np.asarray(years), self.list_price)
        return np.rint(risen / 10).astype(np.int64) * 10


def load_models() -> Models:
    rows = [
        (
            f"{BRANDS[brand][:3]}-{stem}-{powertrain}",
            f"{name} {powertrain.title() if powertrain[-1] != 'V' else powertrain}",
            brand,
            SEGMENTS.index(segment),
            POWERTRAINS.index(powertrain),
            price,
            discount,
            weight,
        )
        for brand, stem, name, segment, engines, discount in _RANGE
        for powertrain, (price, weight) in engines.items()
    ]
    code, name, *numbers = zip(*rows, strict=True)
    return Models(code, name, *(np.array(column) for column in numbers))


MARKET_BRANDS = ("TALVO", "MERIK", "SOLANE", "OTHER")
"""Competition, invented; OTHER is the rest of the market."""
MARKET_SHARE = np.array([0.14, 0.10, 0.07, 0.69])
MARKET_SEGMENTS = np.array(
    [
        [0.20, 0.35, 0.10, 0.00, 0.35, 0.00],
        [0.00, 0.15, 0.30, 0.15, 0.40, 0.00],
        [0.35, 0.40, 0.00, 0.00, 0.25, 0.00],
        [0.18, 0.26, 0.13, 0.05, 0.30, 0.08],
    ]
)
"""Share of each segment, by market brand."""
MARKET_POWERTRAINS = np.array([0.17, 0.08, 0.14, 0.43, 0.18])
MARKET_HOLDERS = np.array([0.36, 0.40, 0.09, 0.12, 0.03])
OWN_SHARE = 0.11
"""The three brands' share of the market."""

KPIS = (
    "CSI",
    "NPS",
    "MARKET_PENETRATION",
    "SALES_EFFECTIVENESS",
    "REVENUE_GROWTH",
    "EV_SHARE",
    "CLOSING_RATE",
    "LEAD_RESPONSE_24H",
    "RETURN_ON_SALES",
    "SERVICE_ABSORPTION",
    "STOCK_DAYS",
    "BRAND_CONSISTENCY",
    "DATA_QUALITY",
    "CASE_CYCLE_HOURS",
    "TRAINING_COVERAGE",
    "IT_READINESS",
)
KPI_WEIGHTS = np.array(
    [
        [
            [10, 6, 12, 10, 8, 6, 8, 8, 6, 6, 6, 4, 4, 6, 0, 0],
            [8, 7, 10, 10, 7.5, 8, 8, 7, 6, 6, 5.5, 4, 4, 5, 2, 2],
        ],
        [
            [11, 7, 9, 8, 7, 12, 8, 9, 5, 5, 5, 5, 5, 4, 0, 0],
            [9, 8, 8.5, 8, 6.5, 13, 8, 8, 5, 5, 5, 4, 4, 4, 2, 2],
        ],
        [
            [14, 10, 8, 7, 8, 5, 7, 7, 7, 6, 4, 8, 4, 5, 0, 0],
            [12, 10, 8, 7, 7.5, 6, 7, 7.5, 7, 6, 4, 7, 4, 3, 2.5, 1.5],
        ],
    ]
)
"""Points by brand, version (1, 2) and KPI; each version sums to 100. What has none in a version is
not in it."""
KPI_MIN_SAMPLE = np.array([5, 5, 10, 5, 4, 5, 5, 5, 1, 1, 5, 3, 10, 3, 3, 1])
KPI_ZERO_IF_MISSING = np.array([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0], dtype=bool)
KPI_TARGET = np.array(
    [
        [85, 40, np.nan, 1.0, 0.03, 0.24, 0.19, 0.85, 0.012, 0.68, 44, 0.86, 0.995, 78, 0.50, 0.85],
        [86, 45, np.nan, 1.0, 0.06, 0.60, 0.18, 0.90, 0.011, 0.66, 42, 0.86, 0.995, 72, 0.55, 0.90],
        [89, 55, np.nan, 1.0, 0.02, 0.28, 0.21, 0.92, 0.014, 0.70, 46, 0.88, 0.995, 66, 0.60, 0.90],
    ]
)
"""Targets by brand and KPI in the KPI's unit; penetration is set from the market's size."""
