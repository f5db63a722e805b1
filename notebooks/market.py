"""The market, the brand's share of it, and what discounts, campaigns and pilots do to the brand."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Market and brand", css_file="style.css")

with app.setup:
    import altair as alt
    import marimo as mo
    import pandas as pd

    from notebooks import charts, page
    from orchestration.language import Language

    SHOWN = 15
    BRANDS = 12
    BANDS = ["0", "1-10", "11-20", "21-30", "OVER_30"]
    CLAIM = "BRAND_POSITIONING_COST"


@app.cell
def _():
    address = page.Address()
    language_choice = address.language_choice()
    return address, language_choice


@app.cell
def _(language_choice):
    say = Language(language_choice.value)
    return (say,)


@app.cell
def _(language_choice, say):
    page.head(say("mk_title"), say("mk_subtitle"), language_choice)
    return


@app.cell
def _(say):
    publication = page.opened_or_stopped(say, "dim_dealer", "fct_market_registration")
    return (publication,)


@app.cell
def _(address, publication, say):
    _brands = publication.rows("select distinct brand_code from dim_dealer order by brand_code")
    brand_choice = address.select("brand", say("brand"), {b: b for b in _brands["brand_code"]})
    page.choices(brand_choice)
    return (brand_choice,)


@app.cell
def _(brand_choice, publication):
    # the brand and its market by month and segment, over all districts
    market = publication.rows(
        """
        select
            registration_month,
            segment_code,
            sum(units)::bigint as market_units,
            coalesce(sum(units) filter (where powertrain_code = 'BEV'), 0)::bigint as market_bev,
            coalesce(sum(units) filter (where brand_code = $brand), 0)::bigint as brand_units,
            coalesce(
                sum(units) filter (where brand_code = $brand and powertrain_code = 'BEV'), 0
            )::bigint as brand_bev
        from fct_market_registration
        group by registration_month, segment_code
        order by registration_month, segment_code
        """,
        brand=brand_choice.value,
    )
    newest = market["registration_month"].max()
    year = market[market["registration_month"] > newest - pd.DateOffset(months=12)]
    return market, newest, year


@app.cell
def _(brand_choice, publication):
    # twelve months of discounts by dealer
    conflicts = publication.rows(
        """
        select
            dealer_id,
            coalesce(any_value(dealer_name), dealer_id) as dealer_name,
            sum(invoices)::bigint as invoices,
            sum(conflict_invoices)::bigint as conflict_invoices,
            sum(discount_eur) as discount_eur,
            sum(discount_near_tier_eur) as near_tier_eur
        from mart_brand_conflict_summary
        left join dim_dealer using (dealer_id, brand_code)
        where
            brand_code = $brand
            and month > (select max(month) from mart_brand_conflict_summary) - interval 12 month
        group by dealer_id
        order by discount_eur desc, dealer_id
        """,
        brand=brand_choice.value,
    )
    return (conflicts,)


@app.cell
def _(conflicts, newest, say, year):
    _units, _all = year["brand_units"].sum(), year["market_units"].sum()
    _discount, _near = conflicts["discount_eur"].sum(), conflicts["near_tier_eur"].sum()
    _invoices = conflicts["invoices"].sum()
    page.tiles(
        (
            say("mk_tile_share"),
            say.percent(_units / _all if _all else None),
            say("mk_until", month=say.month(newest)),
        ),
        (
            say("mk_tile_ev"),
            say.percent(year["brand_bev"].sum() / _units if _units else None),
            say(
                "mk_tile_ev_note",
                market=say.percent(year["market_bev"].sum() / _all if _all else None),
            ),
        ),
        (
            say("mk_tile_conflict"),
            say.number(conflicts["conflict_invoices"].sum()),
            say("mk_tile_conflict_note", invoices=say.number(_invoices)),
        ),
        (
            say("mk_tile_discount"),
            say.euro(round(_discount)).replace(",00", "").replace(".00", ""),
            say(
                "mk_tile_discount_note",
                share=say.percent(_near / _discount if _discount > 0 else None),
            ),
        ),
    )
    return


@app.cell
def _(publication, say):
    # what the Kraftfahrt-Bundesamt has published of the whole country
    _brands = publication.rows(
        f"""
        with newest as (select max(registration_month) as month from mart_national_market)
        select
            brand_name,
            sum(units)::bigint as units,
            sum(bev_units) / nullif(sum(units) filter (where bev_units is not null), 0)
                as bev_share,
            sum(units) filter (where prior_year_units is not null)
                / nullif(sum(prior_year_units) filter (where units is not null), 0) - 1 as growth,
            any_value(newest.month) as month
        from mart_national_market, newest
        where registration_month > newest.month - interval 12 month
        group by brand_name
        order by units desc nulls last
        limit {BRANDS}
        """
    )
    if _brands.empty:
        _shown = [say("mk_germany_none")]
    else:
        _said = _brands.assign(
            ev=_brands["bev_share"].map(say.percent),
            change=_brands["growth"].map(say.percent),
        )
        _base = alt.Chart(charts.data(_said)).encode(
            charts.name_axis("brand_name", _said["brand_name"]),
            tooltip=[
                alt.Tooltip("brand_name:N", title=say("brand")),
                alt.Tooltip("units:Q", title=say("mk_units"), format=","),
                alt.Tooltip("ev:N", title=say("mk_bev_share")),
                alt.Tooltip("change:N", title=say("mk_growth")),
            ],
        )
        _units = _base.mark_bar(size=16, color=charts.OWN).encode(
            alt.X("units:Q", title=say("mk_units"), axis=alt.Axis(format="~s"))
        )
        _electric = _base.mark_bar(size=16, color=charts.GAIN).encode(
            alt.X("bev_share:Q", title=say("mk_bev_share"), axis=alt.Axis(format="~%"))
        )
        _height = 28 * len(_said)
        _shown = [
            say("mk_germany_intro", month=say.month(_brands["month"].iloc[0])),
            page.side_by_side(
                charts.dressed(_units, say, _height), charts.dressed(_electric, say, _height)
            ),
            say("mk_source"),
        ]
    page.section(say("mk_germany_title"), *_shown)
    return


@app.cell
def _(brand_choice, market, say, year):
    _segments = (
        year.groupby("segment_code", as_index=False)[["brand_units", "market_units"]]
        .sum()
        .assign(penetration=lambda f: f["brand_units"] / f["market_units"])
        .sort_values("penetration", ascending=False)
    )
    _by_segment = (
        alt.Chart(charts.data(_segments))
        .mark_bar(size=16, color=charts.OWN)
        .encode(
            charts.name_axis("segment_code", _segments["segment_code"]),
            alt.X("penetration:Q", title=say("mk_penetration"), axis=alt.Axis(format="~%")),
            tooltip=[
                alt.Tooltip("segment_code:N", title=say("mk_segment")),
                alt.Tooltip("penetration:Q", title=say("mk_penetration"), format=".1%"),
                alt.Tooltip("brand_units:Q", title=brand_choice.value, format=","),
                alt.Tooltip("market_units:Q", title=say("mk_market"), format=","),
            ],
        )
    )
    _months = market.groupby("registration_month", as_index=False).sum(numeric_only=True)
    _electric = pd.concat(
        [
            pd.DataFrame(
                {
                    "month": _months["registration_month"],
                    "who": who,
                    "share": _months[f"{kind}_bev"]
                    / _months[f"{kind}_units"].where(_months[f"{kind}_units"] > 0),
                }
            )
            for kind, who in (("brand", brand_choice.value), ("market", say("mk_market")))
        ]
    )
    _over_time = (
        alt.Chart(charts.data(_electric))
        .mark_line(strokeWidth=2.5)
        .encode(
            charts.month_axis("month", say("month")),
            alt.Y("share:Q", title=say("mk_bev_share"), axis=alt.Axis(format="~%")),
            alt.Color(
                "who:N",
                scale=alt.Scale(
                    domain=[brand_choice.value, say("mk_market")],
                    range=[charts.OWN, charts.CONTEXT],
                ),
            ),
            tooltip=[
                alt.Tooltip("who:N", title=say("brand")),
                alt.Tooltip("share:Q", title=say("mk_bev_share"), format=".1%"),
            ],
        )
    )
    _height = 34 * max(len(_segments), 6)
    page.section(
        say("mk_share_title"),
        say("mk_share_intro"),
        page.side_by_side(
            charts.dressed(_by_segment, say, _height), charts.dressed(_over_time, say, _height)
        ),
    )
    return


@app.cell
def _(brand_choice, conflicts, publication, say):
    _weeks = publication.rows(
        """
        select
            strptime(iso_year || '-' || lpad(iso_week::varchar, 2, '0') || '-1', '%G-%V-%u')
                as week,
            iso_year || '-W' || lpad(iso_week::varchar, 2, '0') as name,
            sum(mean_discount_rate * invoices) / sum(invoices) as discount,
            sum(over_limit_rate * invoices) / sum(invoices) as over_limit,
            bool_or(is_premium_window) as is_premium,
            sum(invoices)::bigint as invoices,
            sum(conflict_invoices)::bigint as conflict_invoices
        from mart_brand_conflict
        where brand_code = $brand
        group by iso_year, iso_week
        order by iso_year, iso_week
        """,
        brand=brand_choice.value,
    )
    mo.stop(_weeks.empty, page.section(say("mk_conflict_title"), say("mk_none")))
    _bands = publication.rows(
        """
        select
            distance_band,
            mean_discount_eur as per_invoice,
            over_limit_rate as over_limit,
            invoices
        from mart_brand_target_pressure
        where brand_code = $brand
        """,
        brand=brand_choice.value,
    )
    _names = {
        "1-2": "1–2",
        "3-5": "3–5",
        "6-10": "6–10",
        "OVER_10": "> 10",
        "NONE": say("mk_distance_none"),
    }
    _bands = _bands.sort_values(
        "distance_band", key=lambda names: names.map(list(_names).index), ignore_index=True
    )
    _kinds = {"discount": say("mk_discount"), "over_limit": say("mk_over_limit")}
    _long = _weeks.melt(
        id_vars=["week", "name", "invoices", "conflict_invoices"],
        value_vars=list(_kinds),
        var_name="kind",
        value_name="rate",
    ).assign(kind=lambda f: f["kind"].map(_kinds))
    _premium = _weeks[_weeks["is_premium"]].assign(until=lambda f: f["week"] + pd.Timedelta(days=7))
    _axis = charts.month_axis("week", say("mk_week"))
    _lines = alt.layer(
        alt.Chart(charts.data(_premium[["week", "until"]]))
        .mark_rect(color=charts.FAINT)
        .encode(_axis, alt.X2("until:T")),
        alt.Chart(charts.data(_long))
        .mark_line(strokeWidth=2)
        .encode(
            _axis,
            alt.Y("rate:Q", title=None, axis=alt.Axis(format="~%")),
            alt.Color(
                "kind:N",
                scale=alt.Scale(domain=list(_kinds.values()), range=[charts.OWN, charts.LOSS]),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=say("mk_week")),
                alt.Tooltip("kind:N", title=" "),
                alt.Tooltip("rate:Q", title="%", format=".1%"),
                alt.Tooltip("invoices:Q", title=say("mk_invoices")),
                alt.Tooltip("conflict_invoices:Q", title=say("mk_conflicts")),
            ],
        ),
    )
    _said = _bands.assign(
        name=_bands["distance_band"].map(_names), euro=_bands["per_invoice"].map(say.euro)
    )
    _pressure = (
        alt.Chart(charts.data(_said))
        .mark_bar(size=22, color=charts.OWN)
        .encode(
            charts.name_axis("name", _said["name"]),
            alt.X("per_invoice:Q", title=say("mk_tile_discount") + " (EUR)"),
            tooltip=[
                alt.Tooltip("name:N", title=say("mk_distance")),
                alt.Tooltip("euro:N", title=say("mk_tile_discount")),
                alt.Tooltip("over_limit:Q", title=say("mk_over_limit"), format=".1%"),
                alt.Tooltip("invoices:Q", title=say("mk_invoices"), format=","),
            ],
        )
    )
    _top = conflicts.head(SHOWN)
    page.section(
        say("mk_conflict_title"),
        say("mk_conflict_intro"),
        charts.dressed(_lines, say, 280),
        say("mk_pressure_intro"),
        charts.dressed(_pressure, say, 36 * max(len(_said), 2)),
        say("mk_dealers_intro"),
        page.table(
            {
                say("dealer"): _top["dealer_name"],
                say("mk_invoices"): _top["invoices"].map(say.number),
                say("mk_conflicts"): _top["conflict_invoices"].map(say.number),
                say("mk_tile_discount"): _top["discount_eur"].map(say.euro),
                say("mk_near_tier"): (
                    _top["near_tier_eur"] / _top["discount_eur"].where(_top["discount_eur"] > 0)
                ).map(say.percent),
            },
            texts=[say("dealer")],
        ),
    )
    return


@app.cell
def _(publication, say):
    _districts = publication.rows(
        """
        select
            coalesce(district_name, district_code) as district,
            market_units,
            budget_eur,
            sum(budget_eur) over () as total
        from mart_brand_budget_allocation
        left join dim_district using (district_code)
        where budget_code = $code
        order by budget_eur desc, district_code
        """,
        code=CLAIM,
    )
    mo.stop(_districts.empty, page.section(say("mk_budget_title"), say("mk_none")))
    _said = _districts.head(SHOWN).assign(euro=lambda f: f["budget_eur"].map(say.euro))
    _bars = (
        alt.Chart(charts.data(_said))
        .mark_bar(size=14, color=charts.OWN)
        .encode(
            charts.name_axis("district", _said["district"]),
            alt.X("budget_eur:Q", title=say("mk_budget"), axis=alt.Axis(format="~s")),
            tooltip=[
                alt.Tooltip("district:N"),
                alt.Tooltip("euro:N", title=say("mk_budget")),
                alt.Tooltip("market_units:Q", title=say("mk_units"), format=","),
            ],
        )
    )
    page.section(
        say("mk_budget_title"),
        say("mk_budget_intro", budget=say.euro(_districts["total"].iloc[0])),
        charts.dressed(_bars, say, 24 * len(_said)),
    )
    return


@app.cell
def _(brand_choice, publication, say):
    _bands = publication.rows(
        "select * from mart_campaign_band_performance "
        "where brand_code = $brand and individualisation_band is not null",
        brand=brand_choice.value,
    )
    mo.stop(_bands.empty, page.section(say("mk_campaign_title"), say("mk_none")))
    _bands = _bands.sort_values(
        "individualisation_band", key=lambda names: names.map(BANDS.index), ignore_index=True
    )
    _counts = publication.rows(
        """
        select status, count(*) as campaigns
        from mart_campaign_individualisation
        where brand_code = $brand
        group by status
        order by campaigns desc, status
        """,
        brand=brand_choice.value,
    )
    page.section(
        say("mk_campaign_title"),
        say("mk_campaign_intro"),
        page.table(
            {
                say("mk_band"): _bands["individualisation_band"].map(
                    lambda band: say.code_text("mk_band", band)
                ),
                say("mk_campaigns"): _bands["campaigns"].map(say.number),
                say("mk_leads"): _bands["leads"].map(say.number),
                say("mk_per_lead"): _bands["cost_per_lead_eur"].map(say.euro),
                say("mk_per_sale"): _bands["cost_per_sale_eur"].map(say.euro),
            },
            texts=[say("mk_band")],
        ),
        say(
            "mk_statuses",
            counts=", ".join(
                f"{say.number(n)} {say.code_text('mk_status', status)}"
                for status, n in _counts.itertuples(index=False)
            ),
        ),
    )
    return


@app.cell
def _(brand_choice, publication, say):
    _pilots = publication.rows(
        """
        select effects.*, name_de, name_en, unit
        from mart_pilot_effect as effects
        left join dim_kpi using (kpi_code)
        where brand_code = $brand
        order by pilot_id
        """,
        brand=brand_choice.value,
    )
    mo.stop(_pilots.empty, page.section(say("mk_pilot_title"), say("mk_none")))
    _live = publication.rows(
        """
        select
            pilot_id,
            -- of the dealers that are open
            coalesce(round(live_rate * network_dealers), 0)::bigint as live_dealers,
            network_dealers
        from mart_pilot_rollout
        where month = (select max(month) from mart_pilot_rollout)
        """
    ).set_index("pilot_id")

    def _advice(pilot):
        text = say.code_text("mk_recommendation", pilot.recommendation)
        return text if pilot.is_enough_dealers else say("mk_too_small", text=text)

    def _rolled_out(pilot_id):
        if pilot_id not in _live.index:
            return "–"
        row = _live.loc[pilot_id]
        return say(
            "of", part=say.number(row["live_dealers"]), whole=say.number(row["network_dealers"])
        )

    _rows = list(_pilots.itertuples(index=False))
    page.section(
        say("mk_pilot_title"),
        say("mk_pilot_intro"),
        page.table(
            {
                say("mk_pilot"): _pilots["pilot_name"],
                say("kpi"): say.kpi_names(_pilots),
                say("mk_dealers"): [f"{p.pilot_dealers} / {p.control_dealers}" for p in _rows],
                say("mk_uplift"): [say.value(p.uplift, p.unit) for p in _rows],
                say("mk_range"): [
                    "–"
                    if pd.isna(p.ci_low)
                    else f"{say.value(p.ci_low, p.unit)} … {say.value(p.ci_high, p.unit)}"
                    for p in _rows
                ],
                say("mk_recommendation"): [_advice(p) for p in _rows],
                say("mk_live"): _pilots["pilot_id"].map(_rolled_out),
            },
            texts=[say("mk_pilot"), say("kpi"), say("mk_recommendation")],
        ),
    )
    return


@app.cell
def _(publication, say):
    page.freshness(
        publication,
        say,
        "mart_national_market",
        "mart_brand_conflict",
        "mart_brand_conflict_summary",
        "mart_brand_target_pressure",
        "mart_brand_budget_allocation",
        "mart_campaign_band_performance",
        "mart_pilot_effect",
    )
    return


if __name__ == "__main__":
    app.run()
