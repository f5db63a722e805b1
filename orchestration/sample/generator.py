"""From arguments to files: the order in which the sample is made.

The dealers are worked through in blocks of bounded size, sender by sender. What other feeds need of
a block is summed into small arrays (revenue by contract and month, registrations by district);
everything else of it is delivered and forgotten. So memory depends on the size of a block, not on
that of the sample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Feed, load_contracts
from orchestration.sample import (
    academy,
    agreements,
    books,
    campaigns,
    customers,
    dialects,
    dialogue,
    discounts,
    faults,
    incentives,
    investments,
    market,
    oem,
    pilots,
    requirements,
    responsibilities,
    routing,
    shared,
    slips,
    systems,
    targets,
    vehicles,
)
from orchestration.sample.catalog import BRANDS, DEALER, Models, load_models
from orchestration.sample.courier import Courier, Ledger, Mishap, Sender
from orchestration.sample.dialects import Dialect
from orchestration.sample.geography import load_districts
from orchestration.sample.network import HUB, Network, build_network
from orchestration.sample.timeline import Schedule, Span, first_day, from_day, month_of, stream

_OEM_HOUR = time(18, 30)
_CORRECTS_FROM = 0.002
"""Senders with a larger share of bad rows are told, and deliver those once more, repaired."""

Progress = Callable[[str], None]
"""Called with what is being made; the first word is the stage."""


@dataclass(frozen=True)
class SampleReport:
    """What was delivered, and what loading it must give.

    Conservation: for every feed `rows` = accepted + `bad_rows`, rejected and duplicate files apart
    (they count as files with 0 rows).
    """

    target: Path
    first_month: date
    last_month: date
    files: int
    files_per_feed: dict[str, int]
    rows_per_feed: dict[str, int]
    bad_rows: dict[str, dict[str, int]]
    """Rows that must be quarantined: feed -> reason code -> count."""
    rejected_files: dict[str, dict[str, str]]
    """Files that must be rejected: feed -> file name -> reason code."""
    duplicate_files: dict[str, list[str]]
    """Files that bring the bytes of an earlier one: feed -> file names."""
    withdrawn_rows: dict[str, int]
    """Rows that withdraw a key, by feed."""

    @property
    def rows(self) -> int:
        return sum(self.rows_per_feed.values())

    @property
    def bad_rows_per_reason(self) -> dict[str, int]:
        totals: Counter[str] = Counter()
        for reasons in self.bad_rows.values():
            totals.update(reasons)
        return dict(sorted(totals.items()))

    def as_dict(self) -> dict[str, object]:
        """The report for machines, ready for JSON."""
        return {
            "target": str(self.target),
            "first_month": self.first_month.isoformat(),
            "last_month": self.last_month.isoformat(),
            "files": self.files,
            "rows": self.rows,
            "bad_rows": self.bad_rows_per_reason,
            "feeds": {
                feed: {
                    "files": files,
                    "rows": self.rows_per_feed[feed],
                    "bad_rows": self.bad_rows.get(feed, {}),
                    "rejected_files": self.rejected_files.get(feed, {}),
                    "duplicate_files": self.duplicate_files.get(feed, []),
                    "withdrawn_rows": self.withdrawn_rows.get(feed, 0),
                }
                for feed, files in self.files_per_feed.items()
            },
        }


def generate(
    target: Path,
    dealers: int = 40,
    months: int = 24,
    scale: float = 1.0,
    seed: int = 42,
    start: date | None = None,
    on_progress: Progress | None = None,
) -> SampleReport:
    """Write the sample extracts of all core feeds (no KBA workbook: those are published).

    The same arguments give the same bytes. Files of the same name are replaced, others stay.

    Args:
        target: the drop zone, made if absent.
        dealers: dealers in the network, 1 to 9,999.
        months: months of data.
        scale: factor on the volumes; 1 is about 130 thousand vehicle events for 40 dealers and 24
            months.
        start: any day of the first month; by default the data ends with December 2025.

    Raises:
        ValueError: an argument out of range; the message names it.
        OSError: the target cannot be written.
    """
    if not 1 <= dealers <= 9_999:
        raise ValueError(f"dealers is {dealers}: give 1 to 9999")
    if not 0 < scale <= 10_000:
        raise ValueError(f"scale is {scale}: give more than 0 and at most 10000")
    if seed < 0:
        raise ValueError(f"seed is {seed}: give 0 or more")
    span = Span.of(start, months)
    districts = load_districts()
    sample = _Sample(
        courier=Courier(Path(target)),
        feeds=load_contracts(),
        net=build_network(districts, span, dealers, seed),
        models=load_models(),
        span=span,
        scale=scale,
        seed=seed,
    )
    blocks = list(sample.blocks())
    tell = on_progress or (lambda text: None)
    Path(target).mkdir(parents=True, exist_ok=True)
    for number, block in enumerate(blocks, 1):
        tell(f"vehicles and customers of {block.sender.name}, {number} of {len(blocks)}")
        sample.deliver_block(block)
    tell("books of the dealers")
    sample.deliver_books()
    tell("market registrations")
    penetration = sample.deliver_market()
    tell("network of the OEM with its models, weights and targets")
    sample.deliver_oem(penetration)
    sample.deliver_governance()
    volumes = incentives.Volumes(sample.net, sample.models, span, scale)
    sample.deliver_incentives(volumes)
    sample.deliver_investments(volumes)
    sample.deliver_service()
    sample.deliver_capability()
    sample.deliver_brand()
    return _report(Path(target), span, sample.courier.ledger)


@dataclass(frozen=True)
class Block:
    """Contracts whose vehicles are made together: those of one sender, or a part of them."""

    number: int
    sender: Sender
    contracts: np.ndarray
    parts: int = 1
    """Contracts too large for one block are made in so many, each with its share."""
    mishaps: tuple[Mishap, ...] = ()
    place: int = 0
    """Which of the parts."""


@dataclass
class _Sample:
    courier: Courier
    feeds: dict[str, Feed]
    net: Network
    models: Models
    span: Span
    scale: float
    seed: int
    revenue: np.ndarray = field(init=False)
    """New-vehicle revenue in cents, by contract and month."""
    own: np.ndarray = field(init=False)
    """The network's first registrations, month x district x model x holder."""
    routing: routing.Routing = field(init=False)
    staff: academy.Staff = field(init=False)
    training: academy.Training = field(init=False)
    slips: slips.Slips = field(init=False)
    discounts: discounts.Discounts = field(init=False)
    campaigns: campaigns.Campaigns = field(init=False)
    local: campaigns.LocalCampaigns = field(init=False)
    pilots: pilots.Pilots = field(init=False)

    def __post_init__(self) -> None:
        self.revenue = np.zeros((len(self.net.dealer), self.span.months), dtype=np.int64)
        shape = market.cells(self.models, self.span, self.net.districts)
        self.own = np.zeros(shape, dtype=np.int64)
        net, span, scale, seed = self.net, self.span, self.scale, self.seed
        self.routing = routing.Routing(net, span)
        self.staff = academy.employ(net, span, seed)
        self.training = academy.train(net, span, self.staff, seed)
        self.slips = slips.Slips(net, self.staff, self.training, seed)
        self.discounts = discounts.Discounts(net, self.models, span, scale, seed)
        self.campaigns = campaigns.Campaigns.of(span)
        self.local = campaigns.LocalCampaigns(net, span, self.campaigns, scale, seed)
        self.pilots = pilots.Pilots(net, span, seed)

    # -- senders ------------------------------------------------------------------------------

    def senders(self) -> Iterator[tuple[Sender, np.ndarray]]:
        """Each sender of dealer feeds with the contracts that he delivers for."""
        net = self.net
        ids = net.dealer_id
        for d in np.flatnonzero(net.is_direct).tolist():
            schedule = Schedule(self.span, d, int(net.cadence[d]))
            stranger = ids[(d + 1) % len(ids)] if len(ids) > 1 else "D9999"
            sender = Sender(
                ids[d],
                d,
                schedule,
                bad_rate=float(net.bad_rate[d]),
                is_dealer=True,
                stranger=stranger,
            )
            yield sender, net.contracts_of(np.array([d]))
        small = net.contracts_of(np.flatnonzero(~net.is_direct))
        if len(small):
            rate = float(net.bad_rate[net.dealer[small]].mean())
            yield Sender(HUB, 17, Schedule(self.span, 17, 1), bad_rate=rate), small

    def blocks(self) -> Iterator[Block]:
        """The senders' contracts in blocks of about `MAX_VEHICLES` at most."""
        mishaps = self.mishaps()
        number = 0
        for sender, contracts in self.senders():
            size = vehicles.expected(self.net, contracts, self.span, self.scale).sum(axis=1)
            group = (np.cumsum(size) - size) // vehicles.MAX_VEHICLES
            part = 0
            for g in np.unique(group):
                chosen = contracts[group == g]
                parts = max(1, round(size[group == g].sum() / vehicles.MAX_VEHICLES))
                for place in range(parts):
                    placed = replace(sender, schedule=replace(sender.schedule, part=part))
                    harm = mishaps.get(sender.name, ()) if part == 0 else ()
                    yield Block(number, placed, chosen, parts, harm, place)
                    part, number = part + 1, number + 1

    def mishaps(self) -> dict[str, tuple[Mishap, ...]]:
        """The deliveries that go wrong as a whole, one of each kind, by sender.

        Each happens to a dealer whose dialect allows it, some time into the span.
        """
        period = self.span.months // 9
        placed = (
            (dialects.OLD_WINDOWS, "dealer__vehicle_events", "AMBIGUOUS_NUMBERS"),
            (dialects.PIPE_ENGLISH, "dealer__leads", "MISSING_COLUMN"),
            (dialects.GERMAN_EXCEL, "dealer__stock", "EMPTY"),
            (dialects.GZIP, "dealer__surveys", "UNREADABLE"),
            (dialects.UTF16_TAB, "dealer__vehicle_events", "DUPLICATE"),
        )
        found: dict[str, tuple[Mishap, ...]] = {}
        direct = np.flatnonzero(self.net.is_direct).tolist()
        for dialect, feed, reason in placed:
            number = dialects.DEALER_DIALECTS.index(dialect)
            if number in direct:
                name = self.net.dealer_id[number]
                found[name] = (*found.get(name, ()), Mishap(feed, period, reason))
        return found

    @staticmethod
    def _for(feed: Feed, sender: Sender) -> Sender:
        """The sender as he delivers this feed: dealers send most feeds each quarter only."""
        if not sender.is_dealer or feed.entity in ("vehicle_events", "leads"):
            return sender
        return replace(sender, schedule=replace(sender.schedule, cadence=3))

    @staticmethod
    def _dialect(sender: Sender, feed: Feed) -> Dialect:
        """How the sender of a dealer feed writes it."""
        if sender.is_dealer:
            return dialects.dealer_dialect(sender.number, feed)
        return dialects.hub_dialect(feed)

    # -- what dealers deliver -----------------------------------------------------------------

    def deliver_block(self, block: Block) -> None:
        net, span, sender = self.net, self.span, block.sender
        schedule = sender.schedule
        rng = self._stream("vehicles", sender)
        scale = self.scale / block.parts
        v = vehicles.simulate(
            net,
            self.models,
            block.contracts,
            span,
            scale,
            rng,
            block.number,
            self.discounts,
            first_number=schedule.part * 1_000_000,
        )
        self._deliver_events(block, v, rng)
        self._deliver_stock(block, v)

        means = vehicles.expected(net, block.contracts, span, scale)
        means = means[:, vehicles.LEAD_IN : vehicles.LEAD_IN + span.months]
        tag = f"{sender.name}-{schedule.part}"
        if block.place == 0:
            self._deliver_campaigns(block)
        for name, make in (
            (
                "dealer__leads",
                lambda feed, schedule, rng: customers.leads(
                    feed,
                    net,
                    self.models,
                    v,
                    block.contracts,
                    means,
                    self.local,
                    self.pilots,
                    schedule,
                    rng,
                    f"L-{tag}",
                ),  # fmt: skip
            ),
            (
                "dealer__surveys",
                lambda feed, schedule, rng: customers.surveys(
                    feed, net, v, schedule, rng, f"S-{tag}"
                ),
            ),
            (
                "dealer__cases",
                lambda feed, schedule, rng: customers.cases(
                    feed, net, v, self.routing, schedule, rng, f"C-{tag}"
                ),
            ),
        ):
            feed = self.feeds[name]
            sender, rng = self._for(feed, block.sender), self._stream(name, block.sender)
            table, told, begun = make(feed, sender.schedule, rng)
            slipped = self._slipped(feed, sender, table, told.period)
            self.courier.deliver(
                feed,
                sender,
                self._dialect(sender, feed),
                slipped.table,
                told.period,
                begun,
                rng,
                mishaps=block.mishaps,
                twice=slipped.twice,
                late=slipped.late,
            )

    def _slipped(
        self, feed: Feed, sender: Sender, table: pa.Table, period: np.ndarray
    ) -> slips.Slipped:
        """What a sender delivers of a feed, with the slips of its dealers."""
        rng = self._stream(f"slips of {feed.name}", sender)
        return self.slips.of(feed, table, period, sender.schedule, sender.is_dealer, rng)

    def _deliver_events(self, block: Block, v: vehicles.Vehicles, rng: np.random.Generator) -> None:
        feed, sender = self.feeds["dealer__vehicle_events"], block.sender
        schedule = sender.schedule
        made = vehicles.events(feed, self.net, self.models, v, self.span, rng)
        month = month_of(made.day)
        invoice = np.flatnonzero(made.kind == vehicles.INVOICE)
        np.add.at(
            self.revenue,
            (v.contract[made.vehicle[invoice]], month[invoice] - self.span.first_month),
            v.net_cents[made.vehicle[invoice]],
        )
        first = np.flatnonzero(
            (made.kind == vehicles.REGISTRATION) & (made.day == v.registration[made.vehicle])
        )
        registered = made.vehicle[first]
        self.own += market.own_counts(
            self.models,
            self.span,
            self.net.districts,
            month[first],
            v.district[registered],
            v.model[registered],
            np.where(v.is_self[registered], DEALER, v.holder[registered]),
        )

        period = schedule.period_of(month)
        # Some events are booked a delivery late.
        late = (rng.random(len(period)) < 0.015) & (period + 1 < schedule.periods)
        period = period + late
        changed, changed_period = self._changes(feed, made, period, invoice, rng)
        slipped = self._slipped(feed, sender, made.table, period)
        self.courier.deliver(
            feed,
            sender,
            self._dialect(sender, feed),
            slipped.table,
            period,
            made.day,
            rng,
            mishaps=block.mishaps,
            twice=slipped.twice,
            changed=changed,
            changed_period=changed_period,
            repairs=sender.bad_rate > _CORRECTS_FROM,
        )

    def _changes(
        self,
        feed: Feed,
        made: vehicles.Events,
        period: np.ndarray,
        invoice: np.ndarray,
        rng: np.random.Generator,
    ) -> tuple[pa.Table | None, np.ndarray | None]:
        """Later versions: some invoices at a lower price, second bookings withdrawn."""
        repriced = invoice[rng.random(len(invoice)) < 0.004]
        twice = np.flatnonzero(made.is_booked_twice)
        if not len(repriced) and not len(twice):
            return None, None
        lower = made.table.take(pa.array(repriced))
        net_price = lower["net_price_eur"].combine_chunks()
        place = lower.column_names.index("net_price_eur")
        lower = lower.set_column(
            place,
            "net_price_eur",
            pa.array(
                net_price.fill_null(0).to_numpy() * 98 // 100,
                mask=net_price.is_null().to_numpy(zero_copy_only=False),
            ),
        )
        withdrawn = made.table.take(pa.array(twice))
        withdrawn = pa.table(
            [
                withdrawn[c.name]
                if c.key
                else pa.array(np.ones(len(twice), dtype=bool))
                if c.name == "is_deleted"
                else pa.nulls(len(twice), withdrawn.schema.field(c.name).type)
                for c in feed.columns
            ],
            names=withdrawn.column_names,
        )
        return pa.concat_tables([lower, withdrawn]), np.concatenate(
            [period[repriced], period[twice]]
        )

    def _deliver_stock(self, block: Block, v: vehicles.Vehicles) -> None:
        feed = self.feeds["dealer__stock"]
        sender = self._for(feed, block.sender)
        rng = self._stream(feed.name, sender)
        table, day = vehicles.stock(feed, self.net, self.models, v, self.span, rng)
        period = sender.schedule.period_of(month_of(day))
        slipped = self._slipped(feed, sender, table, period)
        self.courier.deliver(
            feed,
            sender,
            self._dialect(sender, feed),
            slipped.table,
            period,
            day,
            rng,
            mishaps=block.mishaps,
            twice=slipped.twice,
            repairs=sender.bad_rate > _CORRECTS_FROM,
        )

    def _deliver_campaigns(self, block: Block) -> None:
        """The local campaigns of the block's contracts, and what is changed in them."""
        for name, make in (
            ("dealer__local_campaigns", self.local.told),
            ("dealer__campaign_changes", self.local.changes),
        ):
            feed = self.feeds[name]
            sender = self._for(feed, block.sender)
            table, period, day = make(feed, block.contracts, sender.schedule)
            rng, dialect = self._stream(name, sender), self._dialect(sender, feed)
            self.courier.deliver(feed, sender, dialect, table, period, day, rng)

    def deliver_books(self) -> None:
        """The financials, when all vehicles are made; some months are restated a delivery later."""
        feed = self.feeds["dealer__financials"]
        rng = stream(self.seed, feed.name)
        table, contract, month = books.financials(feed, self.net, self.span, self.revenue, rng)
        restated = np.flatnonzero(rng.random(len(contract)) < 0.03)
        again = table.take(pa.array(restated))
        place = again.column_names.index("liquid_funds_eur")
        liquid = again["liquid_funds_eur"].combine_chunks().to_numpy() * 97 // 100
        again = again.set_column(place, "liquid_funds_eur", pa.array(liquid))
        table = pa.concat_tables([table, again]).combine_chunks()
        contract = np.concatenate([contract, contract[restated]])
        month = np.concatenate([month, month[restated]])
        is_again = np.arange(len(contract)) >= len(contract) - len(restated)
        for source, contracts in self.senders():
            sender = self._for(feed, source)
            schedule = sender.schedule
            period = schedule.period_of(month) + is_again
            mine = np.flatnonzero(np.isin(contract, contracts) & (period < schedule.periods))
            if len(mine):
                self.courier.deliver(
                    feed,
                    sender,
                    self._dialect(sender, feed),
                    table.take(pa.array(mine)),
                    period[mine],
                    month[mine],
                    self._stream(feed.name, sender),
                )

    def _stream(self, label: str, sender: Sender) -> np.random.Generator:
        return stream(self.seed, label, sender.number, sender.is_dealer, sender.schedule.part)

    # -- what the market and the OEM deliver --------------------------------------------------

    def deliver_market(self) -> np.ndarray:
        """The market month by month; gives the share of each of the network's brands."""
        feed, span = self.feeds["market__registrations"], self.span
        level = self.own.sum() / span.months
        schedule = Schedule(span, 5, 1)
        units = np.zeros(len(BRANDS))
        total = 0
        for m in range(span.months):
            rng = stream(self.seed, feed.name, m)
            table, by_brand = market.month_frame(
                feed, self.models, span, self.net.districts, self.own[m], m, level, rng
            )
            units += by_brand[: len(BRANDS)]
            total += by_brand.sum()
            self.courier.deliver(
                feed,
                Sender("market", 5, schedule, bad_rate=0.0006 if m % 6 == 2 else 0.0),
                dialects.MARKET,
                table,
                np.full(table.num_rows, m),
                np.arange(table.num_rows),
                rng,
                repairs=True,
            )
        return units / max(total, 1)

    def deliver_oem(self, penetration: np.ndarray) -> None:
        """The network when a quarter changed it, targets before each quarter, weights, closes."""
        net, span, feeds = self.net, self.span, self.feeds
        before = span.start - 17
        quarters = [int(first_day(m)) + 2 for m in span.numbers[1:].tolist() if m % 3 == 0]
        for name, make in (("oem__dealers", oem.dealers), ("oem__territories", oem.territories)):
            last = None
            for day in (before, *quarters, span.end + 4):
                table = make(feeds[name], net, day)
                if last is None or not table.equals(last):
                    self._send_oem(name, table, day)
                last = table
        self._send_oem(
            "oem__postal_areas", oem.postal_areas(feeds["oem__postal_areas"], net.districts), before
        )

        januaries = [int(first_day(m)) + 6 for m in span.numbers[1:].tolist() if m % 12 == 0]
        for day in (before, *januaries):
            years = 0 if day == before else int(month_of(day)) // 12 - span.first_month // 12
            table = oem.vehicle_models(feeds["oem__vehicle_models"], self.models, years)
            self._send_oem("oem__vehicle_models", table, day)

        announced = oem.second_version_from(span) - 25
        for versions, day in (((0,), before), ((0, 1), announced)):
            table = oem.kpi_weights(feeds["oem__kpi_weights"], span, versions)
            self._send_oem("oem__kpi_weights", table, day)

        feed = feeds["oem__kpi_targets"]
        for quarter in np.unique(span.numbers // 3).tolist():
            months = span.numbers[span.numbers // 3 == quarter]
            table = oem.kpi_targets(
                feed, net, span, months, penetration, stream(self.seed, feed.name)
            )
            self._send_oem(feed.name, table, int(first_day(months[0])) - 16)

        feed = feeds["oem__period_closes"]
        for month in span.numbers[:-1].tolist():  # the last month is still open
            table, day = oem.period_close(feed, month)
            self._send_oem(feed.name, table, day)

    def deliver_governance(self) -> None:
        """Contracts with their standards and escalations, requirements, and the dialogue."""
        net, span, feeds = self.net, self.span, self.feeds
        agreed, versions = agreements.agree(net, span), agreements.versions(span)
        feed = feeds["oem__contracts"]
        for table, day, withdrawn in agreements.contracts(feed, net, span, agreed):
            self._send_oem(feed.name, table, day)
            self.courier.ledger.withdrawn[feed.name] += withdrawn
        offered = requirements.offer(span)
        for name, make, args in (
            ("oem__technology_standards", agreements.standards, (span, versions)),
            ("oem__contract_events", agreements.events, (net, span, agreed, versions)),
            ("oem__escalation_events", agreements.escalation_events, (net, span, agreed)),
            ("oem__requirements", requirements.requirements, (span, self.seed)),
            ("oem__business_modules", requirements.modules, (span, offered)),
        ):
            for table, day in make(feeds[name], *args):
                self._send_oem(name, table, day)
        for name, told in dialogue.dialogue(net, span, offered, self.seed):
            feed = feeds[name]
            for source, mine in self.senders():
                sender = self._for(feed, source)
                table, period, day = told.of(feed, mine, sender.schedule)
                rng = self._stream(name, sender)
                self.courier.deliver(
                    feed, sender, self._dialect(sender, feed), table, period, day, rng
                )

    def deliver_incentives(self, volumes: incentives.Volumes) -> None:
        """Sales targets before each quarter, programmes with their tiers before each year, and what
        changes them."""
        feed = self.feeds["oem__sales_targets"]
        for table, day in targets.sales_targets(
            feed, self.net, self.models, self.span, self.scale, self.seed
        ):
            self._send_oem("oem__sales_targets", table, day)
        programs, tiers = "oem__incentive_programs", "oem__incentive_tiers"
        last: dict[str, pa.Table] = {}
        args = (self.feeds[programs], self.feeds[tiers], volumes, self.span)
        for told in incentives.deliveries(*args):
            for name, table in ((programs, told.programs), (tiers, told.tiers)):
                if name not in last or not table.equals(last[name]):
                    self._send_oem(name, table, told.day)
                last[name] = table
            if told.refused:
                self.courier.ledger.bad_rows[tiers, faults.BAD_VALUE] += told.refused

    def deliver_investments(self, volumes: incentives.Volumes) -> None:
        """Showroom investments before they begin, and what partners and OEM carry together."""
        feed = self.feeds["oem__showroom_investments"]
        for table, day in investments.deliveries(feed, self.net, volumes, self.span, self.scale):
            self._send_oem(feed.name, table, day)
        for name, make in (
            ("oem__shared_programs", shared.programs),
            ("oem__shared_program_members", shared.members),
        ):
            for table, day in make(self.feeds[name], self.net, self.span):
                self._send_oem(name, table, day)

    def deliver_service(self) -> None:
        """The rules by which cases are routed and when routing goes live, who answers for which
        process, and how long cases may take."""
        feed = self.feeds["oem__routing_rules"]
        for table, day, withdrawn in routing.rules(feed, self.routing, self.net):
            self._send_oem(feed.name, table, day)
            self.courier.ledger.withdrawn[feed.name] += withdrawn
        feed = self.feeds["oem__routing_go_lives"]
        for table, day in routing.go_lives(feed, self.span):
            self._send_oem(feed.name, table, day)
        feed = self.feeds["oem__responsibilities"]
        for table, day, withdrawn in responsibilities.responsibilities(feed, self.net, self.span):
            self._send_oem(feed.name, table, day)
            self.courier.ledger.withdrawn[feed.name] += withdrawn
        feed = self.feeds["oem__service_levels"]
        for table, day in responsibilities.service_levels(feed, self.span):
            self._send_oem(feed.name, table, day)

    def deliver_capability(self) -> None:
        """Courses, who works for whom and has passed what, what the IT of dealers has to meet, and
        introductions of systems."""
        net, span, feeds = self.net, self.span, self.feeds
        staff, training = self.staff, self.training
        for table, day in academy.courses(feeds["oem__courses"], span):
            self._send_oem("oem__courses", table, day)
        feed = feeds["oem__training_events"]
        for table, day, withdrawn in academy.events(feed, net, span, staff, training):
            self._send_oem(feed.name, table, day)
            self.courier.ledger.withdrawn[feed.name] += withdrawn
        for table, day in systems.criteria(feeds["oem__it_criteria"], span):
            self._send_oem("oem__it_criteria", table, day)
        trained_since = training.first_passed(net, staff)
        found = systems.introduce(net, span, trained_since, self.seed)
        for table, day in systems.rollouts(feeds["oem__system_rollouts"], net, span, found):
            self._send_oem("oem__system_rollouts", table, day)
        assessed = systems.assess(net, span, self.seed)
        for source, mine in self.senders():
            # lists of people and assessments come each quarter, from the hub too
            sender = replace(source, schedule=replace(source.schedule, cadence=3))
            schedule = sender.schedule
            for name, (table, period, order) in (
                (
                    "dealer__staff",
                    academy.staff_lists(
                        feeds["dealer__staff"], net, staff, mine, schedule, sender.is_dealer
                    ),
                ),
                (
                    "dealer__it_assessments",
                    assessed.of(feeds["dealer__it_assessments"], net, mine, schedule),
                ),
            ):
                feed, rng = feeds[name], self._stream(name, sender)
                self.courier.deliver(
                    feed, sender, self._dialect(sender, feed), table, period, order, rng
                )

    def deliver_brand(self) -> None:
        """Campaigns of the brands with their elements, and pilots with their dealers."""
        told = self.campaigns
        for name, make, args in (
            ("oem__brand_campaigns", campaigns.brand_campaigns, (self.span, told)),
            ("oem__campaign_elements", campaigns.campaign_elements, (told,)),
            ("oem__pilots", self.pilots.pilots, ()),
            ("oem__pilot_members", self.pilots.pilot_members, ()),
            ("oem__pilot_rollouts", self.pilots.pilot_rollouts, ()),
        ):
            for table, day in make(self.feeds[name], *args):
                self._send_oem(name, table, day)

    def _send_oem(self, name: str, table: pa.Table, day: int) -> None:
        stamp = datetime.combine(from_day(day), _OEM_HOUR)
        feed = self.feeds[name]
        self.courier.send(feed, "oem", stamp, dialects.oem_dialect(feed), table)


def _report(target: Path, span: Span, ledger: Ledger) -> SampleReport:
    feeds = sorted(ledger.files)
    bad: dict[str, dict[str, int]] = {}
    for (feed, reason), count in sorted(ledger.bad_rows.items()):
        bad.setdefault(feed, {})[reason] = count
    rejected: dict[str, dict[str, str]] = {}
    for (feed, name), reason in sorted(ledger.rejected.items()):
        rejected.setdefault(feed, {})[name] = reason
    duplicates: dict[str, list[str]] = {}
    for feed, name in sorted(ledger.duplicates):
        duplicates.setdefault(feed, []).append(name)
    return SampleReport(
        target=target,
        first_month=from_day(span.start),
        last_month=from_day(int(first_day(span.first_month + span.months - 1))),
        files=sum(ledger.files.values()),
        files_per_feed={f: ledger.files[f] for f in feeds},
        rows_per_feed={f: ledger.rows[f] for f in feeds},
        bad_rows=bad,
        rejected_files=rejected,
        duplicate_files=duplicates,
        withdrawn_rows={f: n for f, n in sorted(ledger.withdrawn.items()) if n},
    )
