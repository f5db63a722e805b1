"""The lives of vehicles: ordered, invoiced, registered, delivered, cancelled, taken as demo cars.

Months are drawn by registration, because that is where the seasons show; the order lies before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames
from orchestration.sample.catalog import (
    BRANDS,
    DEALER,
    EVENTS,
    FLEET,
    HOLDERS,
    OEM,
    PRIVATE,
    RENTAL,
    VIN_MAKER,
    Models,
)
from orchestration.sample.network import Network
from orchestration.sample.timeline import (
    SEASON,
    Span,
    first_day,
    month_of,
    off_sunday,
    pick,
)

if TYPE_CHECKING:
    from orchestration.sample.discounts import Discounts

LEAD_IN, TAIL = 3, 4
"""Months before and after the span whose vehicles reach into it."""
MAX_VEHICLES = 150_000
"""About the most vehicles of a block; larger senders deliver in parts: memory stays bounded."""
_SERIALS = 1_000_000
_ALPHABET = np.frombuffer(b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ", dtype=np.uint8)
_VIN_WEIGHTS = np.array([8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2])
_SYSTEMS = ("HOFNETZ", "CARDESK", "AUTOBUCH")
ORDER, INVOICE, DELIVERY, REGISTRATION, DEREGISTRATION, CANCELLATION, DEMO_IN, DEMO_OUT = range(8)


@dataclass(frozen=True)
class Vehicles:
    """Arrays of one entry per vehicle. Days; what did not happen is -1."""

    contract: np.ndarray
    model: np.ndarray
    vin: pa.Array
    number: np.ndarray
    """Running number within the sender."""
    district: np.ndarray
    postal: np.ndarray
    """Number in `Districts.flat_postal_codes`."""
    holder: np.ndarray
    """Of the customer."""
    is_self: np.ndarray
    """First registered on the dealer."""
    order: np.ndarray
    invoice: np.ndarray
    registration: np.ndarray
    """The first one."""
    resale: np.ndarray
    """Registration of a self-registered vehicle on its customer."""
    delivery: np.ndarray
    cancellation: np.ndarray
    deregistration: np.ndarray
    demo_in: np.ndarray
    demo_out: np.ndarray
    in_stock: np.ndarray
    list_cents: np.ndarray
    net_cents: np.ndarray
    promised: np.ndarray

    def __len__(self) -> int:
        return len(self.contract)


def expected(net: Network, contracts: np.ndarray, span: Span, scale: float) -> np.ndarray:
    """Mean registrations by contract and month, lead-in and tail included."""
    month = _months(span)
    trend = 1 + 0.04 * span.years_in(month)
    return scale * net.volume[contracts][:, None] * (SEASON[month % 12] * trend)[None, :]


def _months(span: Span) -> np.ndarray:
    return np.arange(span.first_month - LEAD_IN, span.first_month + span.months + TAIL)


def simulate(
    net: Network,
    models: Models,
    contracts: np.ndarray,
    span: Span,
    scale: float,
    rng: np.random.Generator,
    block: int,
    discounts: Discounts,
    first_number: int = 0,
) -> Vehicles:
    """The vehicles of some contracts. `block` is part of the VIN and differs between calls; `scale`
    is that of the part of them made here, `discounts.scale` that of all."""
    months = _months(span)
    counts = rng.poisson(expected(net, contracts, span, scale))
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    local, month = cell // len(months), months[cell % len(months)]
    n = len(cell)
    if n > _SERIALS:
        raise ValueError(f"{n} vehicles in one block: a block holds {_SERIALS} at most")
    contract = contracts[local]
    dealer = net.dealer[contract]

    model = pick(rng, model_weights(net, models, contracts, span, months), cell)
    is_self = rng.random(n) < net.self_rate[dealer]
    is_demo = is_self & (rng.random(n) < 0.35)
    from_stock = ~is_self & (rng.random(n) < 0.45)

    pushed = np.where(net.pushes[dealer], 0.6, 0.24)
    registration = _days_in(rng, month, np.where(is_self, 0.55, pushed))
    invoice = registration - rng.integers(0, 5, n)
    lead_time = np.where(
        from_stock,
        rng.integers(4, 26, n),
        25 + np.minimum(rng.gamma(4, 20, n), 190).astype(np.int64),
    )
    order = off_sunday(
        np.where(is_self, registration - rng.integers(5, 40, n), invoice - lead_time)
    )
    demo_in = np.where(is_demo, registration, -1)
    demo_out = np.where(is_demo, registration + rng.integers(80, 170, n), -1)
    sale = np.where(is_demo, demo_out, registration) + rng.integers(12, 110, n)
    invoice = np.where(is_self, sale, np.maximum(invoice, order + 1))
    resale = np.where(is_self, off_sunday(invoice + rng.integers(0, 3, n)), -1)
    delivery = off_sunday(np.where(is_self, resale, registration) + rng.integers(0, 4, n))

    early = ~is_self & (rng.random(n) < 0.05)
    late = ~is_self & ~early & (rng.random(n) < 0.012)
    unregistered = early | late & (rng.random(n) < 0.5)
    cancellation = np.where(
        early,
        np.minimum(order + rng.integers(2, 40, n), np.maximum(invoice - 1, order)),
        np.where(late, registration + rng.integers(1, 30, n), -1),
    )
    invoice = np.where(early, -1, invoice)
    delivery = np.where(early | late, -1, delivery)
    registration = np.where(unregistered, -1, registration)

    holder = np.array([PRIVATE, FLEET, RENTAL, OEM, -1])[
        pick(rng, np.array([[0.50, 0.37, 0.09, 0.02, 0.02]]), np.zeros(n, dtype=np.int64))
    ]
    holder = np.where(is_self, PRIVATE, holder)
    returned = np.where(net.pushes[dealer], 0.03, 0.004)
    chance = np.where(is_self & ~is_demo, 0.6, np.where(holder == RENTAL, 0.7, returned))
    kept = np.where(
        is_self,
        np.minimum(rng.integers(4, 80, n), np.maximum(invoice - registration - 1, 1)),
        np.where(holder == RENTAL, rng.integers(150, 330, n), rng.integers(3, 85, n)),
    )
    gone = (registration >= 0) & (cancellation < 0) & (rng.random(n) < chance)
    deregistration = np.where(gone, registration + kept, -1)

    waiting = np.where(
        is_self,
        rng.integers(8, 60, n),
        np.where(from_stock, 6 + rng.gamma(2.2, 22, n).astype(np.int64), -rng.integers(5, 20, n)),
    )
    in_stock = np.where(from_stock | is_self, order - waiting, invoice + waiting)
    in_stock = np.where(early, -1, in_stock)

    district = pick(rng, net.customers, contract)
    counts_of, start = net.districts.postal_count[district], net.districts.postal_start[district]
    postal = start + (rng.random(n) * counts_of).astype(np.int64)

    year = (month_of(order) // 12) - span.first_month // 12
    years = np.arange(year.min(), year.max() + 1) if n else np.array([0])
    base = models.price(years)[year - years[0], model]
    extras = 1 + 0.28 * rng.random(n) ** 2
    list_cents = np.rint(base * extras / 10).astype(np.int64) * 1000
    is_counted = ~is_self & (cancellation < 0)
    per_mille = discounts.per_mille(
        contract,
        model,
        holder,
        is_self,
        invoice,
        np.where(is_counted, registration, -1),
        max(1, round(discounts.scale / scale)),
        rng,
    )
    number = first_number + np.arange(n)
    return Vehicles(
        contract=contract,
        model=model,
        vin=_vins(models, model, month, block, rng.random(n) < 0.03),
        number=number,
        district=np.where(is_self, net.home[dealer], district),
        postal=postal,
        holder=holder,
        is_self=is_self,
        order=order,
        invoice=invoice,
        registration=registration,
        resale=resale,
        delivery=delivery,
        cancellation=cancellation,
        deregistration=deregistration,
        demo_in=demo_in,
        demo_out=demo_out,
        in_stock=in_stock,
        list_cents=list_cents,
        net_cents=list_cents * (1000 - per_mille) // 1000,
        promised=np.where(is_self, -1, order + lead_time + rng.integers(-6, 10, n)),
    )


def model_weights(
    net: Network, models: Models, contracts: np.ndarray, span: Span, months: np.ndarray
) -> np.ndarray:
    """(contract, month) x model: the brand's range, electric cars rising and by region."""
    brand = net.brand[contracts]
    state = net.districts.state[net.home[net.dealer[contracts]]]
    region = 0.8 + 0.4 * ((state * 7) % 16) / 15
    rise = np.clip(0.85 + 0.28 * span.years_in(months), 0.5, 2.5)
    electric = models.powertrain == 0
    factor = np.where(electric, region[:, None, None] * rise[None, :, None], 1.0)
    fits = (brand[:, None] == models.brand[None, :]) * models.weight
    return (fits[:, None, :] * factor).reshape(-1, len(models))


def _days_in(rng: np.random.Generator, month: np.ndarray, push: np.ndarray) -> np.ndarray:
    """A day of each month, the last four days with the extra chance `push`; no Sundays."""
    first, after = first_day(month), first_day(month + 1)
    n = len(month)
    anywhere = first + (rng.random(n) * (after - first)).astype(np.int64)
    at_end = after - 1 - rng.integers(0, 4, n)
    return off_sunday(np.where(rng.random(n) < push, at_end, anywhere))


def _vins(
    models: Models, model: np.ndarray, month: np.ndarray, block: int, unchecked: np.ndarray
) -> pa.Array:
    """Unique identification numbers: maker, model, block, check digit, year, plant, serial."""
    n, base = len(model), len(_ALPHABET)
    if block >= base**3:
        raise ValueError(f"block {block}: {base**3} blocks at most have numbers of their own")
    makers = np.array([list(code.encode()) for code in VIN_MAKER], dtype=np.uint8)
    vin = np.empty((n, 17), dtype=np.uint8)
    vin[:, 0:3] = makers[models.brand[model]]
    vin[:, 3] = _ALPHABET[model % base]
    vin[:, 4] = _ALPHABET[(models.segment[model] + 10) % base]
    for place in range(3):
        vin[:, 5 + place] = _ALPHABET[block // base ** (2 - place) % base]
    vin[:, 8] = _ALPHABET[-1]
    vin[:, 9] = _ALPHABET[(month // 12) % 20 + 10]
    vin[:, 10] = _ALPHABET[11 + models.brand[model]]
    serial = np.arange(n)
    for place in range(6):
        vin[:, 11 + place] = _ALPHABET[serial // 10 ** (5 - place) % 10]
    values = np.zeros(128, dtype=np.int64)
    values[np.frombuffer(b"0123456789", dtype=np.uint8)] = np.arange(10)
    for letters, first in ((b"ABCDEFGH", 1), (b"JKLMN", 1), (b"P", 7), (b"R", 9), (b"STUVWXYZ", 2)):
        values[np.frombuffer(letters, dtype=np.uint8)] = np.arange(first, first + len(letters))
    remainder = (values[vin] @ _VIN_WEIGHTS) % 11
    checked = np.frombuffer(b"0123456789X", dtype=np.uint8)[remainder]
    vin[:, 8] = np.where(unchecked, _ALPHABET[-1], checked)
    offsets = np.arange(n + 1, dtype=np.int32) * 17
    return pa.StringArray.from_buffers(n, pa.py_buffer(offsets), pa.py_buffer(vin.ravel()))


@dataclass(frozen=True)
class Events:
    """Rows of vehicle events: arrays of one entry per event."""

    table: pa.Table
    vehicle: np.ndarray
    kind: np.ndarray
    day: np.ndarray
    is_booked_twice: np.ndarray
    """A second booking of the same event by mistake, to be withdrawn."""


def events(
    feed: Feed, net: Network, models: Models, v: Vehicles, span: Span, rng: np.random.Generator
) -> Events:
    """What the dealers record of their vehicles within the span, while they are open."""
    # Without its first registration in the data a resold vehicle would pass for a new one.
    resale = np.where(is_open(net, v.contract, v.registration, span), v.resale, -1)
    planned = [
        (ORDER, v.order),
        (INVOICE, v.invoice),
        (DELIVERY, v.delivery),
        (REGISTRATION, v.registration),
        (REGISTRATION, resale),
        (DEREGISTRATION, v.deregistration),
        (CANCELLATION, v.cancellation),
        (DEMO_IN, v.demo_in),
        (DEMO_OUT, v.demo_out),
    ]
    chosen = [np.flatnonzero(is_open(net, v.contract, day, span)) for _, day in planned]
    twice = chosen[0][rng.random(len(chosen[0])) < 0.002]
    claimed, claimant, claimed_on = _second_claims(net, v, span)
    vehicle = np.concatenate([*chosen, twice, claimed])
    counts = [*map(len, chosen), len(twice), len(claimed)]
    step = np.repeat(np.arange(len(counts)), counts)
    kind = np.array([k for k, _ in planned] + [ORDER, REGISTRATION])[step]
    day = np.concatenate([day[at] for (_, day), at in zip(planned, chosen, strict=True)])
    day = np.concatenate([day, v.order[twice], claimed_on])

    contract = v.contract[vehicle]
    contract[len(contract) - len(claimed) :] = claimant
    dealer = net.dealer[contract]
    on_dealer = v.is_self[vehicle] & ~np.isin(step, (1, 2, 4))
    holder = np.where(on_dealer, DEALER, v.holder[vehicle])
    has_price = np.isin(kind, (ORDER, INVOICE))
    no_net = (kind != INVOICE) | (rng.random(len(kind)) < 0.004)
    promised = v.promised[vehicle]
    not_promised = (promised < 0) | ~np.isin(kind, (ORDER, DELIVERY))
    dealers = pa.array(net.dealer_id)
    table = frames.frame(
        feed,
        {
            "event_id": pc.binary_join_element_wise(
                frames.numbered(dealers.take(pa.array(dealer)), v.number[vehicle]),
                frames.texts("123456789XY", step),
                "-",
            ),
            "dealer_id": frames.texts(net.dealer_id, dealer),
            "brand_code": brand_texts(net, contract),
            "vin": v.vin.take(pa.array(vehicle)),
            "event_type": frames.texts(EVENTS, kind),
            "event_date": frames.days(day),
            "model_code": frames.texts(models.code, v.model[vehicle]),
            "holder_type": frames.texts(HOLDERS, holder),
            "customer_postal_code": frames.texts(
                net.districts.flat_postal_codes,
                np.where(on_dealer | (holder == OEM), -1, v.postal[vehicle]),
            ),
            "list_price_eur": frames.ints(v.list_cents[vehicle], ~has_price),
            "net_price_eur": frames.ints(v.net_cents[vehicle], no_net),
            "promised_on": frames.days(promised, not_promised),
            "source_system": frames.texts(_SYSTEMS, dealer % len(_SYSTEMS)),
        },
    )
    return Events(table, vehicle, kind, day, step == len(planned))


def _second_claims(
    net: Network, v: Vehicles, span: Span
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vehicles that another dealer of the brand and sender registers once more some days later:
    the vehicles, those dealers' contracts, and the days."""
    at = np.flatnonzero(
        (v.number % 397 == 40) & ~v.is_self & (v.registration >= 0) & (v.cancellation < 0)
    )
    contracts = np.unique(v.contract)
    brand = net.brand[contracts]
    claimant = np.full(len(at), -1)
    for b in range(len(BRANDS)):
        same = contracts[brand == b]
        mine = np.flatnonzero(net.brand[v.contract[at]] == b)
        if len(same) > 1:
            claimant[mine] = same[(np.searchsorted(same, v.contract[at[mine]]) + 1) % len(same)]
    day = off_sunday(v.registration[at] + 2 + v.number[at] % 9)
    kept = (claimant >= 0) & is_open(net, claimant, day, span)
    kept &= net.dealer[claimant] != net.dealer[v.contract[at]]
    return at[kept], claimant[kept], day[kept]


def brand_texts(net: Network, contract: np.ndarray) -> pa.Array:
    return frames.texts(BRANDS, net.brand[contract])


def is_open(net: Network, contract: np.ndarray, day: np.ndarray, span: Span) -> np.ndarray:
    """Whether a day lies within the span and the contract's dealer was open."""
    dealer = net.dealer[contract]
    last = np.where(net.closed < 0, span.end, net.closed)[dealer]
    return (day >= np.maximum(net.opened[dealer], span.start)) & (day <= np.minimum(last, span.end))


def stock(
    feed: Feed, net: Network, models: Models, v: Vehicles, span: Span, rng: np.random.Generator
) -> tuple[pa.Table, np.ndarray]:
    """The vehicles on the yard on the last day of each month, and these days.

    A vehicle counts as in transit before it comes into stock, as a demo car while it is one.
    """
    ends = span.month_ends
    announced = v.in_stock - rng.integers(8, 25, len(v))
    left = np.where(v.is_self, np.where(v.demo_out >= 0, v.demo_out, v.registration), v.invoice)
    first = np.searchsorted(ends, announced, side="left")
    count = np.where(v.in_stock >= 0, np.searchsorted(ends, left, side="left") - first, 0)
    count = np.maximum(count, 0)
    vehicle = np.repeat(np.arange(len(v)), count)
    place = np.arange(len(vehicle)) - np.repeat(np.cumsum(count) - count, count)
    day = ends[first[vehicle] + place]
    dealer = net.dealer[v.contract[vehicle]]
    there = is_open(net, v.contract[vehicle], day, span)
    vehicle, day, dealer = vehicle[there], day[there], dealer[there]
    demo = (v.demo_in[vehicle] >= 0) & (v.demo_in[vehicle] <= day)
    status = np.where(demo, 2, np.where(v.in_stock[vehicle] > day, 1, 0))
    table = frames.frame(
        feed,
        {
            "dealer_id": frames.texts(net.dealer_id, dealer),
            "snapshot_date": frames.days(day),
            "vin": v.vin.take(pa.array(vehicle)),
            "brand_code": brand_texts(net, v.contract[vehicle]),
            "model_code": frames.texts(models.code, v.model[vehicle]),
            "stock_status": frames.texts(("IN_STOCK", "IN_TRANSIT", "DEMO"), status),
            "in_stock_since": frames.days(v.in_stock[vehicle], status == 1),
        },
    )
    return table, day
