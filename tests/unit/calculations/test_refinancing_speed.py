"""Many investments take little longer than a few: they are decided a month at a time."""

import time

from orchestration.calculations.refinancing import refinance
from orchestration.calculations.schedules import plan
from tests.benchmarks.investments import make_investments

MONTHS = 60


def seconds(work):
    times = []
    for _ in range(2):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def test_a_hundred_times_as_many_investments_take_a_few_times_as_long():
    few, investments = make_investments(40, MONTHS), make_investments(4_000, MONTHS)
    rows = refinance(*investments)
    assert len(rows) > 4_000 * MONTHS / 2
    assert seconds(lambda: refinance(*investments)) < 25 * seconds(lambda: refinance(*few))
    assert seconds(lambda: plan(investments[0])) < 40 * seconds(lambda: plan(few[0]))
