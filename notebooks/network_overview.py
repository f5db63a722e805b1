"""The network of one brand in a month: how it stands, where it loses points, what to look at."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Network overview", css_file="style.css")

with app.setup:
    import altair as alt
    import marimo as mo
    import pandas as pd

    from notebooks import charts, page, points
    from orchestration.language import Language


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
    page.head(say("network_title"), say("network_subtitle"), language_choice)
    return


@app.cell
def _(say):
    publication = page.opened_or_stopped(
        say, "mart_partner_scorecard", "mart_partner_scorecard_kpi", "dim_kpi"
    )
    points.prepare(publication)
    return (publication,)


@app.cell
def _(address, publication, say):
    _brands = publication.rows(
        "select distinct brand_code from mart_partner_scorecard order by brand_code"
    )["brand_code"]
    brand_choice = address.select("brand", say("brand"), {b: b for b in _brands})
    return (brand_choice,)


@app.cell
def _(address, brand_choice, publication, say):
    _months = publication.rows(
        """
        select distinct score_month from mart_partner_scorecard
        where brand_code = $brand_code
        order by score_month desc
        """,
        brand_code=brand_choice.value,
    )["score_month"].dt.date
    month_choice = address.select("month", say("month"), {say.month(m): m for m in _months})
    return (month_choice,)


@app.cell
def _(brand_choice, month_choice):
    page.choices(brand_choice, month_choice)
    return


@app.cell
def _(brand_choice, month_choice):
    key = {"brand_code": brand_choice.value, "score_month": month_choice.value}
    return (key,)


@app.cell
def _(key, publication):
    # every dealer of the brand in the month, with name and place
    dealers = publication.rows(
        """
        select
            scores.*,
            coalesce(dealer_name, scores.dealer_id) as dealer_name,
            district_name,
            state_code
        from mart_partner_scorecard as scores
        left join dim_dealer using (dealer_id, brand_code)
        left join dim_district using (district_code)
        where scores.brand_code = $brand_code and score_month = $score_month
        order by scores.peer_group, score_rank nulls last, scores.dealer_id
        """,
        **key,
    )
    return (dealers,)


@app.cell
def _(key, publication):
    # the network by month
    history = publication.rows(
        """
        select
            score_month,
            median(score) as median_score,
            any_value(median(score)) over (
                order by score_month
                range between interval 1 month preceding and interval 1 month preceding
            ) as median_before,
            quantile_cont(score, 0.25) as lower_quartile,
            quantile_cont(score, 0.75) as upper_quartile,
            count(*) as dealer_count,
            count(score) as scored_count,
            count(*) filter (where is_diverging) as diverging_count,
            count(is_diverging) as compared_count,
            sum(missing_count) / sum(kpi_count) as missing_rate
        from mart_partner_scorecard
        where brand_code = $brand_code
        group by score_month
        order by score_month
        """,
        brand_code=key["brand_code"],
    )
    now = history[history["score_month"].dt.date == key["score_month"]].iloc[0]
    return history, now


@app.cell
def _(key, publication):
    # by segment, where the brand sells anything; a district counts for each dealer that holds it
    segments = publication.rows(
        """
        select
            segment_code,
            sum(brand_units) / nullif(sum(market_units), 0) as penetration,
            max(network_penetration) as network_penetration,
            sum(counted_registrations) as counted_registrations,
            sum(expected_units) as expected_units,
            sum(counted_registrations) / nullif(sum(expected_units), 0) as sales_effectiveness
        from mart_market_penetration
        where brand_code = $brand_code and registration_month = $score_month
        group by segment_code
        having max(network_penetration) > 0 or sum(counted_registrations) > 0
        order by segment_code
        """,
        **key,
    )
    return (segments,)


@app.cell
def _(now, say, segments):
    def _effectiveness():
        expected = segments["expected_units"].sum()
        return segments["counted_registrations"].sum() / expected if expected else None

    def _change():
        change = now["median_score"] - now["median_before"]
        if pd.isna(change):
            return say("tile_no_change")
        return say("tile_change", change=say.number(change, 2, is_signed=True))

    page.tiles(
        (say("tile_median"), say.number(now["median_score"], 2), _change()),
        (
            say("tile_scored"),
            say("of", part=now["scored_count"], whole=now["dealer_count"]),
            say("tile_missing_rate", rate=say.percent(now["missing_rate"])),
        ),
        (
            say("tile_diverging_dealers"),
            say("of", part=now["diverging_count"], whole=now["compared_count"]),
            say("tile_diverging_note"),
        ),
        (
            say("tile_effectiveness"),
            say.percent(_effectiveness(), 0),
            say(
                "tile_effectiveness_note",
                counted=say.number(segments["counted_registrations"].sum()),
                expected=say.number(segments["expected_units"].sum()),
            ),
        ),
    )
    return


@app.cell
def _(key, publication):
    # what each KPI costs the network: the mean over the dealers with a score
    costs = publication.rows(
        """
        select
            kpi_code,
            name_de,
            name_en,
            sum(lost_hundredths) / 100 / any_value(scored.dealer_count) as mean_lost,
            count(*) filter (where lost_hundredths > 0) as losing_count,
            any_value(scored.dealer_count) as dealer_count
        from points_lost
        cross join (
            select count(score) as dealer_count from mart_partner_scorecard
            where brand_code = $brand_code and score_month = $score_month
        ) as scored
        left join dim_kpi using (kpi_code)
        where brand_code = $brand_code and score_month = $score_month
        group by kpi_code, name_de, name_en
        order by mean_lost desc, kpi_code
        """,
        **key,
    )
    return (costs,)


@app.cell
def _(key, publication):
    # missing figures of the brand, by KPI and reason; also those that do not count
    missing = publication.rows(
        """
        select
            score_month,
            kpi_code,
            name_de,
            name_en,
            missing_reason,
            count(*) as dealer_count
        from mart_partner_scorecard_kpi
        left join dim_kpi using (kpi_code)
        where brand_code = $brand_code and missing_reason is not null
        group by all
        order by score_month, kpi_code, missing_reason
        """,
        brand_code=key["brand_code"],
    )
    missing_now = missing[missing["score_month"].dt.date == key["score_month"]]
    return missing, missing_now


@app.cell
def _(costs, dealers, missing_now, now, say, segments):
    _name = f"name_{say.code}"

    def _first(frame, by, ascending=False):
        return frame.dropna(subset=[by]).sort_values(by, ascending=ascending).head(1)

    def _sentences(key, frame, **values):
        return [
            say.html(key, **{name: give(row) for name, give in values.items()})
            for row in frame.to_dict("records")
        ]

    _fallen = _first(dealers[dealers["score_change"] < 0], "score_change", ascending=True)
    _apart = _first(dealers[dealers["is_diverging"].eq(True)], "goal_divergence")
    _behind = _first(
        segments[segments["sales_effectiveness"] < 1], "sales_effectiveness", ascending=True
    )
    page.section(
        say("look_title"),
        page.bullets(
            _sentences(
                "look_cost",
                costs[costs["mean_lost"] > 0].head(1),
                kpi=lambda row: row[_name] or row["kpi_code"],
                lost=lambda row: say.number(row["mean_lost"], 2),
                part=lambda row: row["losing_count"],
                whole=lambda row: row["dealer_count"],
            )
            + _sentences(
                "look_fallen",
                _fallen,
                dealer=lambda row: row["dealer_name"],
                change=lambda row: say.number(-row["score_change"], 2),
                score=lambda row: say.number(row["score"], 2),
            )
            + _sentences(
                "look_apart",
                _apart,
                part=lambda row: now["diverging_count"],
                whole=lambda row: now["compared_count"],
                dealer=lambda row: row["dealer_name"],
                oem=lambda row: say.percent(row["oem_side_attainment"], 0),
                partner=lambda row: say.percent(row["partner_side_attainment"], 0),
            )
            + _sentences(
                "look_behind",
                _behind,
                segment=lambda row: row["segment_code"],
                counted=lambda row: say.number(row["counted_registrations"]),
                expected=lambda row: say.number(row["expected_units"]),
            )
            + _sentences(
                "look_missing",
                _first(missing_now, "dealer_count"),
                kpi=lambda row: row[_name] or row["kpi_code"],
                count=lambda row: say.number(row["dealer_count"]),
                reason=lambda row: say.code_text("reason", row["missing_reason"]),
            )
            or [say("look_nothing")]
        ),
    )
    return


@app.cell
def _(history, key, say):
    _x = charts.month_axis("score_month", say("month"))
    _y = {"title": say("score_points"), "scale": alt.Scale(zero=False)}
    _shown = history.assign(
        month=history["score_month"].map(say.month),
        median_text=history["median_score"].map(lambda s: say.number(s, 2)),
        middle_half=history["lower_quartile"].map(lambda s: say.number(s, 2))
        + " – "
        + history["upper_quartile"].map(lambda s: say.number(s, 2)),
    )
    _base = alt.Chart(charts.data(_shown)).encode(_x)
    _chart = alt.layer(
        _base.mark_area(color=charts.FAINT).encode(
            alt.Y("lower_quartile:Q", **_y), y2="upper_quartile:Q"
        ),
        alt.Chart(charts.data(history[history["score_month"].dt.date == key["score_month"]]))
        .mark_rule(color=charts.INK, strokeDash=[4, 4])
        .encode(_x),
        _base.mark_line(point=True, strokeWidth=2.5, color=charts.OWN).encode(
            alt.Y("median_score:Q", **_y),
            tooltip=[
                alt.Tooltip("month:N", title=say("month")),
                alt.Tooltip("median_text:N", title=say("median")),
                alt.Tooltip("middle_half:N", title=say("middle_half")),
                alt.Tooltip("scored_count:Q", title=say("dealers")),
            ],
        ),
    )
    page.section(
        say("network_time_title"), say("network_time_intro"), charts.dressed(_chart, say, 280)
    )
    return


@app.cell
def _(costs, say):
    _shown = costs.drop(columns=["name_de", "name_en"]).assign(
        name=charts.wrapped(say.kpi_names(costs)),
        text=costs["mean_lost"].map(lambda lost: say.number(lost, 2)),
        is_loss=costs["mean_lost"] > 0,
        dealers=costs["losing_count"].map(
            lambda count: say("of", part=count, whole=costs["dealer_count"].max())
        ),
    )
    _base = alt.Chart(charts.data(_shown)).encode(
        charts.name_axis("name", _shown["name"]),
        alt.X(
            "mean_lost:Q",
            title=say("mean_lost_axis"),
            scale=alt.Scale(padding=45, nice=False),
            axis=alt.Axis(tickCount=8),
        ),
    )
    _label = {"color": charts.INK, "fontSize": 12}
    _chart = alt.layer(
        _base.mark_bar(size=16).encode(
            color=alt.condition("datum.is_loss", alt.value(charts.LOSS), alt.value(charts.OWN)),
            tooltip=[
                alt.Tooltip("name:N", title=say("kpi")),
                alt.Tooltip("text:N", title=say("mean_lost_axis")),
                alt.Tooltip("dealers:N", title=say("losing_dealers")),
            ],
        ),
        _base.transform_filter("datum.is_loss")
        .mark_text(align="left", dx=6, **_label)
        .encode(text="text:N"),
        _base.transform_filter("!datum.is_loss")
        .mark_text(align="right", dx=-6, **_label)
        .encode(text="text:N"),
    )
    page.section(
        say("costs_title"),
        say("costs_intro"),
        charts.dressed(_chart, say, 30 * max(len(_shown), 2)),
    )
    return


@app.cell
def _(address, say):
    place_choice = address.select(
        "place", say("places"), {say(f"by_{p}"): p for p in ("state", "district")}
    )
    measure_choice = address.select(
        "measure",
        say("measure"),
        {
            say(f"measure_{name}"): name
            for name in ("score", "MARKET_PENETRATION", "SALES_EFFECTIVENESS")
        },
    )
    return measure_choice, place_choice


@app.cell
def _(measure_choice, place_choice):
    place, measure = place_choice.value, measure_choice.value
    return measure, place


@app.cell
def _(key, measure, place, publication):
    # the median of the dealers by place, lowest first
    places = publication.rows(
        f"""
        with measured as (
            select dealer_id, brand_code, score_month, score as value
            from mart_partner_scorecard
            where $measure = 'score'
            union all
            select dealer_id, brand_code, score_month, actual_value
            from mart_partner_scorecard_kpi
            where kpi_code = $measure
        )

        select
            {"state_code" if place == "state" else "district_name"} as place,
            median(value) as value,
            count(value) as dealer_count
        from measured
        left join dim_dealer using (dealer_id, brand_code)
        left join dim_district using (district_code)
        where brand_code = $brand_code and score_month = $score_month and value is not null
        group by place
        order by value, place
        """,
        **key,
        measure=measure,
    )
    return (places,)


@app.cell
def _(measure, measure_choice, place, place_choice, places, say):
    _limit = 25
    _is_score = measure == "score"
    _names = places["place"].map(lambda name: say.code_text(place, name))
    _names = _names.where(places["place"].notna(), say("unknown"))
    _shown = places.assign(
        name=charts.wrapped(_names + " (" + places["dealer_count"].astype(str) + ")"),
        text=places["value"].map(lambda v: say.number(v, 2) if _is_score else say.percent(v)),
    ).head(_limit)
    _base = alt.Chart(charts.data(_shown)).encode(
        charts.name_axis("name", _shown["name"]),
        alt.X(
            "value:Q",
            title=say("median_of_dealers", measure=say(f"measure_{measure}")),
            axis=alt.Axis(tickCount=8, format=".0f" if _is_score else "~%"),
        ),
    )
    _chart = alt.layer(
        _base.mark_bar(size=16, color=charts.GAIN).encode(
            tooltip=[
                alt.Tooltip("name:N", title=say("places")),
                alt.Tooltip("text:N", title=say(f"measure_{measure}")),
                alt.Tooltip("dealer_count:Q", title=say("dealers")),
            ]
        ),
        _base.mark_text(align="right", dx=-6, color=charts.INK, fontSize=12).encode(text="text:N"),
    )
    page.section(
        say("places_title"),
        say("places_intro")
        + (say("places_cut", limit=_limit, count=len(places)) if len(places) > _limit else ""),
        page.choices(place_choice, measure_choice),
        charts.dressed(_chart, say, 30 * max(len(_shown), 2)),
    )
    return


@app.cell
def _(dealers, say):
    _scored = dealers.dropna(subset=["score"])
    _bins = (
        (_scored["score"] // 5 * 5)
        .value_counts()
        .rename_axis("low")
        .reset_index(name="count")
        .assign(high=lambda f: f["low"] + 5)
        .sort_values("low")
    )
    _histogram = (
        alt.Chart(charts.data(_bins))
        .mark_bar(color=charts.GAIN, stroke="white")
        .encode(
            alt.X(
                "low:Q",
                bin="binned",
                title=say("score_points"),
                axis=alt.Axis(tickMinStep=5),
            ),
            alt.X2("high:Q"),
            alt.Y("count:Q", title=say("dealers"), axis=alt.Axis(tickMinStep=1)),
            tooltip=[
                alt.Tooltip("low:Q", title=say("from")),
                alt.Tooltip("high:Q", title=say("below")),
                alt.Tooltip("count:Q", title=say("dealers")),
            ],
        )
    )
    _base = alt.Chart(
        charts.data(_scored.assign(text=_scored["score"].map(lambda s: say.number(s, 2))))
    ).encode(
        alt.X("score:Q", title=say("score_points"), scale=alt.Scale(zero=False)),
        alt.Y("peer_group:N", title=None),
    )
    _strips = alt.layer(
        _base.mark_circle(size=80, opacity=0.55, color=charts.GAIN).encode(
            tooltip=[
                alt.Tooltip("dealer_name:N", title=say("dealer")),
                alt.Tooltip("text:N", title=say("score")),
                alt.Tooltip("score_rank:Q", title=say("rank")),
            ]
        ),
        _base.mark_tick(color=charts.INK, thickness=3, size=26).encode(
            alt.X("median(score):Q", title=say("score_points"))
        ),
    )
    page.section(
        say("spread_title"),
        say("spread_intro"),
        page.side_by_side(
            charts.dressed(_histogram, say, 240),
            charts.dressed(_strips, say, max(60 * _scored["peer_group"].nunique(), 120)),
        ),
    )
    return


@app.cell
def _(address, dealers, say):
    group_choice = address.select(
        "group", say("peer_group"), {g: g for g in dealers["peer_group"].unique()}
    )
    return (group_choice,)


@app.cell
def _(dealers, group_choice):
    ranking = dealers[dealers["peer_group"] == group_choice.value]
    return (ranking,)


@app.cell
def _(group_choice, ranking, say):
    page.section(
        say("ranking_title"),
        group_choice,
        page.table(
            {
                say("rank"): ranking["score_rank"].map(say.number),
                say("dealer"): ranking["dealer_name"],
                say("score"): ranking["score"].map(lambda s: say.number(s, 2)),
                say("change"): ranking["score_change"].map(
                    lambda s: say.number(s, 2, is_signed=True)
                ),
                say("side_OEM_short"): ranking["oem_side_attainment"].map(
                    lambda rate: say.percent(rate, 0)
                ),
                say("side_PARTNER_short"): ranking["partner_side_attainment"].map(
                    lambda rate: say.percent(rate, 0)
                ),
                say("goals"): ranking["is_diverging"]
                .map({True: say("diverging_yes"), False: say("diverging_no")})
                .fillna("–"),
                say("missing"): ranking["missing_count"].map(say.number),
                say("district"): ranking["district_name"].fillna(say("unknown")),
            },
            texts=[say("dealer"), say("goals"), say("district")],
        ),
    )
    return


@app.cell
def _(dealers, history, say):
    _flags = {True: say("diverging_yes"), False: say("diverging_no")}
    _sides = dealers.dropna(subset=["goal_divergence"]).assign(
        flag=lambda f: f["is_diverging"].map(_flags),
        oem=lambda f: f["oem_side_attainment"].map(lambda rate: say.percent(rate, 0)),
        partner=lambda f: f["partner_side_attainment"].map(lambda rate: say.percent(rate, 0)),
    )
    _both = _sides[["oem_side_attainment", "partner_side_attainment"]]
    _low, _high = (_both.min().min() - 0.05, _both.max().max() + 0.05) if len(_both) else (0, 1)
    _scale = alt.Scale(domain=[_low, _high], nice=False)
    _axis = alt.Axis(format=".0%", tickCount=6)
    _points = (
        alt.Chart(charts.data(_sides))
        .mark_circle(size=90, opacity=0.75)
        .encode(
            alt.X("oem_side_attainment:Q", title=say("attainment_OEM"), scale=_scale, axis=_axis),
            alt.Y(
                "partner_side_attainment:Q",
                title=say("attainment_PARTNER"),
                scale=_scale,
                axis=_axis,
            ),
            color=alt.Color(
                "flag:N",
                scale=alt.Scale(domain=list(_flags.values()), range=[charts.LOSS, charts.GAIN]),
            ),
            tooltip=[
                alt.Tooltip("dealer_name:N", title=say("dealer")),
                alt.Tooltip("oem:N", title=say("attainment_OEM")),
                alt.Tooltip("partner:N", title=say("attainment_PARTNER")),
            ],
        )
    )
    _limits = (
        alt.Chart(
            charts.data(
                pd.DataFrame(
                    {
                        "line": ["upper", "upper", "lower", "lower"],
                        "x": [_low, _high - 0.2, _low + 0.2, _high],
                        "y": [_low + 0.2, _high, _low, _high - 0.2],
                    }
                )
            )
        )
        .mark_line(color=charts.CONTEXT, strokeDash=[4, 4], strokeWidth=1.5, clip=True)
        .encode(alt.X("x:Q", scale=_scale), alt.Y("y:Q", scale=_scale), detail="line:N")
    )
    _rates = history[history["compared_count"] > 0].assign(
        rate=lambda f: f["diverging_count"] / f["compared_count"],
        month=lambda f: f["score_month"].map(say.month),
        text=lambda f: f["rate"].map(say.percent),
    )
    _by_month = (
        alt.Chart(charts.data(_rates))
        .mark_bar(color=charts.LOSS)
        .encode(
            charts.month_steps("score_month", say("month")),
            alt.Y("rate:Q", title=say("diverging_share"), axis=alt.Axis(format="~%")),
            tooltip=[
                alt.Tooltip("month:N", title=say("month")),
                alt.Tooltip("text:N", title=say("diverging_share")),
            ],
        )
    )
    page.section(
        say("sides_title"),
        say("network_sides_intro"),
        page.side_by_side(
            charts.dressed(alt.layer(_limits, _points), say, 340),
            charts.dressed(_by_month, say, 340),
        ),
    )
    return


@app.cell
def _(say, segments):
    mo.stop(segments.empty, page.section(say("market_title"), say("no_market")))

    _shown = segments.assign(
        share=segments["penetration"].map(say.percent),
        network=segments["network_penetration"].map(say.percent),
        effectiveness=segments["sales_effectiveness"].map(lambda rate: say.percent(rate, 0)),
        units=[
            say(
                "tile_effectiveness_note",
                counted=say.number(counted),
                expected=say.number(expected),
            )
            for counted, expected in zip(
                segments["counted_registrations"], segments["expected_units"], strict=True
            )
        ],
    )
    _base = alt.Chart(charts.data(_shown)).encode(
        charts.name_axis("segment_code", segments["segment_code"])
    )
    _tooltip = [
        alt.Tooltip("segment_code:N", title=say("segment")),
        alt.Tooltip("share:N", title=say("share_in_territories")),
        alt.Tooltip("network:N", title=say("share_in_network")),
        alt.Tooltip("effectiveness:N", title=say("effectiveness")),
        alt.Tooltip("units:N", title=say("units")),
    ]
    _penetration = alt.layer(
        _base.mark_bar(size=16, color=charts.GAIN).encode(
            alt.X(
                "penetration:Q",
                title=say("share_in_territories"),
                axis=alt.Axis(format="~%", tickCount=6),
            ),
            tooltip=_tooltip,
        ),
        _base.mark_tick(color=charts.INK, thickness=3, size=24).encode(
            alt.X("network_penetration:Q"), tooltip=_tooltip
        ),
    )
    _effectiveness = alt.layer(
        _base.mark_bar(size=16).encode(
            alt.X(
                "sales_effectiveness:Q",
                title=say("effectiveness_axis"),
                axis=alt.Axis(format="~%", tickCount=6),
            ),
            color=alt.condition(
                "datum.sales_effectiveness < 1", alt.value(charts.LOSS), alt.value(charts.OWN)
            ),
            tooltip=_tooltip,
        ),
        alt.Chart(charts.data(pd.DataFrame({"expected": [1]})))
        .mark_rule(color=charts.INK, strokeDash=[4, 4])
        .encode(alt.X("expected:Q")),
    )
    page.section(
        say("market_title"),
        say("market_intro"),
        page.side_by_side(
            charts.dressed(_penetration, say, 34 * max(len(_shown), 2)),
            charts.dressed(_effectiveness, say, 34 * max(len(_shown), 2)),
        ),
    )
    return


@app.cell
def _(missing, missing_now, say):
    mo.stop(missing.empty, page.section(say("missing_title"), say("nothing_missing")))

    _reasons = {
        "NO_DATA": charts.LOSS,
        "SMALL_SAMPLE": charts.GAIN,
        "NO_TARGET": charts.MISSING,
    }

    def _colour(legend_columns):
        return alt.Color(
            "reason:N",
            legend=alt.Legend(columns=legend_columns),
            scale=alt.Scale(
                domain=[say(f"reason_{code}") for code in _reasons], range=list(_reasons.values())
            ),
        )

    def _said(frame):
        return frame.drop(columns=["name_de", "name_en"]).assign(
            name=charts.wrapped(say.kpi_names(frame)),
            reason=frame["missing_reason"].map(lambda code: say.code_text("reason", code)),
            month=frame["score_month"].map(say.month),
        )

    _now = _said(missing_now)
    _total = _now.groupby("name")["dealer_count"].sum().sort_values(ascending=False)
    _by_kpi = (
        alt.Chart(charts.data(_now))
        .mark_bar(size=16)
        .encode(
            charts.name_axis("name", _total.index),
            alt.X("dealer_count:Q", title=say("dealers"), axis=alt.Axis(tickMinStep=1)),
            color=_colour(1),
            tooltip=[
                alt.Tooltip("name:N", title=say("kpi")),
                alt.Tooltip("reason:N", title=say("reason")),
                alt.Tooltip("dealer_count:Q", title=say("dealers")),
            ],
        )
    )
    _by_month = (
        alt.Chart(
            charts.data(
                _said(missing)
                .groupby(["score_month", "month", "reason"], as_index=False)["dealer_count"]
                .sum()
            )
        )
        .mark_bar()
        .encode(
            charts.month_steps("score_month", say("month")),
            alt.Y("dealer_count:Q", title=say("missing_figures")),
            color=_colour(2),
            tooltip=[
                alt.Tooltip("month:N", title=say("month")),
                alt.Tooltip("reason:N", title=say("reason")),
                alt.Tooltip("dealer_count:Q", title=say("missing_figures")),
            ],
        )
    )
    page.section(
        say("missing_title"),
        say("missing_intro"),
        page.side_by_side(
            charts.dressed(_by_kpi, say, 30 * max(len(_total), 4)),
            charts.dressed(_by_month, say, 30 * max(len(_total), 8)),
        ),
    )
    return


@app.cell
def _(publication, say):
    page.freshness(
        publication,
        say,
        "mart_partner_scorecard",
        "mart_partner_scorecard_kpi",
        "mart_market_penetration",
    )
    return


if __name__ == "__main__":
    app.run()
