"""The quality of deliveries: where it is bad, whose it is, what it costs, which course helps, what
changed after it."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Data quality", css_file="style.css")

with app.setup:
    import altair as alt
    import marimo as mo
    import pandas as pd

    from notebooks import charts, page
    from orchestration.language import Language
    from orchestration.settings import Settings

    SHOWN_RULES = 12
    SHOWN_DEALERS = 15
    DIMENSIONS = ["COMPLETENESS", "VALIDITY", "UNIQUENESS", "TIMELINESS", "CONSISTENCY"]
    COLOURS = [charts.OWN, charts.GAIN, charts.MISSING, charts.CONTEXT, charts.LOSS]


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
    page.head(say("dq_title"), say("dq_subtitle"), language_choice)
    return


@app.cell
def _(say):
    publication = page.opened_or_stopped(say, "mart_data_quality", "dim_quality_rule")
    return (publication,)


@app.cell
def _(address, publication, say):
    _dealers = publication.rows(
        """
        select dealer_id, coalesce(any_value(dealer_name), dealer_id) as dealer_name
        from mart_data_quality
        left join dim_dealer using (dealer_id)
        group by dealer_id
        order by dealer_id
        """
    )
    dealer_choice = address.select(
        "dealer",
        say("dealer"),
        {say("dq_dealer_all"): ""} | {f"{n} ({d})": d for d, n in _dealers.itertuples(index=False)},
    )
    page.choices(dealer_choice)
    return (dealer_choice,)


@app.cell
def _(dealer_choice, publication):
    # the three newest months: each dealer's rules, summed
    last_month = publication.records("select max(month) as month from mart_data_quality")[0][
        "month"
    ]
    recent = publication.rows(
        """
        select
            dealer_id,
            coalesce(dealer_name, dealer_id) as dealer_name,
            feed,
            rule_code,
            dimension,
            target_rate,
            sum(checked_rows)::bigint as checked_rows,
            sum(passed_rows)::bigint as passed_rows,
            sum(checked_rows - passed_rows)::bigint as failed_rows,
            sum(passed_rows) < sum(checked_rows) * target_rate as is_below_target
        from mart_data_quality
        left join (
            select dealer_id, any_value(dealer_name) as dealer_name
            from dim_dealer
            group by dealer_id
        ) using (dealer_id)
        where
            month > $last_month::date - interval 3 month
            and ($dealer_id = '' or dealer_id = $dealer_id)
        group by dealer_id, dealer_name, feed, rule_code, dimension, target_rate
        order by dealer_id, feed, rule_code
        """,
        last_month=last_month,
        dealer_id=dealer_choice.value,
    )
    return last_month, recent


@app.cell
def _(publication, recent, say):
    _rules = recent.groupby("rule_code").agg(
        checked=("checked_rows", "sum"),
        passed=("passed_rows", "sum"),
        target=("target_rate", "first"),
    )
    _below = (_rules["passed"] < _rules["checked"] * _rules["target"]).sum()
    _checked = int(recent["checked_rows"].sum())
    _year = publication.rows(
        """
        select max(persons_trained_ytd) as persons, max(plan_ytd) as plan
        from mart_academy_summary
        where month = (select max(month) from mart_academy_summary)
        """
    ).iloc[0]
    page.tiles(
        (
            say("dq_tile_rate"),
            say.percent(recent["passed_rows"].sum() / _checked if _checked else None, 2),
            say("dq_tile_rate_note", checked=say.number(_checked)),
        ),
        (
            say("dq_tile_below"),
            say.number(_below),
            say("dq_tile_below_note", rules=say.number(len(_rules))),
        ),
        (
            say("dq_tile_dealers"),
            say.number(recent.loc[recent["is_below_target"], "dealer_id"].nunique()),
            say("dq_tile_dealers_note", dealers=say.number(recent["dealer_id"].nunique())),
        ),
        (
            say("dq_tile_trained"),
            say.number(_year["persons"]),
            say("dq_tile_trained_note", plan=say.number(_year["plan"])),
        ),
    )
    return


@app.cell
def _(publication, say):
    # words of the rules in the page's language
    words = publication.rows(
        """
        select
            rule_code,
            description as description_en,
            coalesce(description_de, description) as description_de,
            remedy as remedy_en,
            coalesce(remedy_de, remedy) as remedy_de
        from dim_quality_rule
        """
    ).set_index("rule_code")
    words = words.rename(
        columns={f"description_{say.code}": "meaning", f"remedy_{say.code}": "remedy"}
    )[["meaning", "remedy"]]
    return (words,)


@app.cell
def _(last_month, recent, say, words):
    _cells = (
        recent.assign(aimed_rows=recent["checked_rows"] * recent["target_rate"].astype(float))
        .groupby(["feed", "dimension"], as_index=False)
        .agg(
            checked_rows=("checked_rows", "sum"),
            passed_rows=("passed_rows", "sum"),
            failed_rows=("failed_rows", "sum"),
            aimed_rows=("aimed_rows", "sum"),
        )
        .assign(
            pass_rate=lambda f: f["passed_rows"] / f["checked_rows"],
            dimension=lambda f: f["dimension"].map(lambda d: say(f"dimension_{d}")),
        )
        .assign(
            shown=lambda f: f["pass_rate"].map(lambda r: say.percent(r, 1)),
            # each rule has a target of its own
            distance=lambda f: ((f["passed_rows"] - f["aimed_rows"]) / f["checked_rows"]).clip(
                -0.05, 0.05
            ),
        )
    )
    _base = alt.Chart(charts.data(_cells)).encode(
        alt.X(
            "dimension:N",
            title=None,
            sort=[say(f"dimension_{d}") for d in DIMENSIONS],
            axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False),
        ),
        alt.Y("feed:N", title=None),
        tooltip=[
            alt.Tooltip("feed:N", title=say("feed")),
            alt.Tooltip("dimension:N", title=say("dq_dimension")),
            alt.Tooltip("shown:N", title=say("dq_passed")),
            alt.Tooltip("failed_rows:Q", title=say("dq_affected"), format=","),
        ],
    )
    _heat = alt.layer(
        _base.mark_rect(stroke="white", strokeWidth=2).encode(
            color=alt.Color(
                "distance:Q",
                legend=None,
                scale=alt.Scale(
                    domain=[-0.05, 0, 0.05], range=charts.AROUND_TARGET[::2], interpolate="rgb"
                ),
            )
        ),
        _base.mark_text(fontSize=12).encode(
            text="shown:N",
            color=alt.condition(
                "abs(datum.distance) > 0.035", alt.value("white"), alt.value(charts.INK)
            ),
        ),
    )
    _worst = (
        recent[recent["is_below_target"]]
        .groupby(["rule_code", "feed"], as_index=False)
        .agg(
            checked_rows=("checked_rows", "sum"),
            passed_rows=("passed_rows", "sum"),
            failed_rows=("failed_rows", "sum"),
            target_rate=("target_rate", "first"),
            dealers=("dealer_id", "nunique"),
        )
        .nlargest(SHOWN_RULES, "failed_rows")
    )
    _texts = [say("dq_rule"), say("dq_meaning"), say("dq_remedy")]
    _table = page.table(
        {
            say("dq_rule"): _worst["rule_code"],
            say("dq_meaning"): _worst["rule_code"].map(words["meaning"]).fillna(""),
            say("dq_remedy"): _worst["rule_code"].map(words["remedy"]).fillna(""),
            say("dq_passed"): (_worst["passed_rows"] / _worst["checked_rows"]).map(
                lambda r: say.percent(r, 1)
            ),
            say("dq_target"): _worst["target_rate"].map(lambda r: say.percent(r, 1)),
            say("dq_affected"): _worst["failed_rows"].map(say.number),
            say("dq_dealers"): _worst["dealers"].map(say.number),
        },
        texts=_texts,
    )
    page.section(
        say("dq_where_title"),
        say("dq_where_intro", month=say.month(last_month)),
        charts.dressed(_heat, say, 34 * max(_cells["feed"].nunique(), 2)),
        say("dq_worst_intro"),
        _table,
    )
    return


@app.cell
def _(recent, say):
    _failing = recent[recent["is_below_target"]]
    _order = (
        _failing.groupby("dealer_name")["failed_rows"]
        .sum()
        .sort_values(ascending=False)
        .head(SHOWN_DEALERS)
        .index
    )
    _shown = (
        _failing[_failing["dealer_name"].isin(_order)]
        .groupby(["dealer_name", "dimension"], as_index=False)["failed_rows"]
        .sum()
        .assign(
            name=lambda f: charts.wrapped(f["dealer_name"]),
            dimension=lambda f: f["dimension"].map(lambda d: say(f"dimension_{d}")),
        )
    )
    _bars = (
        alt.Chart(charts.data(_shown))
        .mark_bar(size=16)
        .encode(
            charts.name_axis("name", charts.wrapped(pd.Series(_order, dtype=object))),
            alt.X(
                "failed_rows:Q", title=say("dq_affected"), axis=alt.Axis(tickMinStep=1, format="~s")
            ),
            alt.Color(
                "dimension:N",
                scale=alt.Scale(domain=[say(f"dimension_{d}") for d in DIMENSIONS], range=COLOURS),
            ),
            tooltip=[
                alt.Tooltip("dealer_name:N", title=say("dealer")),
                alt.Tooltip("dimension:N", title=say("dq_dimension")),
                alt.Tooltip("failed_rows:Q", title=say("dq_affected"), format=","),
            ],
        )
    )
    page.section(
        say("dq_whose_title"),
        say("dq_whose_intro"),
        charts.dressed(_bars, say, 38 * max(len(_order), 3)),
    )
    return


@app.cell
def _(dealer_choice, last_month, publication, say):
    # figures that are missing for want of data, in the newest month that is over at the time
    _missing = publication.rows(
        """
        select
            kpi_code,
            any_value(name_de) as name_de,
            any_value(name_en) as name_en,
            missing_reason,
            count(*) as figures,
            sum(weight) as weight,
            any_value(score_month) as score_month
        from mart_partner_scorecard_kpi
        left join dim_kpi using (kpi_code)
        where
            missing_reason in ('NO_DATA', 'SMALL_SAMPLE')
            and score_month = (
                select max(score_month) from mart_partner_scorecard_kpi
                where score_month <= $last_month
            )
            and ($dealer_id = '' or dealer_id = $dealer_id)
        group by kpi_code, missing_reason
        order by weight desc, kpi_code
        """,
        last_month=last_month,
        dealer_id=dealer_choice.value,
    )
    _rows = publication.rows(
        """
        select
            coalesce(sum(delivered_rows), 0)::bigint as delivered,
            coalesce(sum(quarantined_rows), 0)::bigint as quarantined,
            coalesce(sum(rejected_file_count), 0)::bigint as files
        from mart_feed_quality
        where
            delivery_month > $last_month::date - interval 3 month
            and starts_with(feed, 'dealer__')
            and ($dealer_id = '' or sender = $dealer_id)
        """,
        last_month=last_month,
        dealer_id=dealer_choice.value,
    ).iloc[0]
    if _missing.empty:
        _shown = say("dq_cost_none", month=say.month(last_month))
    else:
        _said = _missing.assign(
            name=charts.wrapped(say.kpi_names(_missing)),
            reason=_missing["missing_reason"].map(lambda code: say.code_text("reason", code)),
        )
        _order = _said.groupby("name")["weight"].sum().sort_values(ascending=False).index
        _shown = charts.dressed(
            alt.Chart(charts.data(_said))
            .mark_bar(size=16)
            .encode(
                charts.name_axis("name", _order),
                alt.X("weight:Q", title=say("dq_cost_weight")),
                alt.Color(
                    "reason:N",
                    scale=alt.Scale(
                        domain=[say("reason_NO_DATA"), say("reason_SMALL_SAMPLE")],
                        range=[charts.LOSS, charts.GAIN],
                    ),
                ),
                tooltip=[
                    alt.Tooltip("name:N", title=say("kpi")),
                    alt.Tooltip("reason:N", title=say("reason")),
                    alt.Tooltip("figures:Q", title=say("dq_cost_dealers")),
                    alt.Tooltip("weight:Q", title=say("dq_cost_weight")),
                ],
            ),
            say,
            30 * max(len(_order), 3),
        )
    _month = last_month if _missing.empty else _missing["score_month"].iloc[0]
    page.section(
        say("dq_cost_title"),
        say("dq_cost_intro", month=say.month(_month)),
        _shown,
        say(
            "dq_cost_rows",
            quarantined=say.number(_rows["quarantined"]),
            delivered=say.number(_rows["delivered"]),
            files=say.number(_rows["files"]),
        ),
    )
    return


@app.cell
def _(dealer_choice, publication, say):
    _needs = publication.rows(
        """
        select
            course_code,
            any_value(course_name) as course_name,
            any_value(quality_dimension) as quality_dimension,
            count(*) as dealers,
            sum(rules_below_target)::bigint as rules_below_target,
            sum(affected_rows)::bigint as affected_rows,
            sum(untrained_staff)::bigint as untrained_staff
        from mart_academy_needs
        where $dealer_id = '' or dealer_id = $dealer_id
        group by course_code
        order by affected_rows desc, rules_below_target desc, untrained_staff desc, course_code
        """,
        dealer_id=dealer_choice.value,
    )
    _texts = [say("dq_course"), say("dq_dimension")]
    _shown = (
        say("dq_help_none")
        if _needs.empty
        else page.table(
            {
                say("dq_priority"): pd.Series(range(1, len(_needs) + 1)).map(say.number),
                say("dq_course"): _needs["course_name"].fillna(_needs["course_code"]),
                say("dq_dimension"): _needs["quality_dimension"].map(
                    lambda d: say(f"dimension_{d}")
                ),
                say("dq_rules_below"): _needs["rules_below_target"].map(say.number),
                say("dq_affected"): _needs["affected_rows"].map(say.number),
                say("dq_untrained"): _needs["untrained_staff"].map(say.number),
                say("dq_dealers"): _needs["dealers"].map(say.number),
            },
            texts=_texts,
        )
    )
    page.section(say("dq_help_title"), say("dq_help_intro"), _shown)
    return


@app.cell
def _(publication, say):
    _effects = publication.rows(
        """
        select
            coalesce(course_name, course_code) as course,
            quality_dimension,
            trained_dealers,
            100 * effect as effect,
            100 * ci_low as ci_low,
            100 * ci_high as ci_high
        from mart_academy_effect
        where effect is not null
        order by effect desc, course_code
        """
    )

    def _points(value):
        return say.number(value, 2, is_signed=True)

    if _effects.empty:
        _shown = say("dq_after_none")
    else:
        _said = _effects.assign(
            name=charts.wrapped(_effects["course"]),
            dimension=_effects["quality_dimension"].map(lambda d: say(f"dimension_{d}")),
            said=_effects["effect"].map(_points),
            reach=_effects["ci_low"].map(_points) + " … " + _effects["ci_high"].map(_points),
        )
        _base = alt.Chart(charts.data(_said)).encode(
            charts.name_axis("name", _said["name"]),
            tooltip=[
                alt.Tooltip("course:N", title=say("dq_course")),
                alt.Tooltip("dimension:N", title=say("dq_dimension")),
                alt.Tooltip("said:N", title=say("dq_effect")),
                alt.Tooltip("reach:N", title=say("dq_range")),
                alt.Tooltip("trained_dealers:Q", title=say("dq_trained_dealers")),
            ],
        )
        _forest = alt.layer(
            alt.Chart(charts.data(pd.DataFrame({"zero": [0]})))
            .mark_rule(color=charts.CONTEXT)
            .encode(alt.X("zero:Q")),
            _base.mark_rule(strokeWidth=3, color=charts.GAIN).encode(
                alt.X("ci_low:Q", title=say("dq_after_axis")), alt.X2("ci_high:Q")
            ),
            _base.mark_circle(size=110, color=charts.OWN, opacity=1).encode(alt.X("effect:Q")),
        )
        _shown = charts.dressed(_forest, say, 40 * max(len(_said), 3))
    page.section(say("dq_after_title"), say("dq_after_intro"), _shown)
    return


@app.cell
def _(dealer_choice, publication, say):
    mo.stop(not dealer_choice.value)
    _history = publication.rows(
        """
        select
            month,
            dimension,
            sum(passed_rows) / sum(checked_rows) as pass_rate,
            max(last_course_on) as last_course_on
        from mart_data_quality
        where dealer_id = $dealer_id
        group by month, dimension
        order by month, dimension
        """,
        dealer_id=dealer_choice.value,
    )
    _history = _history.assign(
        dimension=_history["dimension"].map(lambda d: say(f"dimension_{d}")),
        said=_history["month"].map(say.month),
    )
    _completed = _history.dropna(subset="last_course_on").drop_duplicates(
        ["dimension", "last_course_on"]
    )
    _completed = _completed.assign(
        month=pd.to_datetime(_completed["last_course_on"]).dt.to_period("M").dt.to_timestamp()
    )
    _colour = alt.Color(
        "dimension:N",
        scale=alt.Scale(domain=[say(f"dimension_{d}") for d in DIMENSIONS], range=COLOURS),
    )
    _lines = alt.layer(
        alt.Chart(charts.data(_history))
        .mark_line(point=True, strokeWidth=2)
        .encode(
            charts.month_axis("month", say("month")),
            alt.Y(
                "pass_rate:Q",
                title=say("dq_passed"),
                scale=alt.Scale(zero=False),
                axis=alt.Axis(format="~%"),
            ),
            _colour,
            tooltip=[
                alt.Tooltip("said:N", title=say("month")),
                alt.Tooltip("dimension:N", title=say("dq_dimension")),
                alt.Tooltip("pass_rate:Q", title=say("dq_passed"), format=".1%"),
            ],
        ),
        alt.Chart(charts.data(_completed[["month", "dimension"]]))
        .mark_rule(strokeDash=[4, 4], strokeWidth=1.5)
        .encode(charts.month_axis("month", say("month")), _colour),
    )
    mo.vstack(
        [
            page.paragraph(say.html("dq_after_dealer", dealer=dealer_choice.selected_key or "")),
            charts.dressed(_lines, say, 300),
        ]
    )
    return


@app.cell
def _(publication, say):
    _rollouts = publication.rows(
        "select * from mart_rollout_duration order by system_code, is_trained desc"
    )
    mo.stop(_rollouts.empty)
    _said = _rollouts.assign(
        trained=_rollouts["is_trained"].map(lambda t: say(f"dq_is_trained_{str(bool(t)).lower()}"))
    )
    page.section(
        say("dq_rollout_title"),
        say("dq_rollout_intro"),
        page.table(
            {
                say("dq_system"): _said["system_code"],
                "": _said["trained"],
                say("dq_rollouts"): _said["rollouts"].map(say.number),
                say("dq_median_days"): _said["median_days"].map(say.number),
                say("dq_reduction"): _said["reduction_rate"].map(say.percent),
                say("dq_range"): [
                    "–" if pd.isna(low) else f"{say.percent(low)} … {say.percent(high)}"
                    for low, high in zip(_said["ci_low"], _said["ci_high"], strict=True)
                ],
            },
            texts=[say("dq_system"), ""],
        ),
    )
    return


@app.cell
def _(publication, say):
    _ready = publication.rows("select * from mart_it_readiness_summary order by month")
    mo.stop(_ready.empty)
    _said = _ready.assign(said=_ready["month"].map(say.month))
    _chart = alt.layer(
        alt.Chart(charts.data(_said))
        .mark_line(color=charts.OWN, strokeWidth=2, point=True)
        .encode(
            charts.month_axis("month", say("month")),
            alt.Y(
                "not_ready_rate:Q",
                title=say("dq_not_ready"),
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="~%"),
            ),
            tooltip=[
                alt.Tooltip("said:N", title=say("month")),
                alt.Tooltip("not_ready_rate:Q", title=say("dq_not_ready"), format=".1%"),
                alt.Tooltip("dealers:Q", title=say("dq_dealers")),
            ],
        ),
        alt.Chart(charts.data(_said.tail(1)))
        .mark_rule(color=charts.LOSS, strokeDash=[5, 4])
        .encode(alt.Y("claimed_rate:Q")),
    )
    page.section(
        say("dq_ready_title"),
        say("dq_ready_intro", claim=say.percent(_ready["claimed_rate"].iloc[-1], 0)),
        charts.dressed(_chart, say, 240),
    )
    return


@app.cell
def _(say):
    # a page that came by http must not open files: paths to copy, not links
    _docs = Settings.from_env().docs
    _pages = {"rules": _docs / "rules.html", "quality": _docs / "quality" / "index.html"}
    _are_made = all(path.is_file() for path in _pages.values())
    page.section(
        say("dq_docs_title"),
        page.paragraph(say.html("dq_docs", **_pages)),
        page.paragraph(say.html("dq_docs_made" if _are_made else "dq_docs_missing")),
    )
    return


@app.cell
def _(publication, say):
    page.freshness(
        publication,
        say,
        "mart_data_quality",
        "mart_academy_needs",
        "mart_academy_summary",
        "mart_academy_effect",
        "mart_rollout_duration",
        "mart_it_readiness_summary",
    )
    return


if __name__ == "__main__":
    app.run()
