"""One dealer, one brand, one month: where the score comes from and what lifts it."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Partner scorecard", css_file="style.css")

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
    page.head(say("scorecard_title"), say("scorecard_subtitle"), language_choice)
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
    _dealers = publication.rows(
        """
        select distinct
            dealer_id,
            coalesce(dealer_name || ' (' || dealer_id || ')', dealer_id) as shown
        from mart_partner_scorecard
        left join dim_dealer using (dealer_id, brand_code)
        where brand_code = $brand_code
        order by shown
        """,
        brand_code=brand_choice.value,
    )
    dealer_choice = address.select(
        "dealer",
        say("dealer"),
        dict(zip(_dealers["shown"], _dealers["dealer_id"], strict=True)),
    )
    return (dealer_choice,)


@app.cell
def _(address, brand_choice, dealer_choice, publication, say):
    _months = publication.rows(
        """
        select score_month from mart_partner_scorecard
        where brand_code = $brand_code and dealer_id = $dealer_id
        order by score_month desc
        """,
        brand_code=brand_choice.value,
        dealer_id=dealer_choice.value,
    )["score_month"].dt.date
    month_choice = address.select("month", say("month"), {say.month(m): m for m in _months})
    return (month_choice,)


@app.cell
def _(brand_choice, dealer_choice, month_choice):
    page.choices(brand_choice, dealer_choice, month_choice)
    return


@app.cell
def _(brand_choice, dealer_choice, month_choice):
    key = {
        "dealer_id": dealer_choice.value,
        "brand_code": brand_choice.value,
        "score_month": month_choice.value,
    }
    return (key,)


@app.cell
def _(key, publication):
    card = publication.records(
        """
        select * from mart_partner_scorecard
        where dealer_id = $dealer_id and brand_code = $brand_code and score_month = $score_month
        """,
        **key,
    )[0]
    return (card,)


@app.cell
def _(card, say):
    def _change():
        if card["score_change"] is None:
            return say("tile_no_change")
        return say("tile_change", change=say.number(card["score_change"], 2, is_signed=True))

    def _rank():
        if card["score_rank"] is None:
            return say.number(None)
        return say("of", part=card["score_rank"], whole=card["peer_count"])

    def _gap():
        if card["is_diverging"] is None:
            return say("tile_no_sides")
        gap = say.number(100 * card["goal_divergence"], 1)
        return say("tile_diverging" if card["is_diverging"] else "tile_together", gap=gap)

    page.tiles(
        (say("score"), say.number(card["score"], 2), _change()),
        (say("rank"), _rank(), say("tile_group", group=card["peer_group"])),
        (
            say("tile_sides"),
            f"{say.percent(card['oem_side_attainment'], 0)} / "
            f"{say.percent(card['partner_side_attainment'], 0)}",
            _gap(),
        ),
        (
            say("tile_kpis"),
            say("of", part=card["kpi_count"] - card["missing_count"], whole=card["kpi_count"]),
            say("tile_missing", count=card["missing_count"]),
        ),
    )
    return


@app.cell
def _(key, publication):
    # whom the score can be compared with: the month before, and the best of the peer group
    references = publication.rows(
        """
        with own as (
            select * from mart_partner_scorecard
            where dealer_id = $dealer_id and brand_code = $brand_code and score_month = $score_month
        )

        , best as (
            select other.*
            from mart_partner_scorecard as other
            inner join own using (brand_code, peer_group, score_month)
            where other.score_rank = 1 and own.score_rank > 1
            order by other.dealer_id
            limit 1
        )

        , found as (
            select 'before' as reference, other.dealer_id, other.brand_code, other.score_month,
                other.score
            from mart_partner_scorecard as other
            inner join own using (dealer_id, brand_code)
            where other.score_month = own.score_month - interval 1 month
            union all
            select 'best', dealer_id, brand_code, score_month, score from best
        )

        select found.*, coalesce(dealer_name, dealer_id) as dealer_name
        from found
        left join dim_dealer using (dealer_id, brand_code)
        where score is not null
        """,
        **key,
    ).set_index("reference")
    return (references,)


@app.cell
def _(address, references, say):
    reference_choice = address.select(
        "compare",
        say("compare_with"),
        {say("compare_target"): "target"}
        | {
            say(f"compare_{name}", score=say.number(score, 2)): name
            for name, score in references["score"].items()
        },
        is_open=True,
    )
    return (reference_choice,)


@app.cell
def _(reference_choice):
    reference = reference_choice.value
    return (reference,)


@app.cell
def _(key, publication, reference, references):
    # from the reference down to the score, one row per KPI, in hundredths of a point
    _other = references.loc[[reference]] if reference in references.index else references.head(0)
    waterfall = publication.rows(
        points.WATERFALL,
        **key,
        other_dealer_id=_other["dealer_id"].iloc[0] if len(_other) else None,
        other_month=_other["score_month"].iloc[0] if len(_other) else None,
    )
    return (waterfall,)


@app.cell
def _(key, points, publication):
    kpis = publication.rows(points.KPIS_OF_MONTH, **key)
    return (kpis,)


@app.cell
def _(card, kpis, reference, reference_choice, references, say, waterfall):
    mo.stop(card["score"] is None, page.section(say("why_no_score"), say("no_score")))

    _from = references["score"].get(reference, 100)
    _lost = waterfall["lost_hundredths"]
    _is_counted = kpis["lost_hundredths"].notna()
    _sums = page.paragraph(
        say.html(
            f"how_it_sums_{'target' if reference == 'target' else 'other'}",
            reference=say.number(_from, 2),
            lost=say.number(_lost.clip(lower=0).sum() / 100, 2),
            gained=say.number(-_lost.clip(upper=0).sum() / 100, 2),
            score=say.number(card["score"], 2),
            weights=say.number(kpis["weight"][_is_counted].sum(), 1),
            zeros=(_is_counted & (kpis["status"] == "MISSING")).sum(),
            excluded=(~_is_counted).sum(),
        )
    )

    _bars = pd.DataFrame(
        {
            "name": charts.wrapped(say.kpi_names(waterfall)),
            "from": waterfall["from_hundredths"] / 100,
            "to": waterfall["to_hundredths"] / 100,
            "kind": waterfall["kind"].map(lambda kind: say(f"kind_{kind}")),
            "effect": (-_lost / 100).map(lambda p: say.number(p, 2, is_signed=True)),
        }
    )
    _ends = pd.DataFrame(
        {
            "name": [
                say(f"reference_{reference}", dealer=references["dealer_name"].get(reference)),
                say("score"),
            ],
            "to": [_from, float(card["score"])],
            "effect": [say.number(_from, 2), say.number(card["score"], 2)],
        }
    )
    _shown = pd.concat([_ends.head(1), _bars, _ends.tail(1)], ignore_index=True)
    _shown["right"] = _shown[["from", "to"]].max(axis="columns")
    _colours = {
        "LOST": charts.LOSS,
        "MISSING": charts.MISSING,
        "NOT_COUNTED": charts.CONTEXT,
        "GAINED": charts.OWN,
    }
    _kinds = {k: colour for k, colour in _colours.items() if k in set(waterfall["kind"])}
    _base = alt.Chart(charts.data(_shown)).encode(charts.name_axis("name", _shown["name"]))
    _x = {
        "title": say("points_axis"),
        "scale": alt.Scale(zero=False, nice=False, padding=40),
        "axis": alt.Axis(tickCount=8),
    }
    _chart = alt.layer(
        _base.transform_filter("datum.from !== null")
        .mark_bar(size=16)
        .encode(
            x=alt.X("from:Q", **_x),
            x2="to:Q",
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(
                    domain=[say(f"kind_{k}") for k in _kinds], range=list(_kinds.values())
                ),
                legend=alt.Legend(columns=2),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=say("kpi")),
                alt.Tooltip("effect:N", title=say("change_points")),
                alt.Tooltip("kind:N", title=say("state")),
            ],
        ),
        _base.transform_filter("datum.from === null")
        .mark_tick(color=charts.INK, thickness=4, size=22)
        .encode(x=alt.X("to:Q", **_x)),
        _base.mark_text(align="left", dx=7, color=charts.INK, fontSize=12).encode(
            x=alt.X("right:Q", **_x), text="effect:N"
        ),
    )
    page.section(
        say("why_title", score=say.number(card["score"], 2), reference=say.number(_from, 2)),
        reference_choice,
        charts.dressed(_chart, say, 30 * len(_shown)),
        _sums,
    )
    return


@app.cell
def _(key, publication):
    next_steps = publication.records(points.NEXT_STEPS, **key, steps=points.steps_parameter())
    return (next_steps,)


@app.cell
def _(kpis, next_steps, say):
    _name = f"name_{say.code}"
    _missing = [
        say.html(
            "first_missing_zero",
            kpi=row[_name] or row["kpi_code"],
            reason=say.code_text("reason", row["missing_reason"]),
            lost=say.number(row["lost_hundredths"] / 100, 2),
            remedy=say(
                f"remedy_{row['missing_reason']}",
                count=say.number(row["sample_count"]),
                least=say.number(row["min_sample"]),
            ),
        )
        for row in kpis[kpis["lost_hundredths"].notna() & (kpis["status"] == "MISSING")].to_dict(
            "records"
        )
    ]
    _steps = [
        say.html(
            "first_item" if row["points_of_a_step"] > 0 else "first_below_floor",
            kpi=row[_name],
            actual=say.value(row["actual_value"], row["unit"]),
            target=say.value(row["target_value"], row["unit"]),
            lost=say.number(row["lost_hundredths"] / 100, 2),
            side=say.code_text("side", row["owner_side"]),
            step=say(f"step_{row['kpi_code']}" if row["is_known_step"] else "step"),
            gain=say.number(row["points_of_a_step"], 2),
            count=say.number(row["steps_to_target"]),
        )
        for row in next_steps
    ]
    page.section(
        say("first_title"),
        say("first_intro"),
        page.bullets((_missing + _steps)[:5] or [say("first_nothing")]),
    )
    return


@app.cell
def _(key, publication):
    history = publication.rows(
        """
        with peers as (
            select
                brand_code, peer_group, score_month,
                median(score) as peer_median, min(score) as peer_min, max(score) as peer_max
            from mart_partner_scorecard
            group by all
        )

        select own.*, peer_median, peer_min, peer_max
        from mart_partner_scorecard as own
        inner join peers using (brand_code, peer_group, score_month)
        where dealer_id = $dealer_id and brand_code = $brand_code
        order by score_month
        """,
        dealer_id=key["dealer_id"],
        brand_code=key["brand_code"],
    )
    return (history,)


@app.cell
def _(history, key, say):
    _x = charts.month_axis("score_month", say("month"))
    _series = {"score": charts.OWN, "peer_median": charts.CONTEXT}
    _base = alt.Chart(charts.data(history)).encode(_x)
    _names = {name: say(f"series_{name}") for name in _series}
    _y = {"title": say("score_points"), "scale": alt.Scale(zero=False)}
    _lines = (
        alt.Chart(
            charts.data(
                history.melt("score_month", list(_series), "series", "value").assign(
                    series=lambda f: f["series"].map(_names),
                    shown=lambda f: f["value"].map(lambda v: say.number(v, 2)),
                    month=lambda f: f["score_month"].map(say.month),
                )
            )
        )
        .mark_line(point=True, strokeWidth=2.5)
        .encode(
            _x,
            alt.Y("value:Q", **_y),
            color=alt.Color(
                "series:N",
                scale=alt.Scale(domain=list(_names.values()), range=list(_series.values())),
            ),
            tooltip=[
                alt.Tooltip("series:N", title=" "),
                alt.Tooltip("month:N", title=say("month")),
                alt.Tooltip("shown:N", title=say("score")),
            ],
        )
    )
    _chart = alt.layer(
        _base.mark_area(color=charts.FAINT, opacity=0.7).encode(
            alt.Y("peer_min:Q", **_y), y2="peer_max:Q"
        ),
        alt.Chart(charts.data(history[history["score_month"].dt.date == key["score_month"]]))
        .mark_rule(color=charts.INK, strokeDash=[4, 4])
        .encode(_x),
        _lines,
    )
    page.section(say("time_title"), say("time_intro"), charts.dressed(_chart, say, 280))
    return


@app.cell
def _(key, publication, say):
    _attained = publication.rows(
        """
        select score_month, kpi_code, clipped_attainment, status, missing_reason, kpis.weight,
            name_de, name_en
        from mart_partner_scorecard_kpi as kpis
        left join dim_kpi using (kpi_code)
        where dealer_id = $dealer_id and brand_code = $brand_code
        order by max(kpis.weight) over (partition by kpi_code) desc, kpi_code, score_month
        """,
        dealer_id=key["dealer_id"],
        brand_code=key["brand_code"],
    )
    _shown = pd.DataFrame(
        {
            "month": _attained["score_month"],
            "month_text": _attained["score_month"].map(say.month),
            "name": charts.wrapped(say.kpi_names(_attained)),
            "attainment": _attained["clipped_attainment"],
            "text": _attained["clipped_attainment"]
            .map(say.percent)
            .where(
                _attained["missing_reason"].isna(),
                _attained["missing_reason"].map(lambda code: say.code_text("reason", code)),
            ),
        }
    )
    _base = alt.Chart(charts.data(_shown)).encode(
        charts.month_steps("month", say("month")),
        charts.name_axis("name", _shown["name"]),
        tooltip=[
            alt.Tooltip("name:N", title=say("kpi")),
            alt.Tooltip("month_text:N", title=say("month")),
            alt.Tooltip("text:N", title=say("attainment")),
        ],
    )
    _chart = alt.layer(
        _base.transform_filter("datum.attainment !== null")
        .mark_rect(stroke="white", strokeWidth=1)
        .encode(
            color=alt.Color(
                "attainment:Q",
                scale=alt.Scale(
                    domain=[0.6, 0.8, 1, 1.1, 1.2],
                    range=charts.AROUND_TARGET,
                    clamp=True,
                    interpolate="rgb",
                ),
                legend=alt.Legend(title=say("attainment"), format=".0%", gradientLength=220),
            )
        ),
        _base.transform_filter("datum.attainment === null").mark_text(
            text="×", color=charts.CONTEXT, fontSize=14
        ),
    )
    page.section(
        say("heat_title"),
        say("heat_intro"),
        charts.dressed(_chart, say, 30 * _shown["name"].nunique()),
    )
    return


@app.cell
def _(card, key, publication):
    # the first three and the neighbours in rank
    peers = publication.rows(
        """
        select
            score_rank,
            score,
            peer_count,
            coalesce(dealer_name, dealer_id) as dealer_name,
            dealer_id = $dealer_id as is_own
        from mart_partner_scorecard
        left join dim_dealer using (dealer_id, brand_code)
        where
            brand_code = $brand_code and score_month = $score_month
            and mart_partner_scorecard.peer_group = $peer_group and score is not null
            and (score_rank <= 3 or abs(score_rank - $own_rank) <= 7 or peer_count <= 18)
        order by score_rank, dealer_id
        """,
        **key,
        peer_group=card["peer_group"],
        own_rank=card["score_rank"] or 0,
    )
    return (peers,)


@app.cell
def _(card, key, peers, say):
    _shown = peers.assign(
        name=charts.wrapped(peers["score_rank"].astype(str) + ". " + peers["dealer_name"]),
        shown=peers["score"].map(lambda s: say.number(s, 2)),
    )
    _base = alt.Chart(charts.data(_shown)).encode(
        charts.name_axis("name", _shown["name"]),
        alt.X("score:Q", title=say("score_points"), axis=alt.Axis(tickCount=8)),
    )
    _chart = alt.layer(
        _base.mark_bar(size=16).encode(
            color=alt.condition("datum.is_own", alt.value(charts.OWN), alt.value("#c3cad3")),
            tooltip=[
                alt.Tooltip("name:N", title=say("dealer")),
                alt.Tooltip("shown:N", title=say("score")),
            ],
        ),
        _base.mark_text(align="right", dx=-6, fontSize=12).encode(
            text="shown:N",
            color=alt.condition("datum.is_own", alt.value("white"), alt.value(charts.INK)),
        ),
    )
    page.section(
        say("peers_title"),
        say(
            "peers_intro",
            group=card["peer_group"],
            month=say.month(key["score_month"]),
            count=card["peer_count"],
        )
        + (say("peers_cut") if len(peers) < card["peer_count"] else ""),
        charts.dressed(_chart, say, 30 * max(len(_shown), 2)),
    )
    return


@app.cell
def _(history, say):
    _sides = {
        "oem_side_attainment": ("OEM", charts.OWN),
        "partner_side_attainment": ("PARTNER", charts.LOSS),
        "shared_attainment": ("SHARED", charts.CONTEXT),
    }
    _names = {column: say(f"side_{code}") for column, (code, _) in _sides.items()}
    _long = history.melt("score_month", list(_sides), "side", "attainment").assign(
        side=lambda f: f["side"].map(_names),
        shown=lambda f: f["attainment"].map(say.percent),
        month=lambda f: f["score_month"].map(say.month),
    )
    _lines = (
        alt.Chart(charts.data(_long))
        .mark_line(point=True, strokeWidth=2)
        .encode(
            charts.month_axis("score_month", say("month")),
            alt.Y(
                "attainment:Q",
                title=say("attainment"),
                scale=alt.Scale(zero=False),
                axis=alt.Axis(format=".0%"),
            ),
            color=alt.Color(
                "side:N",
                scale=alt.Scale(
                    domain=list(_names.values()), range=[colour for _, colour in _sides.values()]
                ),
            ),
            tooltip=[
                alt.Tooltip("side:N", title=say("side")),
                alt.Tooltip("month:N", title=say("month")),
                alt.Tooltip("shown:N", title=say("attainment")),
            ],
        )
    )
    _flags = {True: say("diverging_yes"), False: say("diverging_no")}
    _gaps = pd.DataFrame(
        {
            "score_month": history["score_month"],
            "month": history["score_month"].map(say.month),
            "gap": history["goal_divergence"] * 100,
            "flag": history["is_diverging"].map(_flags),
        }
    ).dropna(subset=["gap"])
    _bars = (
        alt.Chart(charts.data(_gaps))
        .mark_bar()
        .encode(
            charts.month_steps("score_month", say("month")),
            alt.Y("gap:Q", title=say("divergence_points")),
            color=alt.Color(
                "flag:N",
                scale=alt.Scale(domain=list(_flags.values()), range=[charts.LOSS, "#c3cad3"]),
            ),
            tooltip=[
                alt.Tooltip("month:N", title=say("month")),
                alt.Tooltip("gap:Q", title=say("divergence_points"), format=".1f"),
                alt.Tooltip("flag:N", title=" "),
            ],
        )
    )
    _limit = (
        alt.Chart(charts.data(pd.DataFrame({"limit": [20]})))
        .mark_rule(color=charts.INK, strokeDash=[4, 4])
        .encode(alt.Y("limit:Q"))
    )
    page.section(
        say("sides_title"),
        say("sides_intro"),
        page.side_by_side(
            charts.dressed(_lines, say, 260),
            charts.dressed(alt.layer(_bars, _limit), say, 260),
        ),
    )
    return


@app.cell
def _(kpis, say):
    _state = (
        kpis["missing_reason"]
        .map(lambda code: say.code_text("reason", code), na_action="ignore")
        .fillna(say("state_SCORED"))
    )
    _policy = kpis["missing_policy"].map(lambda code: f", {say.code_text('policy', code)}")
    page.section(
        say("kpis_title"),
        page.table(
            {
                say("kpi"): say.kpi_names(kpis),
                say("actual"): say.values(kpis["actual_value"], kpis["unit"]),
                say("target"): say.values(kpis["target_value"], kpis["unit"]),
                say("clipped"): kpis["clipped_attainment"].map(say.percent),
                say("weight"): kpis["weight"].map(lambda weight: say.number(weight, 1)),
                say("lost_points"): (kpis["lost_hundredths"] / 100).map(
                    lambda lost: say.number(lost, 2)
                ),
                say("observations"): kpis["sample_count"].map(say.number),
                say("side"): kpis["owner_side"].map(lambda code: say.code_text("side", code)),
                say("state"): _state + _policy.where(kpis["missing_reason"].notna(), ""),
            },
            texts=[say("kpi"), say("side"), say("state")],
        ),
    )
    return


@app.cell
def _(publication, say):
    page.freshness(publication, say, "mart_partner_scorecard", "mart_partner_scorecard_kpi")
    return


if __name__ == "__main__":
    app.run()
