"""Campaigns of the OEM with their elements, and what dealers make of them.

Each brand has a campaign a quarter; brands that are sold as premium have weeks at the end of some
quarters besides. Dealers take most of them over, change as much as they like, and ask for approval:
some change a locked element or more than is allowed, some begin before anybody has answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames
from orchestration.sample.catalog import BRANDS
from orchestration.sample.customers import Telling
from orchestration.sample.network import Network
from orchestration.sample.timeline import DAY, Schedule, Span, first_day, off_sunday, pick, stream
from orchestration.sample.vehicles import brand_texts, expected

_NEVER = -1
_MILLION_EUR = 100_000_000
"""In cents."""
_TOLD_BEFORE = 41
"""Days from the plan of a quarter to its first."""
_RAISED_AFTER = 20
"""Days into a campaign at which its budget is raised, where it is."""
_PREMIUM_BEFORE, _PREMIUM_AFTER = 24, 4
"""Days of a premium campaign before and after the end of its quarter."""
_PREMIUM_QUARTERS = ((3,), (1, 3), (0, 1, 2, 3))
"""By brand, counted from 0."""
_BUDGET = ((47.85, 38.5), (36.2, 41.25), (29.9, 51.6))
"""Million euro by brand: of a campaign of the quarter, of premium weeks."""

# code, weight, locked; those of a campaign of the quarter, then those of premium weeks
_ELEMENTS = (
    (
        ("KEY_VISUAL", 20, True), ("LOGO", 10, True), ("CLAIM", 10, True), ("OFFER", 15, False),
        ("LANDING_PAGE", 11, False), ("HEADLINE", 10, False), ("PHOTO", 9, False),
        ("RADIO", 8, False), ("SOCIAL_MEDIA", 6, False), ("CONTACT", 1, False),
    ),
    (
        ("KEY_VISUAL", 25, True), ("LOGO", 10, True), ("CLAIM", 15, True), ("EVENT", 20, False),
        ("INVITATION", 10, False), ("CATERING", 10, False), ("GUEST_LIST", 9, False),
        ("CONTACT", 1, False),
    ),
)  # fmt: skip
# What dealers change: of a campaign of the quarter, of premium weeks, how often (per cent). The
# weights are 0, 1, 6 or 9, 10, 11, 15 or 20, 20, 21, 30, then 31, 36 or 40, and with a locked one.
_STYLES = (
    ((), (), 14),
    (("CONTACT",), ("CONTACT",), 12),
    (("SOCIAL_MEDIA",), ("GUEST_LIST",), 9),
    (("PHOTO", "CONTACT"), ("GUEST_LIST", "CONTACT"), 8),
    (("LANDING_PAGE",), ("INVITATION", "CONTACT"), 9),
    (("OFFER",), ("EVENT",), 9),
    (("LANDING_PAGE", "PHOTO"), ("INVITATION", "CATERING"), 7),
    (("OFFER", "SOCIAL_MEDIA"), ("EVENT", "CONTACT"), 9),
    (("LANDING_PAGE", "HEADLINE", "PHOTO"), ("EVENT", "INVITATION"), 10),
    (("LANDING_PAGE", "HEADLINE", "PHOTO", "CONTACT"), ("EVENT", "INVITATION", "CONTACT"), 5),
    (("OFFER", "LANDING_PAGE", "HEADLINE"), ("EVENT", "INVITATION", "CATERING"), 4),
    (("LOGO", "OFFER"), ("LOGO", "EVENT"), 4),
)
_JUST_TOO_MUCH, _REFUSED_FROM = 9, 9
"""The style of 31 of 100; styles from which on the OEM refuses."""
_LEADS = np.array([0.8, 1.0, 1.0, 1.0, 1.2, 1.2, 1.2, 1.35, 1.35, 1.1, 1.1, 1.0])
"""How many leads a style brings, as a multiple."""
_TAKES_UP = (0.62, 0.4)
_LEADS_PER_SALE = 0.4
"""Leads of a month that come to one who sells a vehicle a month and closes them all."""
_NAMES_LOCAL, _NAMES_OEM = 0.36, 0.16
"""Share of the leads that name a campaign while one of the dealer, or only one of the OEM, runs."""
_BY_OWN_ID = 0.7
_BY_HAND = 0.004
"""Share of the leads that name what no list of campaigns knows."""
_UNKNOWN = "SOMMERAKTION"


@dataclass(frozen=True)
class Campaigns:
    """Campaigns of the OEM, an entry each, by their first day; days and cents."""

    campaign_id: tuple[str, ...]
    brand: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    budget: np.ndarray
    kind: np.ndarray
    """0 of the quarter, 1 premium weeks."""
    told: np.ndarray

    @classmethod
    def of(cls, span: Span) -> Campaigns:
        """Those told within the span."""
        rows = []
        for quarter in range(span.first_month // 3, (span.first_month + span.months) // 3 + 2):
            year, q = 1970 + quarter // 4, quarter % 4
            begins, after = int(first_day(quarter * 3)), int(first_day(quarter * 3 + 3))
            grown = 1 + 0.03 * (year - 1970 - span.first_month // 12)
            for b, name in enumerate(BRANDS):
                found = [(begins + 4 + 2 * b, after - 4 - b, 0)]
                if q in _PREMIUM_QUARTERS[b]:
                    found.append((after - _PREMIUM_BEFORE, after - 1 + _PREMIUM_AFTER, 1))
                rows += [
                    (
                        f"{name[:3]}-{year}Q{q + 1}{'-PREMIUM' if kind else ''}",
                        b,
                        starts,
                        ends,
                        round(_BUDGET[b][kind] * grown * 100) * _MILLION_EUR // 100,
                        kind,
                        max(int(off_sunday(begins - _TOLD_BEFORE)), span.start - 17),
                    )
                    for starts, ends, kind in found
                ]
        kept = sorted((r for r in rows if r[6] <= span.end), key=lambda r: (r[2], r[0]))
        campaign_id, *numbers = zip(*kept, strict=True)
        return cls(campaign_id, *(np.array(column) for column in numbers))

    def running(self, brand: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The campaign of each brand that began last and runs on the day; -1 without one."""
        order = np.lexsort((self.starts, self.brand))
        return _running(self.brand[order], self.starts[order], self.ends[order], brand, day, order)


def _running(
    owner: np.ndarray,
    starts: np.ndarray,
    ends: np.ndarray,
    wanted: np.ndarray,
    day: np.ndarray,
    number: np.ndarray,
) -> np.ndarray:
    """Of what is sorted by owner and first day, the number of the last begun that still runs."""
    if not len(owner):
        return np.full(len(day), _NEVER)
    ladder = owner * 1_000_000 + starts
    at = np.searchsorted(ladder, wanted * 1_000_000 + day, side="right") - 1
    found = np.maximum(at, 0)
    runs = (at >= 0) & (owner[found] == wanted) & (starts[found] <= day) & (day <= ends[found])
    return np.where(runs, number[found], _NEVER)


def brand_campaigns(feed: Feed, span: Span, campaigns: Campaigns) -> Iterator[tuple[pa.Table, int]]:
    """The campaigns when they are told; the budget of some is raised while they run. With the
    day."""
    c = campaigns
    raised = (c.brand == 1) & (c.kind == 0) & (c.starts // 91 % 2 == 0)
    raised_on = off_sunday(c.starts + _RAISED_AFTER)
    raised &= (raised_on > c.told) & (raised_on <= span.end)
    for day in np.unique(np.concatenate([c.told, raised_on[raised]])).tolist():
        news = np.flatnonzero((c.told == day) | (raised & (raised_on == day)))
        more = (raised[news] & (raised_on[news] == day)) * c.budget[news] * 6 // 100
        columns = {
            "campaign_id": frames.texts(c.campaign_id, news),
            "brand_code": frames.texts(BRANDS, c.brand[news]),
            "starts_on": frames.days(c.starts[news]),
            "ends_on": frames.days(c.ends[news]),
            "budget_eur": frames.ints(c.budget[news] + more),
            "is_premium": frames.flags(c.kind[news] == 1),
        }
        yield frames.frame(feed, columns), day


def campaign_elements(feed: Feed, campaigns: Campaigns) -> Iterator[tuple[pa.Table, int]]:
    """The elements of the campaigns, told with them."""
    for day in np.unique(campaigns.told).tolist():
        rows = [
            (campaigns.campaign_id[n], *element)
            for n in np.flatnonzero(campaigns.told == day).tolist()
            for element in _ELEMENTS[campaigns.kind[n]]
        ]
        campaign_id, code, weight, locked = zip(*rows, strict=True)
        columns = {
            "campaign_id": pa.array(campaign_id),
            "element_code": pa.array(code),
            "weight": frames.ints(np.array(weight)),
            "is_locked": frames.flags(np.array(locked)),
        }
        yield frames.frame(feed, columns), day


class LocalCampaigns:
    """What the dealers make of the campaigns: arrays with an entry each, by contract and first
    day. Days and cents; what did not happen is -1."""

    def __init__(
        self, net: Network, span: Span, campaigns: Campaigns, scale: float, seed: int
    ) -> None:
        self._net, self._span, self._campaigns = net, span, campaigns
        rng = stream(seed, "campaigns")
        contract, campaign = np.nonzero(net.brand[:, None] == campaigns.brand[None, :])
        takes_up = rng.random(len(contract)) < np.array(_TAKES_UP)[campaigns.kind[campaign]]
        contract, campaign = contract[takes_up], campaign[takes_up]
        # some do the same once more, with a break between
        twice = (contract * 5 + campaign) % 11 == 3
        twice &= campaigns.kind[campaign] == 0
        contract = np.concatenate([contract, contract[twice]])
        campaign = np.concatenate([campaign, campaign[twice]])
        flight = np.concatenate([twice.astype(np.int64), np.full(twice.sum(), 2)])
        n = len(contract)
        starts = campaigns.starts[campaign] + rng.integers(0, 8, n) + 40 * (flight == 2)
        ends = np.where(flight == 1, starts + 26, campaigns.ends[campaign] - rng.integers(0, 4, n))
        submitted = np.maximum(off_sunday(starts - rng.integers(14, 32, n)), span.start)
        style = pick(rng, np.array([[s[2] for s in _STYLES]]), np.zeros(n, dtype=np.int64))
        approved = submitted + rng.integers(3, 12, n)
        fate = rng.random(n)
        is_late = fate < 0.05
        approved = np.where(is_late, starts + rng.integers(2, 15, n), approved)
        is_silent = (fate >= 0.05) & (fate < 0.09)
        is_refused = (style >= _REFUSED_FROM) & (fate < 0.96)
        approved = np.where(is_silent | is_refused, _NEVER, approved)
        number = np.arange(n)
        # what was a little too much is taken back by some, and then approved
        self_corrected = (style == _JUST_TOO_MUCH) & (number % 2 == 0)
        taken_back = np.where(self_corrected, submitted + 8, _NEVER)
        approved = np.where(self_corrected, submitted + 11, approved)

        dealer = net.dealer[contract]
        volume = expected(net, np.arange(len(net.dealer)), span, scale).mean(axis=1)[contract]
        leads = _LEADS_PER_SALE * volume / net.closing_rate[dealer] * (ends - starts + 1) / 30
        weight = _changed_weight(style, campaigns.kind[campaign])
        euro = 200 + leads * _NAMES_LOCAL * rng.uniform(38, 62, n) * (1 + weight / 300)
        cost = np.rint(euro * 100).astype(np.int64)
        impressions = np.rint(euro * rng.uniform(25, 60, n)).astype(np.int64)
        clicks = np.rint(impressions * rng.uniform(0.006, 0.02, n) * _LEADS[style])

        closed = np.where(net.closed[dealer] < 0, ends, net.closed[dealer])
        kept = np.flatnonzero(
            (net.opened[dealer] <= submitted)
            & (ends <= closed)
            & (submitted <= span.end)
            & (ends > starts)
        )
        kept = kept[np.lexsort((flight[kept], starts[kept], contract[kept]))]
        self.contract, self.campaign, self.flight = contract[kept], campaign[kept], flight[kept]
        self.style, self.taken_back = style[kept], taken_back[kept]
        self.submitted, self.approved = submitted[kept], approved[kept]
        self.starts, self.ends = starts[kept], ends[kept]
        self.cost, self.impressions = cost[kept], impressions[kept]
        self.clicks = clicks[kept].astype(np.int64)

    def ids(self, rows: np.ndarray) -> pa.Array:
        """Such as `D0001-ARV-2024Q1`, of the second of two `D0001-ARV-2024Q1-2`; null where the
        row is negative."""
        contract = _at(self.contract, rows)
        ids = pc.binary_join_element_wise(
            frames.texts(self._net.dealer_id, self._net.dealer[contract]),
            frames.texts(self._campaigns.campaign_id, _at(self.campaign, rows)),
            frames.texts(("", "1", "2"), _at(self.flight, rows)),
            "-",
        )
        ids = pc.replace_substring_regex(ids, "-$", "")
        return pc.if_else(pa.array(rows >= 0), ids, pa.scalar(None, pa.string()))

    def named(self, contract: np.ndarray, day: np.ndarray, drawn: np.ndarray) -> pa.Array:
        """The campaign that each lead names, null without one: the dealer's by its own id or by
        that of the OEM's. `drawn` are two random numbers for each lead."""
        local = _running(
            self.contract, self.starts, self.ends, contract, day, np.arange(len(self.contract))
        )
        general = self._campaigns.running(self._net.brand[contract], day)
        has_local = local >= 0
        chance = np.where(
            has_local, _NAMES_LOCAL * _LEADS[_at(self.style, local)], _NAMES_OEM * (general >= 0)
        )
        names = drawn[0] < chance
        by_own_id = has_local & (drawn[1] < _BY_OWN_ID)
        campaign = np.where(has_local, _at(self.campaign, local), general)
        by_hand = drawn[0] > 1 - _BY_HAND
        return pc.coalesce(
            self.ids(np.where(names & by_own_id, local, _NEVER)),
            frames.texts(self._campaigns.campaign_id, np.where(names, campaign, _NEVER)),
            frames.texts((_UNKNOWN,), np.where(by_hand, 0, _NEVER)),
        )

    def told(
        self, feed: Feed, contracts: np.ndarray, schedule: Schedule
    ) -> tuple[pa.Table, np.ndarray, np.ndarray]:
        """The local campaigns of some contracts, with period and day of each row: when they are
        submitted, and once more with what is known at their end."""
        rows = np.flatnonzero(np.isin(self.contract, contracts))
        is_over = self.ends[rows] <= self._span.end
        ended = np.where(is_over, self.ends[rows], self.approved[rows])
        told = _telling(schedule, self.submitted[rows], ended)
        e = rows[told.entity]
        until = told.known_until // DAY
        approved = self.approved[e]
        running = self.ends[e] >= until
        net, contract = self._net, self.contract[e]
        columns = {
            "local_campaign_id": self.ids(e),
            "dealer_id": frames.texts(net.dealer_id, net.dealer[contract]),
            "brand_code": brand_texts(net, contract),
            "campaign_id": frames.texts(self._campaigns.campaign_id, self.campaign[e]),
            "submitted_on": frames.days(self.submitted[e]),
            "approved_on": frames.days(approved, (approved < 0) | (approved >= until)),
            "starts_on": frames.days(self.starts[e]),
            "ends_on": frames.days(self.ends[e]),
            "cost_eur": frames.ints(self.cost[e]),
            "impressions": frames.ints(self.impressions[e], running | (e % 17 == 5)),
            "clicks": frames.ints(self.clicks[e], running | (e % 17 == 5)),
        }
        return frames.frame(feed, columns), told.period, self.submitted[e]

    def changes(
        self, feed: Feed, contracts: np.ndarray, schedule: Schedule
    ) -> tuple[pa.Table, np.ndarray, np.ndarray]:
        """What the dealers of some contracts changed, a row for each element, with period and day;
        a few name an element that the campaign does not have."""
        rows = np.flatnonzero(np.isin(self.contract, contracts))
        kind = self._campaigns.kind[self.campaign[rows]]
        counts = np.array([len(elements) for elements in _ELEMENTS])[kind]
        local = np.repeat(rows, counts)
        place = np.arange(len(local)) - np.repeat(np.cumsum(counts) - counts, counts)
        strange = rows[rows % 61 == 17]
        place = np.concatenate([place, np.full(len(strange), len(_CODES[0]) - 1)])
        local = np.concatenate([local, strange])
        kind = self._campaigns.kind[self.campaign[local]]
        code = _CODES[kind, place]
        code[len(code) - len(strange) :] = _NAMES.index("FLYER")
        changed = _CHANGED[kind, self.style[local], place]
        changed |= code == _NAMES.index("FLYER")
        back = np.where(code == _NAMES.index("CONTACT"), self.taken_back[local], _NEVER)
        told = _telling(schedule, self.submitted[local], back)
        e = told.entity
        is_back = (back[e] >= 0) & (back[e] < told.known_until // DAY)
        columns = {
            "local_campaign_id": self.ids(local[e]),
            "element_code": frames.texts(_NAMES, code[e]),
            "is_changed": frames.flags(changed[e] & ~is_back),
        }
        return frames.frame(feed, columns), told.period, self.submitted[local[e]]


def _at(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The value at each row, 0 where that is negative."""
    found = np.zeros(len(rows), dtype=np.int64)
    found[rows >= 0] = values[rows[rows >= 0]]
    return found


def _telling(schedule: Schedule, begun: np.ndarray, ended: np.ndarray) -> Telling:
    return Telling.of(schedule, begun * DAY, np.where(ended < 0, _NEVER, ended * DAY))


_NAMES = tuple(dict.fromkeys([code for kind in _ELEMENTS for code, *_ in kind] + ["FLYER"]))
_MOST = max(len(elements) for elements in _ELEMENTS)


def _tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """By kind and place the number of the element's code; by kind, style and place whether it is
    changed; by kind and style the weight of what is changed."""
    codes = np.full((len(_ELEMENTS), _MOST), _NEVER)
    changed = np.zeros((len(_ELEMENTS), len(_STYLES), _MOST), dtype=bool)
    weight = np.zeros((len(_ELEMENTS), len(_STYLES)), dtype=np.int64)
    for kind, elements in enumerate(_ELEMENTS):
        for place, (code, points, _) in enumerate(elements):
            codes[kind, place] = _NAMES.index(code)
            for style, told in enumerate(_STYLES):
                changed[kind, style, place] = code in told[kind]
                weight[kind, style] += points * (code in told[kind])
    return codes, changed, weight


_CODES, _CHANGED, _WEIGHT = _tables()


def _changed_weight(style: np.ndarray, kind: np.ndarray) -> np.ndarray:
    return _WEIGHT[kind, style]
