"""The partner academy: its courses, the staff of the dealers, and who has passed what.

One dealer in three sends people since before the sample, half begin within it, the others never do.
People join and leave; some leave for another dealer and take their certificates along. Some fail
and try again, many certificates expire and most are renewed. A course of a dimension of data
quality is first passed by one of a dealer's people, by others of them later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames
from orchestration.sample.network import Network
from orchestration.sample.timeline import Schedule, Span, first_day, month_of, off_sunday, stream
from orchestration.sample.vehicles import brand_texts

DIMENSIONS = ("COMPLETENESS", "VALIDITY", "UNIQUENESS", "TIMELINESS", "CONSISTENCY")
NEVER = -1
_TOLD_BEFORE, _TOLD_AFTER = 17, 4
"""Days before the sample on which the past is told, and after each month on which it is."""
_FOR_EVER = 0

# code, name, topic, months of validity, dimension of data quality; those of a dimension first
_COURSES = (
    ("DQ-COMPLETE", "Nothing left out: complete records", "DATA_QUALITY", 24, 0),
    ("DQ-VALID", "Addresses, codes and prices as they are", "DATA_QUALITY", 24, 1),
    ("DQ-UNIQUE", "Each record once", "DATA_QUALITY", 36, 2),
    ("DQ-TIMELY", "Exports on time, facts not plans", "DIGITAL", 24, 3),
    ("DQ-CONSISTENT", "Records that agree with one another", "DATA_QUALITY", 24, 4),
    ("DIGI-LEADS", "Leads in the common system", "DIGITAL", 18, NEVER),
    ("EV-ADVICE", "Advice on charging and range", "EV", 18, NEVER),
    ("EV-HV", "Work on high-voltage systems", "EV", 12, NEVER),
    ("SALES-OFFER", "Offers that keep the price position", "SALES", _FOR_EVER, NEVER),
    ("SERVICE-CASE", "Warranty cases from opening to credit", "SERVICE", 24, NEVER),
)
_ROLES = ("SALES_CONSULTANT", "SERVICE_ADVISOR", "TECHNICIAN", "ADMINISTRATION", "MANAGER")
_ROLE_WEIGHTS = np.array([0.34, 0.2, 0.26, 0.13, 0.07])
_ATTENDS = np.array(
    [
        [0.6, 0.65, 0.0, 0.5, 0.0],
        [0.15, 0.25, 0.15, 0.0, 0.6],
        [0.0, 0.2, 0.6, 0.0, 0.15],
        [0.3, 0.0, 0.0, 0.0, 0.2],
        [0.4, 0.4, 0.05, 0.4, 0.2],
    ]
)
"""Chance of a person to take a course that teaches no dimension, by role and course."""

_BEGAN_BEFORE, _BEGIN_WITHIN = 0.3, 0.8
"""Shares of the dealers: those with the academy before the sample, and those by its end."""
_TEACHES = 0.75
"""Chance of a dealer of the academy to send somebody to the course of a dimension."""
_FOLLOWS = 0.35
"""Chance of each of his people to take it as well."""
_FAILS, _REPEATS, _RENEWS = 0.13, 0.8, 0.65
_LEAVES = 0.14
"""Share of the people who leave in a year."""
_MOVES = 5
"""Every so many of those who leave go to another dealer."""


@dataclass(frozen=True)
class Staff:
    """Employments, an entry each, days; `ends` is the last day, -1 where there is none."""

    person: np.ndarray
    contract: np.ndarray
    role: np.ndarray
    begins: np.ndarray
    ends: np.ndarray

    def is_employed(self, employment: np.ndarray, day: np.ndarray) -> np.ndarray:
        ends = self.ends[employment]
        return (self.begins[employment] <= day) & ((ends < 0) | (day <= ends))


@dataclass(frozen=True)
class Training:
    """What people have completed, by day: an entry each."""

    employment: np.ndarray
    course: np.ndarray
    day: np.ndarray
    passed: np.ndarray

    def first_passed(self, net: Network, staff: Staff, course: int | None = None) -> np.ndarray:
        """By dealer the first day on which somebody of him passed a course (any, or this one); -1
        where nobody has."""
        chosen = self.passed if course is None else self.passed & (self.course == course)
        dealer = net.dealer[staff.contract[self.employment[chosen]]]
        far = np.iinfo(np.int64).max
        first = np.full(len(net.dealer_id), far)
        np.minimum.at(first, dealer, self.day[chosen])
        return np.where(first == far, NEVER, first)


def employ(net: Network, span: Span, seed: int) -> Staff:
    """The staff of all dealers: those of the beginning, and who takes the place of who leaves."""
    rng = stream(seed, "staff")
    heads = np.clip(np.rint(3 + 0.22 * net.volume * rng.lognormal(0, 0.2, len(net.volume))), 3, 60)
    contract = np.repeat(np.arange(len(net.dealer)), heads.astype(np.int64))
    count = len(contract)
    opened = net.opened[net.dealer[contract]]
    begins = np.maximum(opened, span.start - rng.exponential(1_600, count).astype(np.int64) - 1)
    new = np.arange(count) % 16 == 9  # places that did not exist before
    within = opened + (rng.random(count) * np.maximum(span.end - opened, 1)).astype(np.int64)
    begins = np.where(new, np.maximum(within, span.start), begins)
    stays = rng.exponential(365 / _LEAVES, count).astype(np.int64)
    leaves = np.maximum(begins, span.start) + stays
    has_left = leaves <= span.end
    role = rng.choice(len(_ROLES), count, p=_ROLE_WEIGHTS)
    person = np.arange(count)

    gone = np.flatnonzero(has_left)
    moved = gone[::_MOVES]
    elsewhere = _other_dealers(net, contract[moved], rng)
    # his place is taken some weeks later by somebody new
    starts = np.concatenate([leaves[gone], leaves[moved]]) + rng.integers(
        1, 80, len(gone) + len(moved)
    )
    persons = np.concatenate([count + np.arange(len(gone)), person[moved]])
    later = np.concatenate([contract[gone], elsewhere])
    roles = np.concatenate([role[gone], role[moved]])
    found = Staff(
        person=np.concatenate([person, persons]),
        contract=np.concatenate([contract, later]),
        role=np.concatenate([role, roles]),
        begins=np.concatenate([begins, starts]),
        ends=np.concatenate([np.where(has_left, leaves, NEVER), np.full(len(starts), NEVER)]),
    )
    dealer = net.dealer[found.contract]
    closed = net.closed[dealer]
    begins = np.maximum(found.begins, net.opened[dealer])
    ends = np.where((closed >= 0) & ((found.ends < 0) | (found.ends > closed)), closed, found.ends)
    kept = (begins <= span.end) & ((ends < 0) | (begins < ends))
    # nobody comes back to a dealer: a person has one employment at each
    kept[count + len(gone) :] &= dealer[count + len(gone) :] != net.dealer[contract[moved]]
    return Staff(
        found.person[kept], found.contract[kept], found.role[kept], begins[kept], ends[kept]
    )


def _other_dealers(net: Network, contract: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A contract of another dealer for each, where the network has one."""
    step = rng.integers(1, max(2, len(net.dealer_id)), len(contract))
    dealer = (net.dealer[contract] + step) % len(net.dealer_id)
    return np.searchsorted(net.dealer, dealer)


def train(net: Network, span: Span, staff: Staff, seed: int) -> Training:
    """Who takes which course when, until the end of the sample."""
    rng = stream(seed, "training")
    dealer = net.dealer[staff.contract]
    began = _began(net, span, rng)
    taught = _taught(span, began, rng)
    firsts, followers = _of_dimensions(staff, dealer, taught, rng)
    general = _general(staff, dealer, began, rng)
    employment, course, day = (
        np.concatenate(v) for v in zip(firsts, followers, general, strict=True)
    )
    is_first = np.arange(len(day)) < len(firsts[0])
    passed = is_first | (rng.random(len(day)) >= _FAILS)

    again = np.flatnonzero(~passed & (rng.random(len(day)) < _REPEATS))
    employment = np.concatenate([employment, employment[again]])
    course = np.concatenate([course, course[again]])
    day = np.concatenate([day, day[again] + rng.integers(20, 60, len(again))])
    passed = np.concatenate([passed, np.ones(len(again), dtype=bool)])

    months = np.array([c[3] for c in _COURSES])
    newest = np.flatnonzero(passed & (months[course] > 0))
    while len(newest):  # until what is renewed lies after the sample
        chosen = newest[rng.random(len(newest)) < _RENEWS]
        due = first_day(month_of(day[chosen]) + months[course[chosen]]) + rng.integers(
            -45, 28, len(chosen)
        )
        within = due <= span.end
        chosen, due = chosen[within], due[within]
        newest = len(day) + np.arange(len(chosen))
        employment = np.concatenate([employment, employment[chosen]])
        course = np.concatenate([course, course[chosen]])
        day = np.concatenate([day, due])
        passed = np.concatenate([passed, np.ones(len(chosen), dtype=bool)])

    day = off_sunday(day)
    kept = np.flatnonzero((day <= span.end) & staff.is_employed(employment, day))
    kept = kept[np.lexsort((course[kept], employment[kept], day[kept]))]
    return Training(employment[kept], course[kept], day[kept], passed[kept])


def _began(net: Network, span: Span, rng: np.random.Generator) -> np.ndarray:
    """Day on which each dealer began with the academy; -1 for never."""
    count = len(net.dealer_id)
    place = (rng.permutation(count) + 0.5) / count
    days = span.end - span.start
    before = span.start - rng.integers(30, 500, count)
    within = span.start + (days * rng.uniform(0.05, 0.6, count)).astype(np.int64)
    began = np.where(place < _BEGAN_BEFORE, before, within)
    began = np.where(place < _BEGIN_WITHIN, np.maximum(began, net.opened + 30), NEVER)
    return began


def _taught(span: Span, began: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Day on which the first of a dealer takes the course of each dimension; -1 for never."""
    shape = (len(began), len(DIMENSIONS))
    length = max(2, (span.end - span.start) // 4)
    day = began[:, None] + rng.integers(1, length, shape)
    return np.where((began[:, None] >= 0) & (rng.random(shape) < _TEACHES), day, NEVER)


_Events = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Employment, course and day."""


def _of_dimensions(
    staff: Staff, dealer: np.ndarray, taught: np.ndarray, rng: np.random.Generator
) -> tuple[_Events, _Events]:
    """The first of each dealer at the course of each dimension, and those who follow him."""
    employment, course = np.nonzero(taught[dealer] >= 0)
    day = taught[dealer[employment], course]
    there = staff.is_employed(employment, day)
    employment, course, day = employment[there], course[there], day[there]
    order = np.lexsort((rng.random(len(employment)), course, dealer[employment]))
    employment, course, day = employment[order], course[order], day[order]
    group = dealer[employment] * len(DIMENSIONS) + course
    is_first = np.diff(group, prepend=-1) != 0
    follows = ~is_first & (rng.random(len(group)) < _FOLLOWS)
    later = day + rng.integers(7, 420, len(group))
    return (
        (employment[is_first], course[is_first], day[is_first]),
        (employment[follows], course[follows], later[follows]),
    )


def _general(
    staff: Staff, dealer: np.ndarray, began: np.ndarray, rng: np.random.Generator
) -> _Events:
    """Courses of selling and repairing, since the dealer began with the academy or from when a
    person came."""
    shape = (len(dealer), _ATTENDS.shape[1])
    takes = (rng.random(shape) < _ATTENDS[staff.role]) & (began[dealer] >= 0)[:, None]
    wait = rng.integers(0, 420, shape)
    employment, course = np.nonzero(takes)
    since = np.maximum(began[dealer], staff.begins)[employment]
    return employment, course + len(DIMENSIONS), since + wait[employment, course]


def courses(feed: Feed, span: Span) -> Iterator[tuple[pa.Table, int]]:
    """All courses before the sample begins; with the day."""
    code, name, topic, months, dimension = zip(*_COURSES, strict=True)
    months = np.array(months)
    columns = {
        "course_code": pa.array(code),
        "course_name": pa.array(name),
        "topic": pa.array(topic),
        "validity_months": frames.ints(months, months == _FOR_EVER),
        "quality_dimension": frames.texts(DIMENSIONS, np.array(dimension)),
    }
    yield frames.frame(feed, columns), span.start - _TOLD_BEFORE


def events(
    feed: Feed, net: Network, span: Span, staff: Staff, training: Training
) -> Iterator[tuple[pa.Table, int, int]]:
    """What was completed, month by month; with the day of delivery and the rows that withdraw: one
    event of the first month was told by mistake."""
    ids = frames.numbered("T", np.arange(len(training.day)) + 1, width=6)
    cut, told = deliveries(span)
    at = np.searchsorted(cut, training.day)
    for number, day in enumerate(told.tolist()):
        rows = np.flatnonzero(at == number)
        employment = training.employment[rows]
        columns = {
            "event_id": ids.take(pa.array(rows)),
            "person_id": persons(staff, employment),
            "dealer_id": frames.texts(net.dealer_id, net.dealer[staff.contract[employment]]),
            "course_code": frames.texts([c[0] for c in _COURSES], training.course[rows]),
            "completed_on": frames.days(training.day[rows]),
            "passed": frames.flags(training.passed[rows]),
            "is_deleted": frames.flags(np.zeros(len(rows), dtype=bool)),
        }
        table = frames.frame(feed, columns)
        withdrawn = 0
        if number in (1, 2) and len(staff.person):
            table = pa.concat_tables([table, _mistake(feed, net, span, staff, number == 2)])
            withdrawn = int(number == 2)
        if table.num_rows:
            yield table, day, withdrawn


def _mistake(feed: Feed, net: Network, span: Span, staff: Staff, is_withdrawn: bool) -> pa.Table:
    """A course that the first of all people never took."""
    first = np.zeros(1, dtype=np.int64)
    return frames.frame(
        feed,
        {
            "event_id": pa.array(["T-MISTAKE"]),
            "person_id": persons(staff, first),
            "dealer_id": frames.texts(net.dealer_id, net.dealer[staff.contract[first]]),
            "course_code": frames.texts([c[0] for c in _COURSES], first + len(_COURSES) - 1),
            "completed_on": frames.days(first + span.start + 9),
            "passed": frames.flags(first),
            "is_deleted": frames.flags(first + is_withdrawn),
        },
    )


def deliveries(span: Span) -> tuple[np.ndarray, np.ndarray]:
    """Of each of the OEM's monthly deliveries the last day that it tells of, and its own day: what
    was before the sample, then each of its months."""
    before = span.start - _TOLD_BEFORE
    cut = np.concatenate([[before], span.month_ends])
    told = np.concatenate([[before], off_sunday(span.month_ends + _TOLD_AFTER)])
    return cut, told


def staff_lists(
    feed: Feed,
    net: Network,
    staff: Staff,
    contracts: np.ndarray,
    schedule: Schedule,
    is_dealer: bool,
) -> tuple[pa.Table, np.ndarray, np.ndarray]:
    """Who works and has worked for some contracts as each delivery knows it; with period and person
    of each row. A list is sent where it differs from the one before. A dealer who has closed lists
    nobody any more; a hub goes on to list his people, whom its next list would otherwise take
    away."""
    mine = np.flatnonzero(np.isin(staff.contract, contracts))
    until = schedule.end_day(np.arange(schedule.periods))
    listed = staff.begins[mine][None, :] <= until[:, None]
    if is_dealer:
        closed = net.closed[net.dealer[staff.contract[mine]]]
        begins = np.concatenate([[schedule.span.start], until[:-1] + 1])
        listed &= (closed[None, :] < 0) | (begins[:, None] <= closed[None, :])
    is_ended = (staff.ends[mine] >= 0)[None, :] & (staff.ends[mine][None, :] <= until[:, None])
    known = listed.sum(axis=1) + is_ended.sum(axis=1)
    listed &= (np.diff(known, prepend=-1) != 0)[:, None]
    period, place = np.nonzero(listed)
    employment = mine[place]
    contract, ends = staff.contract[employment], staff.ends[employment]
    table = frames.frame(
        feed,
        {
            "person_id": persons(staff, employment),
            "dealer_id": frames.texts(net.dealer_id, net.dealer[contract]),
            "brand_code": brand_texts(net, contract),
            "role": frames.texts(_ROLES, staff.role[employment]),
            "employed_from": frames.days(staff.begins[employment]),
            "employed_to": frames.days(ends, (ends < 0) | (ends > until[period])),
        },
    )
    return table, period, staff.person[employment]


def persons(staff: Staff, employment: np.ndarray) -> pa.Array:
    return frames.numbered("P", staff.person[employment] + 1, width=6)
