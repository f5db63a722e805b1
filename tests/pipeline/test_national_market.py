"""The KBA's workbooks as published, against the totals that the KBA states for the years."""

from __future__ import annotations

import shutil

import pytest

from tests.pipeline.conftest import SHARED_DATA

_WORKBOOKS = SHARED_DATA / "kba_fz10"
_YEARS = {2021: (2_622_132, 355_961), 2022: (2_651_357, 470_559), 2023: (2_844_609, 524_219)}
_BRANDS = {
    "VW": (489_962, 480_967, 519_089),
    "BMW": (222_481, 209_722, 233_160),
    "AUDI": (181_877, 213_410, 246_880),
    "MERCEDES": (225_392, 243_999, 277_352),
    "FORD": (126_358, 131_256, 116_578),
    "TESLA": (39_714, 69_963, 63_685),
    "TOYOTA": (71_890, 78_366, 75_199),
}


@pytest.mark.skipif(not _WORKBOOKS.is_dir(), reason="the KBA workbooks are not at hand")
def test_yearly_and_brand_totals_match_to_the_unit(warehouse):
    shutil.copytree(_WORKBOOKS, warehouse.extracts / "kba__fz10")
    code, outcome = warehouse.json("run")
    assert code == 0, outcome["problems"]
    assert outcome["feeds"][0]["files"] == 36 and outcome["feeds"][0]["rejected_files"] == 0

    by_year = "year(registration_month)"
    totals = warehouse.query(
        f"select {by_year}, sum(units), sum(bev_units) from mart_national_market group by 1"
    )
    markets = warehouse.query(
        f"select {by_year}, sum(market_units) from (select distinct registration_month, "
        "market_units from mart_national_market) group by 1"
    )
    assert {year: units for year, units in markets} == {y: t[0] for y, t in _YEARS.items()}
    assert {year: units for year, units, _ in totals} == {y: t[0] for y, t in _YEARS.items()}
    brands = warehouse.query(
        f"select brand_name, list(units order by year) from (select brand_name, {by_year} as year, "
        "sum(units) as units from mart_national_market group by all) group by 1"
    )
    found = {brand: tuple(units) for brand, units in brands if brand in _BRANDS}
    assert found == _BRANDS
    lake = warehouse.warehouse / "lake" / "raw" / "kba__fz10" / "*.parquet"
    [(suppressed, zeros)] = warehouse.query(
        f"select count(*) filter (bev is null), count(*) filter (bev = 0) from '{lake}'"
    )
    assert suppressed > 0 and zeros > 0, "a suppressed figure is null, a dash is zero"
