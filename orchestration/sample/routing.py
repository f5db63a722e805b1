"""Who answers for a case: the OEM's routing rules, when routing goes live, and what that changes.

The rules follow the territories: a region of two digits goes to the dealer who holds most of it,
longer prefixes to the others, what is left of a zone of one digit to its main dealer. Some areas
stay uncovered, some kinds of cases go to the main dealer, and in some regions two rules tie. After
the go-live of a brand cases are handled faster, and most of them reach the dealer who answers for
them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames
from orchestration.sample.catalog import BRANDS, CASE_TYPES, PRODUCTS
from orchestration.sample.network import Network
from orchestration.sample.timeline import Span, first_day, month_of, off_sunday, pick

_ANY, _NOBODY, _NEVER = -1, -1, -1
_UNCOVERED, _PARTS, _COMPLAINTS, _ENGINES, _TIES, _YIELDS = 9, 3, 4, 5, 6, 7
"""One region in so many of a brand: is covered by no rule of its own; sends batteries and charging,
complaints, or warranty of engines to the main dealer of the zone; has two rules that tie; has two
of which the priority decides."""
_MOST_TIES = 3
_OPEN_ZONES = 3
"""One zone (first digit) in so many has no rule for what is left."""
_PRIORITY, _LOW_PRIORITY = 100, 200
_TOLD_BEFORE, _OPENING_TOLD_BEFORE, _CLOSING_TOLD_AFTER = 17, 12, 9
_MISTAKE_TOLD, _MISTAKE_WITHDRAWN = 40, 47
"""Days into the sample."""

# By brand: what is left of the hours of a case, and of the times that it changes hands. Without a
# go-live nothing changes. The hours of one case in four end at night, and thus in the morning:
# what is left of the mean is a little more than stands here.
_HOURS_LEFT = np.array([0.53, 0.64, 1.0])
_REASSIGNED_LEFT = 0.4
_MISROUTED_TAKES = 1.33
"""Hours of a case that another should have received, as a multiple."""
_REDIRECTED = 0.75
"""Share of the misrouted cases that reach the right dealer after the go-live."""


@dataclass(frozen=True)
class Rule:
    """A routing rule as it stands. Days; -1 is any product or type of case, or no end."""

    rule_id: str
    brand: int
    prefix: str
    contract: int
    valid_from: int
    valid_to: int = _NEVER
    product: int = _ANY
    case_type: int = _ANY
    priority: int = _PRIORITY


@dataclass(frozen=True)
class Told:
    """What the OEM says about a rule on a day."""

    day: int
    rule: Rule
    is_withdrawn: bool = False


class Routing:
    """The rules of all brands, and what their go-lives change."""

    def __init__(self, net: Network, span: Span) -> None:
        self._net, self._span = net, span
        every = [t for b in range(len(BRANDS)) for t in _BrandRules(net, span, b).history()]
        self.told = sorted((t for t in every if t.day <= span.end), key=lambda t: t.day)
        self.live = np.array([day for day, _ in _go_lives(span)] + [_NEVER])
        self._responsible = _responsible(net, span, self.rules)
        self._district = np.repeat(np.arange(len(net.districts)), net.districts.postal_count)

    @property
    def rules(self) -> list[Rule]:
        """The rules as last told, without those withdrawn."""
        newest = {t.rule.rule_id: t for t in self.told}
        return [t.rule for t in newest.values() if not t.is_withdrawn]

    def is_live(self, contract: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether routing is live for the brand of each contract on a day."""
        live = self.live[self._net.brand[contract]]
        return (live >= 0) & (day >= live)

    def pace(
        self, is_live: np.ndarray, contract: np.ndarray, is_misrouted: np.ndarray
    ) -> np.ndarray:
        """By what the hours of cases are multiplied. Dealers make more or less of routing, by a
        fifth at most."""
        dealer = self._net.dealer[contract]
        left = _HOURS_LEFT[self._net.brand[contract]] * (0.8 + 0.04 * (dealer * 7 % 11))
        return np.where(is_live, left, 1.0) * np.where(is_misrouted, _MISROUTED_TAKES, 1.0)

    def is_misrouted(
        self,
        postal: np.ndarray,
        contract: np.ndarray,
        day: np.ndarray,
        product: np.ndarray,
        case_type: np.ndarray,
    ) -> np.ndarray:
        """Whether another than who received a case answers for it, as of the month's middle."""
        month, brand = month_of(day) - self._span.first_month, self._net.brand[contract]
        answers = self._responsible[month, brand, postal, product, case_type]
        return answers != self._net.dealer[contract]

    def reassigned(
        self, count: np.ndarray, is_live: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """How often cases change hands: less often where routing is live."""
        return np.where(is_live, rng.binomial(count, _REASSIGNED_LEFT), count)

    def customers(
        self,
        postal: np.ndarray,
        contract: np.ndarray,
        day: np.ndarray,
        product: np.ndarray,
        case_type: np.ndarray,
        rng: np.random.Generator,
    ) -> np.ndarray:
        """Where the customers of cases live, numbers of `Districts.flat_postal_codes`.

        A dealer's file can only tell of cases that he received. So a case that routing sends to
        another is replaced by one of a customer for whom he answers himself.
        """
        net = self._net
        month, brand = month_of(day) - self._span.first_month, net.brand[contract]
        dealer = net.dealer[contract]
        is_strange = self.is_misrouted(postal, contract, day, product, case_type)
        chosen = is_strange & self.is_live(contract, day) & (rng.random(len(day)) < _REDIRECTED)
        rows = np.flatnonzero(chosen)
        own = self._responsible[month[rows], brand[rows], :, product[rows], case_type[rows]]
        weights = (own == dealer[rows, None]) * net.customers[contract[rows]][:, self._district]
        answers = weights.sum(axis=1) > 0
        rows, weights = rows[answers], weights[answers]
        found = postal.copy()
        if len(rows):
            found[rows] = pick(rng, weights, np.arange(len(rows)))
        return found


def rules(feed: Feed, routing: Routing, net: Network) -> Iterator[tuple[pa.Table, int, int]]:
    """What is told of rules, a table for each day; with the day and the rows that withdraw."""
    for day in sorted({t.day for t in routing.told}):
        told = [t for t in routing.told if t.day == day]
        of = [t.rule for t in told]
        contract, valid_to, product, case_type = (
            np.array([getattr(r, name) for r in of])
            for name in ("contract", "valid_to", "product", "case_type")
        )
        table = frames.frame(
            feed,
            {
                "rule_id": pa.array([r.rule_id for r in of]),
                "brand_code": frames.texts(BRANDS, net.brand[contract]),
                "case_type": frames.texts(CASE_TYPES, case_type),
                "product_category": frames.texts(PRODUCTS, product),
                "postal_prefix": pa.array([r.prefix or None for r in of], pa.string()),
                "responsible_dealer_id": frames.texts(net.dealer_id, net.dealer[contract]),
                "priority": frames.ints(np.array([r.priority for r in of])),
                "valid_from": frames.days(np.array([r.valid_from for r in of])),
                "valid_to": frames.days(valid_to, valid_to < 0),
                "is_deleted": frames.flags(np.array([t.is_withdrawn for t in told])),
            },
        )
        yield table, day, sum(t.is_withdrawn for t in told)


def go_lives(feed: Feed, span: Span) -> Iterator[tuple[pa.Table, int]]:
    """The go-lives as announced, and one of them again, as it was put off; with the day."""
    before = span.start - _TOLD_BEFORE
    told: dict[int, list[tuple[int, int]]] = {}
    for brand, (day, planned) in enumerate(_go_lives(span)):
        told.setdefault(max(before, planned - 60), []).append((brand, planned))
        if planned != day:
            told.setdefault(max(before + 1, planned - 20), []).append((brand, day))
    for on in sorted(day for day in told if day <= span.end):
        brand, day = np.array(told[on]).T
        columns = {"brand_code": frames.texts(BRANDS, brand), "go_live_on": frames.days(day)}
        yield frames.frame(feed, columns), on


def _go_lives(span: Span) -> tuple[tuple[int, int], ...]:
    """Day and planned day by brand, the last brand without one. In two years at least six months
    lie on either side of both."""
    middle = int(first_day(span.first_month + span.months // 2))
    later = int(first_day(span.first_month + span.months * 2 // 3)) + 14
    planned = int(first_day(month_of(later) - 2))
    return (middle, middle), (later, max(planned, span.start))


def _responsible(net: Network, span: Span, every: list[Rule]) -> np.ndarray:
    """Dealer by month (as of its middle), brand, postal code, product and type of case; -1 is
    nobody. The rules in ascending order of rank: the last one that fits stays."""
    codes = np.array(net.districts.flat_postal_codes)
    middle = first_day(span.numbers) + 14
    shape = (span.months, len(BRANDS), len(codes), len(PRODUCTS), len(CASE_TYPES))
    found = np.full(shape, _NOBODY, dtype=np.int32)
    ranked = sorted(every, key=lambda r: r.rule_id, reverse=True)
    ranked.sort(key=lambda r: (len(r.prefix), r.product >= 0, r.case_type >= 0, -r.priority))
    for r in ranked:
        dealer = net.dealer[r.contract]
        first, last = max(r.valid_from, int(net.opened[dealer])), np.iinfo(np.int64).max
        for end in (r.valid_to, int(net.closed[dealer])):
            last = end if 0 <= end < last else last
        months = np.flatnonzero((middle >= first) & (middle <= last))
        at = np.flatnonzero(np.char.startswith(codes, r.prefix))
        product = slice(None) if r.product < 0 else slice(r.product, r.product + 1)
        case_type = slice(None) if r.case_type < 0 else slice(r.case_type, r.case_type + 1)
        found[months[:, None], r.brand, at[None, :], product, case_type] = dealer
    return found


class _BrandRules:
    """The rules of one brand, in the order in which they are thought of."""

    def __init__(self, net: Network, span: Span, brand: int) -> None:
        self.net, self.span, self.brand = net, span, brand
        codes = net.districts.flat_postal_codes
        self.codes = tuple(sorted(set(codes)))
        self.place = np.array([codes.index(code) for code in self.codes])
        self.contracts = np.flatnonzero(net.brand == brand)
        opened, closed = net.opened[net.dealer], net.closed[net.dealer]
        lasting = self.contracts[(opened <= span.start)[self.contracts]]
        lasting = lasting[closed[lasting] < 0]
        self.lasting = lasting[np.argsort(-net.volume[lasting], kind="stable")]
        """Contracts of the brand from the first to the last day, the largest first."""
        self.count = 0

    def history(self) -> Iterator[Told]:
        before = self.span.start - _TOLD_BEFORE
        holders = self._holders(self.span.start)
        general = [
            self._rule(prefix, contract) for prefix, contract in _prefixes(self.codes, holders)
        ]
        regions = [r for r in general if len(r.prefix) == 2]
        uncovered = regions[_UNCOVERED - 1 :: _UNCOVERED]
        general = [r for r in general if r not in uncovered]
        regions = [r for r in regions if r not in uncovered]
        yield from (Told(before, r) for r in general)
        yield from (Told(before, r) for r in self._zones(holders))
        yield from (Told(before, r) for r in self._special(regions, holders))
        yield from self._ties(regions, holders)
        yield from self._openings()
        yield from self._closings(general)
        if self.brand == 0 and len(self.lasting):
            wrong = self._rule("0", int(self.lasting[0]), self.span.start, case_type=1)
            yield Told(self.span.start + _MISTAKE_TOLD, wrong)
            yield Told(self.span.start + _MISTAKE_WITHDRAWN, wrong, is_withdrawn=True)

    def _rule(self, prefix: str, contract: int, valid_from: int | None = None, **more: int) -> Rule:
        self.count += 1
        if valid_from is None:
            valid_from = self.span.start
        name = f"{BRANDS[self.brand][:3]}-R{self.count:04d}"
        return Rule(name, self.brand, prefix, contract, valid_from, **more)

    def _holders(self, day: int) -> np.ndarray:
        """Contract that answers for each of the codes on a day, -1 where none does. Several that
        hold a district share its codes."""
        t = self.net.territories
        valid = (t["valid_from"] <= day) & ((t["valid_to"] < 0) | (t["valid_to"] >= day))
        rows = np.flatnonzero(valid & (self.net.brand[t["contract"]] == self.brand))
        rows = rows[np.lexsort((t["contract"][rows], t["district"][rows]))]
        held = np.bincount(t["district"][rows], minlength=len(self.net.districts))
        first = np.cumsum(held) - held
        areas = self.net.districts
        district = np.repeat(np.arange(len(areas)), areas.postal_count)[self.place]
        of_district = self.place - areas.postal_start[district]
        row = first[district] + of_district % np.maximum(held[district], 1)
        contract = np.append(t["contract"][rows], _NOBODY)
        return np.where(held[district] > 0, contract[np.minimum(row, len(rows))], _NOBODY)

    def _main(self, zone: str, holders: np.ndarray) -> list[int]:
        """The lasting contracts that hold codes of a zone (first digit), the largest first."""
        local = holders[[code.startswith(zone) for code in self.codes]]
        return [int(c) for c in self.lasting if c in local]

    def _zones(self, holders: np.ndarray) -> Iterator[Rule]:
        """In most zones the main dealer answers for what no longer prefix covers."""
        for zone in range(10):
            main = self._main(str(zone), holders)[:1]
            if zone % _OPEN_ZONES != 1:
                yield from (self._rule(str(zone), contract) for contract in main)

    def _special(self, regions: list[Rule], holders: np.ndarray) -> Iterator[Rule]:
        """Rules for some products and types of cases."""
        battery, charging, engine = (PRODUCTS.index(p) for p in ("BATTERY", "CHARGING", "ENGINE"))
        middle = int(first_day(self.span.first_month + self.span.months // 2))
        for number, region in enumerate(regions):
            main = self._main(region.prefix[0], holders)[:1]
            for contract in (c for c in main if c != region.contract):
                if number % _PARTS == 0:
                    yield self._rule(region.prefix, contract, product=battery)
                    yield self._rule(region.prefix, contract, middle, product=charging)
                if number % _COMPLAINTS == 1:
                    yield self._rule(region.prefix, contract, case_type=1)
                if number % _ENGINES == 2:
                    yield self._rule(region.prefix, contract, product=engine, case_type=0)
        if self.brand == 1 and len(self.lasting):  # one dealer for all that no other rule covers
            yield self._rule("", int(self.lasting[0]), product=charging)

    def _ties(self, regions: list[Rule], holders: np.ndarray) -> Iterator[Told]:
        """Second rules of a region: of equal rank, the first of which is ended later, and of lower
        priority."""
        before = self.span.start - _TOLD_BEFORE
        ended = int(first_day(self.span.first_month + self.span.months * 3 // 5))
        ties = 0
        for number, region in enumerate(regions):
            others = [*self._main(region.prefix[0], holders), *self.lasting.tolist()]
            other = next((c for c in others if c != region.contract), None)
            if other is None:
                continue
            if number % _TIES == 3 and ties < _MOST_TIES:
                rule = self._rule(region.prefix, other)
                yield Told(before, rule)
                if ties == 0:
                    yield Told(int(off_sunday(ended + 3)), replace(rule, valid_to=ended - 1))
                ties += 1
            elif number % _YIELDS == 5:
                yield Told(before, self._rule(region.prefix, other, priority=_LOW_PRIORITY))

    def _openings(self) -> Iterator[Told]:
        """Who opens within the sample gets the codes of his home."""
        net = self.net
        opened = net.opened[net.dealer]
        for contract in self.contracts[opened[self.contracts] > self.span.start].tolist():
            told = max(int(opened[contract]) - _OPENING_TOLD_BEFORE, self.span.start - _TOLD_BEFORE)
            for code in sorted(set(net.districts.postal_codes[net.home[net.dealer[contract]]])):
                yield Told(told, self._rule(code, contract, int(opened[contract])))

    def _closings(self, general: list[Rule]) -> Iterator[Told]:
        """The rules of who closes go to his heirs, some days late. Some of his own are ended with
        that; those of other dealers stay as they are, and fit no more."""
        net = self.net
        closed = net.closed[net.dealer]
        for contract in self.contracts[closed[self.contracts] >= 0].tolist():
            last = int(closed[contract])
            told, heirs = last + _CLOSING_TOLD_AFTER, self._holders(last + 1)
            for rule in (r for r in general if r.contract == contract):
                local = heirs[[code.startswith(rule.prefix) for code in self.codes]]
                local = local[(local >= 0) & (local != contract)].tolist()
                if local:
                    [(heir, _)] = Counter(local).most_common(1)
                    yield Told(told, self._rule(rule.prefix, heir, last + 1))
                if net.dealer[contract] % 2 == 0:
                    yield Told(told, replace(rule, valid_to=last))


def _prefixes(codes: tuple[str, ...], holders: np.ndarray) -> list[tuple[str, int]]:
    """Prefixes and their holders: two digits where somebody holds most of a region, and the
    shortest longer ones that set the other holders of the region apart."""
    found: dict[str, int] = {}
    for region in sorted({code[:2] for code in codes}):
        local = {c: int(h) for c, h in zip(codes, holders, strict=True) if c.startswith(region)}
        [(most, _)] = Counter(local.values()).most_common(1)
        if most != _NOBODY:
            found[region] = most
        for code, holder in local.items():
            if holder in (most, _NOBODY):
                continue
            length = next(
                n
                for n in range(3, 6)
                if {h for c, h in local.items() if c.startswith(code[:n])} == {holder}
            )
            found[code[:length]] = holder
    return list(found.items())
