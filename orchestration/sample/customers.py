"""What customers do: they ask, they answer, they complain.

Leads, surveys and cases change after they were first delivered. `Telling` says which version of a
row goes into which delivery: what is known at the end of its own period, and once more what had
become of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames
from orchestration.sample.catalog import CASE_TYPES, CHANNELS, PRODUCTS, Models
from orchestration.sample.network import Network
from orchestration.sample.routing import Routing
from orchestration.sample.timeline import DAY, Schedule, awake, first_day, month_of, pick
from orchestration.sample.vehicles import Vehicles, brand_texts, is_open

if TYPE_CHECKING:
    from orchestration.sample.campaigns import LocalCampaigns
    from orchestration.sample.pilots import Pilots

LEADS_WITH_SALE = 0.4
"""Share of the sold vehicles that came as a recorded lead."""
_FIRST_NAMES = ("Erika", "Max", "Lieschen", "Otto", "Jürgen", "Käthe", "Zoë", "Ömer", "Anna", "Ben")
_LAST_NAMES = (
    "Mustermann",
    "Beispiel",
    "Übungsheim",
    "Probst-Fiktiv",
    "Großerfunden",
    "Niemandsfrau",
    "Platzhälter",
    "Testmeier",
    "O'Erdacht",
    "Ausgedacht",
)
_COMMENTS = (
    "Alles bestens, gerne wieder.",
    "Freundlich; aber die Übergabe war zu kurz.",
    'Der Verkäufer sagte "nächste Woche", es wurden sechs.',
    "Fahrzeug verspätet.\nErsatzwagen war in Ordnung.",
    "Preis 300 € höher als besprochen",
    "Werkstatt schnell und sauber",
    "Rückruf nie erhalten",
    "Sehr gute Beratung zum Laden zu Hause",
    "Parkplätze fehlen | Kaffee gut",
    "Top!",
)
_HOUR = 3600


@dataclass(frozen=True)
class Telling:
    """Rows to deliver: the entity of each, its period, and the second up to which it is known."""

    entity: np.ndarray
    period: np.ndarray
    known_until: np.ndarray

    @classmethod
    def of(cls, schedule: Schedule, begun: np.ndarray, ended: np.ndarray) -> Telling:
        """First version in the period of `begun`, a second in that of `ended` if that is later and
        within the span (seconds; -1 where there is no end)."""
        first = schedule.period_of(month_of(begun // DAY))
        last = schedule.period_of(month_of(np.maximum(ended, begun) // DAY))
        again = np.flatnonzero((last > first) & (last < schedule.periods))
        entity = np.concatenate([np.arange(len(begun)), again])
        period = np.concatenate([first, last[again]])
        return cls(entity, period, schedule.cutoff(period))

    def moments(self, second: np.ndarray) -> pa.Array:
        """Instants of the entities, null where not (yet) known."""
        return frames.moments(second[self.entity], ~self.is_known(second))

    def is_known(self, second: np.ndarray) -> np.ndarray:
        at = second[self.entity]
        return (at >= 0) & (at < self.known_until)


def leads(
    feed: Feed,
    net: Network,
    models: Models,
    v: Vehicles,
    contracts: np.ndarray,
    means: np.ndarray,
    campaigns: LocalCampaigns,
    pilots: Pilots,
    schedule: Schedule,
    rng: np.random.Generator,
    prefix: str,
) -> tuple[pa.Table, Telling, np.ndarray]:
    """Leads that bought one of the vehicles, and those that bought none.

    `means` are the expected registrations by contract and month of the span. Some leads name a
    campaign; pilots change how many buy, and how fast they are answered. Gives the frame, which
    row belongs where, and the second at which each row's lead began.
    """
    span = schedule.span
    buyers = np.flatnonzero(~v.is_self & (rng.random(len(v)) < LEADS_WITH_SALE))
    rate = net.closing_rate[net.dealer[contracts]][:, None] * pilots.closing(contracts)
    lost_counts = rng.poisson(means * LEADS_WITH_SALE * (1 / rate - 1) * 0.9)
    cell = np.repeat(np.arange(lost_counts.size), lost_counts.ravel())
    months = span.numbers
    lookers = len(cell)
    day = np.concatenate(
        [
            v.order[buyers] - rng.integers(0, 45, len(buyers)),
            _days_of(rng, months[cell % len(months)]),
        ]
    )
    contract = np.concatenate([v.contract[buyers], contracts[cell // len(months)]])
    brand_model = pick(
        rng,
        (net.brand[:, None] == models.brand[None, :]) * models.weight,
        contract[len(buyers) :],
    )
    model = np.concatenate([v.model[buyers], brand_model])
    sold = np.concatenate([buyers, np.full(lookers, -1)])

    inside = is_open(net, contract, day, span)
    day, contract, model, sold = day[inside], contract[inside], model[inside], sold[inside]
    n, dealer = len(day), net.dealer[contract]
    created = day * DAY + _of_day(rng, n, 6, 23)
    delay = net.response_hours[dealer] * rng.lognormal(0, 1.0, n) * _HOUR
    delay *= pilots.delay(contract, day)
    answered = awake(created + np.maximum(delay, 300).astype(np.int64))
    answered = np.where(rng.random(n) < net.answer_rate[dealer], answered, -1)
    order = v.order[np.maximum(sold, 0)] * DAY + 18 * _HOUR
    bought = np.where(sold >= 0, np.maximum(order, created), -1)
    given_up = awake(created + rng.integers(9, 70, n) * DAY)
    given_up = np.where((sold < 0) & (rng.random(n) < 0.8), given_up, -1)

    told = Telling.of(schedule, created, np.maximum(np.maximum(answered, bought), given_up))
    who = rng.integers(0, len(_FIRST_NAMES) * len(_LAST_NAMES), n)
    family = who // len(_FIRST_NAMES)
    campaign_id = campaigns.named(contract, day, rng.random((2, n)))
    is_sold = told.is_known(bought)
    buyer = np.where(is_sold, sold[told.entity], -1)
    e = told.entity
    names = tuple(f"{first} {last}" for last in _LAST_NAMES for first in _FIRST_NAMES)
    mails = pc.binary_join_element_wise(
        frames.texts(_ascii(_FIRST_NAMES), who % len(_FIRST_NAMES)),
        frames.texts(_ascii(_LAST_NAMES), family),
        pa.array(np.arange(n)).cast(pa.string()),
        ".",
    )
    mails = pc.binary_join_element_wise(mails, "@example.org", "")
    table = frames.frame(
        feed,
        {
            "lead_id": frames.numbered(prefix, e),
            "dealer_id": frames.texts(net.dealer_id, dealer[e]),
            "brand_code": brand_texts(net, contract[e]),
            "campaign_id": campaign_id.take(pa.array(e)),
            "channel": frames.texts(
                CHANNELS,
                pick(rng, np.array([[0.38, 0.27, 0.15, 0.17, 0.03]]), np.zeros(n, dtype=np.int64))[
                    e
                ],
            ),
            "model_code": frames.texts(models.code, np.where(rng.random(n) < 0.87, model, -1)[e]),
            "created_at": frames.moments(created[e]),
            "first_response_at": told.moments(answered),
            "sold_vin": v.vin.take(pa.array(buyer, mask=buyer < 0)),
            "lost_at": told.moments(given_up),
            "customer_name": frames.texts(names, who[e]),
            "customer_email": mails.take(pa.array(e)),
        },
    )
    return table, told, created[e]


def surveys(
    feed: Feed,
    net: Network,
    v: Vehicles,
    schedule: Schedule,
    rng: np.random.Generator,
    prefix: str,
) -> tuple[pa.Table, Telling, np.ndarray]:
    """Surveys after the delivery of a vehicle, and after later visits to the workshop."""
    span = schedule.span
    delivered = np.flatnonzero(v.delivery >= 0)
    asked = delivered[rng.random(len(delivered)) < 0.7]
    visited = delivered[rng.random(len(delivered)) < 0.45]
    vehicle = np.concatenate([asked, visited])
    is_service = np.arange(len(vehicle)) >= len(asked)
    wait = np.where(
        is_service, rng.integers(40, 420, len(vehicle)), rng.integers(4, 21, len(vehicle))
    )
    day = v.delivery[vehicle] + wait
    inside = is_open(net, v.contract[vehicle], day, span)
    vehicle, is_service, day = vehicle[inside], is_service[inside], day[inside]
    n, contract = len(vehicle), v.contract[vehicle]
    dealer = net.dealer[contract]

    sent = day * DAY + _of_day(rng, n, 8, 18)
    reply = awake(sent + rng.integers(1, 24 * 18, n) * _HOUR + rng.integers(0, _HOUR, n))
    answered = np.where(rng.random(n) < 0.42, reply, -1)
    angry = rng.random(n) < 0.05
    mood = net.satisfaction[dealer] - 0.3 * is_service - 4.5 * angry + rng.normal(0, 1.3, n)
    score = np.clip(np.rint(mood), 0, 10).astype(np.int64)
    comment = np.where(rng.random(n) < 0.3, rng.integers(0, len(_COMMENTS), n), -1)

    told = Telling.of(schedule, sent, answered)
    e, known = told.entity, told.is_known(answered)
    table = frames.frame(
        feed,
        {
            "response_id": frames.numbered(prefix, e),
            "dealer_id": frames.texts(net.dealer_id, dealer[e]),
            "brand_code": brand_texts(net, contract[e]),
            "vin": v.vin.take(pa.array(vehicle[e])),
            "survey_type": frames.texts(("SALES", "SERVICE"), is_service[e].astype(np.int64)),
            "sent_at": frames.moments(sent[e]),
            "answered_at": told.moments(answered),
            "score": frames.ints(score[e], ~known),
            "comment": frames.texts(_COMMENTS, np.where(known, comment[e], -1)),
        },
    )
    return table, told, sent[e]


def cases(
    feed: Feed,
    net: Network,
    v: Vehicles,
    routing: Routing,
    schedule: Schedule,
    rng: np.random.Generator,
    prefix: str,
) -> tuple[pa.Table, Telling, np.ndarray]:
    """Warranty cases, complaints and requests about delivered vehicles; some stay open. Once
    routing is live for a brand they are resolved faster, and fewer come to the wrong dealer."""
    span = schedule.span
    [changes] = rng.spawn(1)  # of its own, so that cases which routing does not change stay so
    delivered = np.flatnonzero(v.delivery >= 0)
    vehicle = delivered[rng.random(len(delivered)) < 0.38]
    day = v.delivery[vehicle] + 3 + rng.exponential(110, len(vehicle)).astype(np.int64)
    inside = is_open(net, v.contract[vehicle], day, span)
    vehicle, day = vehicle[inside], day[inside]
    n, contract = len(vehicle), v.contract[vehicle]
    dealer = net.dealer[contract]

    opened = day * DAY + _of_day(rng, n, 7, 18)
    is_live = routing.is_live(contract, day)
    reassigned = routing.reassigned(rng.poisson(0.45, n), is_live, changes)
    wait = (2 + reassigned * 9) * rng.lognormal(0, 0.8, n)
    assigned = awake(opened + (wait * _HOUR).astype(np.int64))
    assigned = np.where(rng.random(n) < 0.97, assigned, -1)
    reopened = np.where(rng.random(n) < 0.08, 1 + rng.poisson(0.2, n), 0)
    work = net.case_hours[dealer] * (1 + 0.8 * reopened) * rng.lognormal(0, 0.7, n)
    is_resolved = (assigned >= 0) & (rng.random(n) < 0.975)
    case_type = pick(rng, np.array([[0.45, 0.2, 0.35]]), np.zeros(n, dtype=np.int64))
    product = rng.integers(0, len(PRODUCTS), n)
    postal = routing.customers(v.postal[vehicle], contract, day, product, case_type, changes)
    is_misrouted = routing.is_misrouted(postal, contract, day, product, case_type)
    work *= routing.pace(is_live, contract, is_misrouted)
    resolved = awake(np.maximum(assigned, opened) + (work * _HOUR).astype(np.int64) + 900)
    resolved = np.where(is_resolved, resolved, -1)
    claimed = np.rint(rng.lognormal(5.9, 0.9, n) * 100).astype(np.int64)
    granted = np.where(rng.random(n) < 0.7, 100, rng.integers(0, 100, n))

    told = Telling.of(schedule, opened, np.maximum(assigned, resolved))
    e, known = told.entity, told.is_known(resolved)
    no_claim = (case_type == 2)[e]
    table = frames.frame(
        feed,
        {
            "case_id": frames.numbered(prefix, e),
            "dealer_id": frames.texts(net.dealer_id, dealer[e]),
            "brand_code": brand_texts(net, contract[e]),
            "vin": v.vin.take(pa.array(vehicle[e])),
            "case_type": frames.texts(CASE_TYPES, case_type[e]),
            "product_category": frames.texts(PRODUCTS, product[e]),
            "customer_postal_code": frames.texts(net.districts.flat_postal_codes, postal[e]),
            "opened_at": frames.moments(opened[e]),
            "first_assigned_at": told.moments(assigned),
            "resolved_at": told.moments(resolved),
            "reassign_count": frames.ints(reassigned[e]),
            "reopened_count": frames.ints(np.where(known, reopened[e], 0)),
            "claimed_amount_eur": frames.ints(claimed[e], no_claim),
            "approved_amount_eur": frames.ints((claimed * granted // 100)[e], no_claim | ~known),
        },
    )
    return table, told, opened[e]


def _of_day(rng: np.random.Generator, n: int, first_hour: int, last_hour: int) -> np.ndarray:
    """Seconds of the day, most of them in the middle of the given hours."""
    share = (rng.random(n) + rng.random(n)) / 2
    return (first_hour * _HOUR + share * (last_hour - first_hour) * _HOUR).astype(np.int64)


def _days_of(rng: np.random.Generator, month: np.ndarray) -> np.ndarray:
    first = first_day(month)
    return first + (rng.random(len(month)) * (first_day(month + 1) - first)).astype(np.int64)


def _ascii(names: tuple[str, ...]) -> tuple[str, ...]:
    plain = str.maketrans(
        {"ä": "ae", "ö": "oe", "ü": "ue", "Ü": "Ue", "Ö": "Oe", "ë": "e", "ß": "ss", "'": ""}
    )
    return tuple(n.translate(plain).lower() for n in names)
