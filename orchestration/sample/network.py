"""The invented dealers: where they sit, what they sell, how well they work, how they deliver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from orchestration.sample.catalog import BRANDS
from orchestration.sample.geography import Districts
from orchestration.sample.timeline import Span, first_day, pick, stream, to_day

HUB = "dms"
"""The hub that delivers for the small dealers."""
_FAMILIES = (
    "Muster",
    "Beispiel",
    "Übungsmann",
    "Probe",
    "Fiktivsen",
    "Erdacht & Söhne",
    "Platzhalter",
    "Könnte-Sein",
    "Niemand",
    "Modell & Partner",
)
_HOUSES = ("Autohaus", "Autozentrum", "Fahrzeughaus", "Automobile")
_MODELS = ("DEALER", "AGENT_GENUINE", "AGENT_NON_GENUINE")
# How likely each contract model is, by brand: the electric brand sells through agents.
_MODEL_WEIGHTS = np.array([[0.85, 0.0, 0.15], [0.1, 0.9, 0.0], [0.45, 0.1, 0.45]])


@dataclass(frozen=True)
class Network:
    """Dealers (arrays of length D) and their contracts, one per dealer and brand (length C).

    Days are counted from 1970-01-01. The largest dealer comes first.
    """

    districts: Districts
    dealer_id: tuple[str, ...]
    dealer_name: tuple[str, ...]
    group_id: tuple[str | None, ...]
    home: np.ndarray
    """District of the showroom."""
    peer_group: tuple[str, ...]
    is_top: np.ndarray
    opened: np.ndarray
    closed: np.ndarray
    """Last day open, -1 while open."""
    is_direct: np.ndarray
    """Delivers himself; the others deliver through the hub."""
    cadence: np.ndarray
    bad_rate: np.ndarray
    """Share of bad rows in what he delivers."""
    response_hours: np.ndarray
    answer_rate: np.ndarray
    closing_rate: np.ndarray
    discount: np.ndarray
    self_rate: np.ndarray
    """Share of his registrations that are on himself."""
    pushes: np.ndarray
    """Registers most of a month in its last days, and gets some of these vehicles back."""
    satisfaction: np.ndarray
    case_hours: np.ndarray

    dealer: np.ndarray
    """Of each contract: its dealer."""
    brand: np.ndarray
    contract_model: tuple[str, ...]
    volume: np.ndarray
    """Vehicles a month at scale 1."""
    customers: np.ndarray
    """C x districts: where the customers of a contract live (weights)."""
    territories: dict[str, np.ndarray]
    """Columns contract, district, valid_from, valid_to (-1 for open)."""

    def contracts_of(self, dealers: np.ndarray) -> np.ndarray:
        return np.flatnonzero(np.isin(self.dealer, dealers))


def build_network(districts: Districts, span: Span, dealers: int, seed: int) -> Network:
    """Dealers with stable habits, which a dealer's number decides where a share is promised."""
    rng = stream(seed, "network")
    number = np.arange(dealers)
    direct = min(max(1, round(dealers * 0.35)), 14 + dealers // 50)
    is_direct = number < direct
    monthly = number % 4 == 1
    size = np.where(is_direct, 84 - 60 * number / (direct + 1), 26)
    size = size * rng.lognormal(0, 0.18, dealers)

    home = _homes(rng, districts, dealers)
    opened = to_day(date(1994, 1, 1)) + rng.integers(0, 365 * 26, dealers)
    closed = np.full(dealers, -1)
    if span.months >= 6 and dealers >= 6:
        late = number[number % 17 == 11]
        opened[late] = first_day(span.first_month + 2 + rng.integers(0, span.months - 4, len(late)))
        gone = number[(number % 19 == 8) & (number % 17 != 11)]
        half = span.months // 2
        closed[gone] = first_day(span.first_month + half + rng.integers(0, half - 1, len(gone))) - 1

    groups = max(1, dealers // 7)
    in_group = rng.random(dealers) < 0.45
    group = rng.integers(0, groups, dealers)
    people = districts.population[home]
    area = np.where(people >= 450_000, "METRO", np.where(people >= 200_000, "CITY", "RURAL"))
    surname = rng.integers(0, len(_FAMILIES), dealers)

    second = rng.random(dealers)
    main = rng.permutation(np.resize([0, 1, 0, 2], dealers))
    brands = [
        (d, (main[d] + k) % len(BRANDS))
        for d in range(dealers)
        for k in range(1 + (second[d] < 0.38) + (second[d] < 0.05))
    ]
    dealer, brand = np.array(brands).T
    count = np.bincount(dealer)
    is_main = brand == main[dealer]
    share = np.where(
        count[dealer] == 1, 1.0, np.where(is_main, 0.68, 0.32 / np.maximum(count[dealer] - 1, 1))
    )

    return Network(
        districts=districts,
        dealer_id=tuple(f"D{n + 1:04d}" for n in range(dealers)),
        dealer_name=tuple(
            f"{_HOUSES[n % 4]} {_FAMILIES[surname[n]]} {districts.name[home[n]].split(' (')[0]}"
            for n in range(dealers)
        ),
        group_id=tuple(f"G{group[n] + 1:03d}" if in_group[n] else None for n in range(dealers)),
        home=home,
        peer_group=tuple(area.tolist()),
        is_top=number < max(1, dealers // 7),
        opened=opened,
        closed=closed,
        is_direct=is_direct,
        cadence=np.where(is_direct & ~monthly, 3, 1),
        bad_rate=np.where(number % 5 == 2, 0.015, 0.001),
        response_hours=np.where(number % 4 == 3, 34.0, 3.5) * rng.lognormal(0, 0.3, dealers),
        answer_rate=np.where(number % 4 == 3, 0.85, 0.97),
        closing_rate=rng.uniform(0.12, 0.26, dealers),
        discount=np.where(number % 5 == 1, 0.095, 0.042) + rng.normal(0, 0.01, dealers),
        self_rate=np.where(number % 6 == 4, 0.2, 0.05) * rng.uniform(0.7, 1.3, dealers),
        pushes=number % 9 == 6,
        satisfaction=np.clip(rng.normal(8.7, 0.45, dealers), 7.2, 9.5),
        case_hours=rng.lognormal(np.log(60), 0.4, dealers),
        dealer=dealer,
        brand=brand,
        contract_model=tuple(
            np.array(_MODELS)[pick(stream(seed, "contracts"), _MODEL_WEIGHTS, brand)].tolist()
        ),
        volume=size[dealer] * share * np.array([1.0, 0.8, 0.62])[brand],
        **_territories(stream(seed, "territories"), districts, home, opened, closed, dealer, brand),
    )


def _homes(rng: np.random.Generator, districts: Districts, dealers: int) -> np.ndarray:
    """Every district once, the populous first, before any is taken again."""
    rounds = -(-dealers // len(districts))
    weights = districts.population / districts.population.sum()
    order = [
        rng.choice(len(districts), len(districts), replace=False, p=weights) for _ in range(rounds)
    ]
    return np.concatenate(order)[:dealers]


def _territories(
    rng: np.random.Generator,
    districts: Districts,
    home: np.ndarray,
    opened: np.ndarray,
    closed: np.ndarray,
    dealer: np.ndarray,
    brand: np.ndarray,
) -> dict[str, object]:
    """Who answers for which district, and where the customers come from.

    A contract holds its home district. The others of its state go round among the state's
    contracts of the brand; a state without one stays white. About one in forty is held twice. What
    a closed dealer held goes to another dealer of the brand, from the next day on.
    """
    contracts, at_home = np.arange(len(dealer)), home[dealer]
    holder = np.zeros((len(dealer), len(districts)), dtype=bool)
    holder[contracts, at_home] = True
    for b in range(len(BRANDS)):
        mine = contracts[brand == b]
        for state in range(districts.state.max() + 1):
            local = mine[districts.state[at_home[mine]] == state]
            free = np.flatnonzero((districts.state == state) & ~holder[mine].any(axis=0))
            if len(local) and len(free):
                holder[np.resize(rng.permutation(local), len(free)), free] = True
                if len(local) > 1:
                    twice = free[rng.random(len(free)) < 0.025]
                    holder[rng.choice(local, len(twice)), twice] = True

    contract, district = np.nonzero(holder)
    valid_from = np.maximum(opened[dealer[contract]], to_day(date(2015, 1, 1)))
    valid_to = closed[dealer[contract]]
    ending = np.flatnonzero(valid_to >= 0)
    same_brand = brand[contract[ending]][:, None] == brand[None, :]
    same_state = districts.state[district[ending]][:, None] == districts.state[at_home][None, :]
    open_then = (closed[dealer] < 0)[None, :] & (
        opened[dealer][None, :] <= valid_to[ending][:, None]
    )
    # A successor must not hold the district already: a key of the feed has its first day, but two
    # rows valid at once would be a mistake of the OEM.
    heir = same_brand & open_then & ~holder[:, district[ending]].T
    score = heir * (1 + 9 * same_state) * rng.uniform(0.5, 1.0, heir.shape)
    found = ending[score.any(axis=1)] if len(ending) else ending
    best = score.argmax(axis=1)[score.any(axis=1)] if len(ending) else ending

    people = districts.population.astype(float)
    share = np.zeros(holder.shape)
    for weight, mask in (
        (0.78, holder),
        (0.14, districts.state[at_home][:, None] == districts.state[None, :]),
        (0.08, np.ones_like(holder)),
    ):
        part = mask * people
        share += weight * part / part.sum(axis=1, keepdims=True)
    return {
        "customers": share,
        "territories": {
            "contract": np.concatenate([contract, best]),
            "district": np.concatenate([district, district[found]]),
            "valid_from": np.concatenate([valid_from, valid_to[found] + 1]),
            "valid_to": np.concatenate([valid_to, np.full(len(found), -1)]),
        },
    }
