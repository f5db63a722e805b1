"""A top partner's weekly review: findings, agreements, contract; and who met in the network."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Weekly review", css_file="style.css")

with app.setup:
    from datetime import date, timedelta
    from html import escape

    import altair as alt
    import marimo as mo
    import pandas as pd

    from notebooks import charts, page, reviews
    from notebooks.investments import if_held, total
    from orchestration.calculations.findings import KINDS
    from orchestration.language import LANGUAGES, Language
    from orchestration.review.contracts import as_of, is_open, is_plan_missing, judged, told
    from orchestration.review.figures import GROUPS, add_figures
    from orchestration.review.reported import (
        COUNTED,
        is_reported,
        missing_reports,
        newest_reported,
        reported_until,
    )

    CAPTIONS = {
        "ORDERS": "review_chart_bars",
        "REGISTRATIONS": "review_chart_bars",
        "COMPLAINTS": "review_chart_bars",
        "CSI": "review_chart_line",
        "PENETRATION": "review_chart_quarters",
        "EV_SHARE": "review_chart_quarters",
        "OPEN_ACTIONS": "review_chart_actions",
    }


@app.function
def in_language(say, both):
    """What a text of the review's pages says in the chosen language."""
    return both.texts[list(LANGUAGES).index(say.code)]


@app.function
def week_text(say, monday):
    """KW 3/2026 (12.01.2026 - 18.01.2026)."""
    year, week, _ = monday.isocalendar()
    return say(
        "week_of",
        week=week,
        year=year,
        first=say.day(monday),
        last=say.day(monday + timedelta(days=6)),
    )


@app.function
def quarter_text(say, row):
    """3/2025, Q3 2025."""
    start = row["quarter_start"]
    return say("review_quarter_of", quarter=(start.month + 2) // 3, year=start.year)


@app.function
def mark(verdict, say):
    """Whether the finding is good news or bad, as shape, colour and word."""
    if not verdict:
        return ""
    light, shape, word = ("good", "▲", "week_good") if verdict > 0 else ("late", "▼", "week_bad")
    return (
        f'<span class="pw-light pw-light-{light}"><i aria-hidden="true">{shape}</i> '
        f"{escape(say(word))}</span>"
    )


@app.function
def weeks_chart(history, finding, say, mondays):
    """The last weeks of a finding: bars of counts, lines of all else; a tick or a dashed line is
    what each week is compared with."""
    rows = [row for row in history if row["finding_code"] == finding]
    shown = add_figures(pd.DataFrame(rows, dtype=object)).to_dict("records") if rows else []
    scale = 100 if KINDS[finding].unit == "RATE" else 1
    order = [str(monday.isocalendar().week) for monday in mondays]
    chart_data = charts.data(
        pd.DataFrame(
            {
                "week": [str(row["iso_week"]) for row in shown],
                "value": [float(row["value"] * scale) for row in shown],
                "before": [
                    None
                    if row["comparison_value"] is None
                    else float(row["comparison_value"] * scale)
                    for row in shown
                ],
                "figure": [in_language(say, row["figure"]) for row in shown],
                "compared": [in_language(say, row["before"]) for row in shown],
                "is_now": [reviews.monday_of(row) == mondays[-1] for row in shown],
            }
        )
    )
    x = alt.X(
        "week:O",
        title=say("week_axis"),
        scale=alt.Scale(domain=order),
        axis=alt.Axis(labelAngle=0),
    )
    is_bars = KINDS[finding].unit == "COUNT"
    y = {
        "title": None,
        "scale": alt.Scale(zero=is_bars, nice=True),
        "axis": alt.Axis(tickCount=4, **({"tickMinStep": 1, "format": ",d"} if is_bars else {})),
    }
    base = alt.Chart(chart_data).encode(
        x,
        tooltip=[
            alt.Tooltip("week:O", title=say("week_axis")),
            alt.Tooltip("figure:N", title=say.code_text("review_name", finding)),
            alt.Tooltip("compared:N", title=say(f"week_against_{rows[0]['comparison']}")),
        ],
    )
    value, before = alt.Y("value:Q", **y), alt.Y("before:Q", **y)
    if is_bars:
        layers = [
            base.mark_bar(size=16).encode(
                value,
                color=alt.condition("datum.is_now", alt.value(charts.OWN), alt.value("#b9d3ec")),
            ),
            base.mark_tick(color=charts.INK, thickness=2, size=22, orient="horizontal").encode(
                before
            ),
        ]
    else:
        layers = [
            base.mark_line(color=charts.CONTEXT, strokeDash=[5, 4], strokeWidth=2).encode(before),
            base.mark_line(
                color=charts.OWN, strokeWidth=2.5, point=alt.OverlayMarkDef(size=36)
            ).encode(value),
        ]
    titled = page.paragraph(
        f"<b>{escape(say.code_text('review_name', finding))}</b>"
        f"{' (%)' if scale == 100 else ''}<br>" + escape(say(CAPTIONS[finding]))
    )
    return mo.vstack([titled, charts.dressed(alt.layer(*layers), say, 150)])


@app.function
def meetings_chart(meetings, names, say, mondays):
    """Partners by the last weeks: met or not, or not reported yet."""
    kinds = {
        say("week_met"): charts.OWN,
        say("week_not_met"): "#f2c9a8",
        say("week_not_reported"): charts.FAINT,
    }
    met, missed, unknown = kinds
    rows = pd.DataFrame(
        {
            "who": [names[row["dealer_id"], row["brand_code"]] for row in meetings],
            "week": [str(row["iso_week"]) for row in meetings],
            "kind": [
                met if row["is_met"] else missed if row["is_reported"] else unknown
                for row in meetings
            ],
        }
    ).assign(who=lambda frame: charts.wrapped(frame["who"]))
    order = list(dict.fromkeys(charts.wrapped(pd.Series(list(names.values())))))
    chart = (
        alt.Chart(charts.data(rows))
        .mark_rect(stroke="#fff", strokeWidth=3)
        .encode(
            alt.X(
                "week:O",
                title=say("week_axis"),
                scale=alt.Scale(domain=[str(monday.isocalendar().week) for monday in mondays]),
                axis=alt.Axis(labelAngle=0),
            ),
            charts.name_axis("who", order),
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=list(kinds), range=list(kinds.values()))
            ),
            tooltip=[
                alt.Tooltip("who:N", title=say("dealer")),
                alt.Tooltip("week:O", title=say("week_axis")),
                alt.Tooltip("kind:N", title=" "),
            ],
        )
    )
    return charts.dressed(chart, say, 48 * len(order) + 20)


@app.function
def pressure_chart(months, say):
    """Requirements in force at each month's end."""
    rows = pd.DataFrame(
        {
            "month": [pd.Timestamp(row["month"]) for row in months],
            "month_text": [say.month(row["month"]) for row in months],
            "value": [row["active_requirements"] for row in months],
            "cost": [say.euro(row["cost_per_dealer_eur"]) for row in months],
        }
    )
    chart = (
        alt.Chart(charts.data(rows))
        .mark_area(
            color=charts.OWN, opacity=0.2, line={"color": charts.OWN}, interpolate="step-after"
        )
        .encode(
            alt.X(
                "month:T",
                title=None,
                scale=alt.Scale(type="utc"),
                axis=alt.Axis(format="%Y", tickCount="year", grid=False),
            ),
            alt.Y(
                "value:Q",
                title=say("week_requirements"),
                scale=alt.Scale(nice=True),
                axis=alt.Axis(tickCount=5, tickMinStep=1, format=",d"),
            ),
            tooltip=[
                alt.Tooltip("month_text:N", title=say("month")),
                alt.Tooltip("value:Q", title=say("week_requirements")),
                alt.Tooltip("cost:N", title=say("week_requirement_cost")),
            ],
        )
    )
    return charts.dressed(chart, say, 190)


@app.function
def pulse_chart(waves, say):
    """Share of the dealers that report more requirements, with its 95 % interval."""
    rows = pd.DataFrame(
        {
            "month": [say.month(row["month"]) for row in waves],
            "value": [float(row["pulse_rate"] * 100) for row in waves],
            "low": [float(row["pulse_ci_low"] * 100) for row in waves],
            "high": [float(row["pulse_ci_high"] * 100) for row in waves],
            "text": [pulse_text(say, row) for row in waves],
        }
    )
    y = {"title": say("week_pulse_axis"), "scale": alt.Scale(domain=[0, 100])}
    base = alt.Chart(charts.data(rows)).encode(
        alt.X("month:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        tooltip=[
            alt.Tooltip("month:N", title=say("month")),
            alt.Tooltip("text:N", title=say("week_pulse")),
        ],
    )
    chart = alt.layer(
        base.mark_rule(color=charts.CONTEXT, strokeWidth=2).encode(
            alt.Y("low:Q", **y), alt.Y2("high:Q")
        ),
        base.mark_circle(color=charts.OWN, size=80, opacity=1).encode(alt.Y("value:Q", **y)),
    )
    return charts.dressed(chart, say, 190)


@app.function
def pulse_text(say, row):
    """8 of 12 (66.7 %; 95 % interval 39.1 to 86.2 %)."""
    return say(
        "week_pulse_of",
        part=row["pulse_increased"],
        whole=row["pulse_answers"],
        rate=say.percent(row["pulse_rate"]),
        low=say.percent(row["pulse_ci_low"]),
        high=say.percent(row["pulse_ci_high"]),
    )


@app.function
def levels_chart(quarters, say):
    """Contracts with an open escalation by level, at the end of each quarter's span."""
    levels = {1: "#f2c9a8", 2: "#e08a55", 3: "#a3401a"}
    names = {level: say("week_level", level=level) for level in levels}
    rows = pd.DataFrame(
        [
            {
                "position": position,
                "quarter": quarter_text(say, {"quarter_start": start}),
                "level": names[level],
                "order": level,
                "count": sum(is_open(row) and row["level"] == level for row in rows),
            }
            for position, (start, rows) in enumerate(sorted(quarters.items()))
            for level in levels
        ]
    )
    chart = (
        alt.Chart(charts.data(rows))
        .mark_bar(size=22)
        .encode(
            alt.X(
                "quarter:O",
                sort=alt.EncodingSortField("position"),
                title=say("review_quarter"),
                axis=alt.Axis(labelAngle=0),
            ),
            alt.Y(
                "count:Q",
                title=say("week_contracts_axis"),
                scale=alt.Scale(nice=True),
                axis=alt.Axis(tickCount=5, tickMinStep=1, format=",d"),
            ),
            order="order:O",
            color=alt.Color(
                "level:N",
                scale=alt.Scale(domain=list(names.values()), range=list(levels.values())),
            ),
            tooltip=[
                alt.Tooltip("quarter:O", title=say("review_quarter")),
                alt.Tooltip("level:N", title=" "),
                alt.Tooltip("count:Q", title=say("week_contracts_axis")),
            ],
        )
    )
    return charts.dressed(chart, say, 200)


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
    page.head(say("week_title"), say("week_subtitle"), language_choice)
    return


@app.cell
def _(say):
    publication = page.opened_or_stopped(say)
    _lacking = publication.lacks("mart_weekly_review")
    mo.stop(_lacking, page.notice(say.html("week_nothing", tables=", ".join(_lacking))))
    reported = reported_until(publication)
    return publication, reported


@app.cell
def _(publication):
    discipline = if_held(publication, "mart_dialogue_discipline", reviews.DISCIPLINE)
    partners = reviews.most_pressing(
        publication.records(reviews.PARTNERS),
        if_held(
            publication,
            "mart_escalations",
            "select dealer_id, brand_code, quarter_start, level, status from mart_escalations",
        ),
        discipline,
    )
    return discipline, partners


@app.cell
def _(address, partners, say):
    partner_choice = address.select(
        "dealer",
        say("week_partner"),
        {f"{row['dealer_name']} ({row['dealer_id']})": row["dealer_id"] for row in partners},
    )
    return (partner_choice,)


@app.cell
def _(address, partner_choice, partners, say):
    brand_choice = address.select(
        "brand",
        say("brand"),
        {
            row["brand_code"]: row["brand_code"]
            for row in partners
            if row["dealer_id"] == partner_choice.value
        },
    )
    return (brand_choice,)


@app.cell
def _(brand_choice, partner_choice):
    who = {"dealer_id": partner_choice.value, "brand_code": brand_choice.value}
    return (who,)


@app.cell
def _(address, publication, reported, say, who):
    _mondays = [reviews.monday_of(row) for row in publication.records(reviews.WEEKS, **who)]
    _first = newest_reported(_mondays, reported.get((who["dealer_id"], who["brand_code"])))
    # in order of time, the newest one that was reported being offered at first
    _asked = address.among("week", _mondays, _first)
    week_choice = mo.ui.dropdown(
        {week_text(say, monday): monday for monday in _mondays},
        value=week_text(say, _asked),
        label=say("week_week"),
        allow_select_none=False,
        on_change=address.remember("week"),
    )
    return (week_choice,)


@app.cell
def _(brand_choice, partner_choice, week_choice):
    page.choices(partner_choice, brand_choice, week_choice)
    return


@app.cell
def _(week_choice):
    monday = week_choice.value
    return (monday,)


@app.cell
def _(monday, partners, publication, reported, say, who):
    until = monday + timedelta(days=6)
    mondays = [monday - timedelta(weeks=ago) for ago in reversed(range(reviews.WEEKS_SHOWN))]
    history = publication.records(reviews.FINDINGS, **who, **reviews.last_weeks(monday))
    _now = [row for row in history if reviews.monday_of(row) == monday]
    findings = {
        row["finding_code"]: row
        for row in (
            add_figures(pd.DataFrame(_now, dtype=object)).to_dict("records") if _now else []
        )
    }
    partner = next(
        (
            row
            for row in partners
            if (row["dealer_id"], row["brand_code"]) == (who["dealer_id"], who["brand_code"])
        ),
        None,
    )
    gap = missing_reports(say, monday, reported.get((who["dealer_id"], who["brand_code"])))
    actions = if_held(publication, "fct_action", reviews.ACTIONS, **who, until=until)
    escalations = if_held(publication, "mart_escalations", reviews.ESCALATIONS, **who, until=until)
    contracts = judged(escalations, until)
    return actions, contracts, escalations, findings, gap, history, mondays, partner, until


@app.cell
def _(actions, contracts, findings, gap, monday, partner, say, until):
    mo.stop(not findings, page.notice(say.html("week_no_findings")))

    def _tile(code):
        row = findings.get(code)
        if row is None:
            return say.code_text("review_name", code), say.number(None), say("week_no_figure")
        return (
            say.code_text("review_name", code),
            in_language(say, row["figure"]),
            say(
                "week_compared",
                against=say(f"week_against_{row['comparison']}"),
                figure=in_language(say, row["before"]),
            ),
        )

    _overdue = sum(row["due_on"] is not None and row["due_on"] < until for row in actions)
    _worst = max(contracts, key=lambda row: row["level"] if is_open(row) else 0, default=None)
    _level = _worst["level"] if _worst and is_open(_worst) else 0
    _dealer = say("week_head", dealer=partner["dealer_name"], brand=partner["brand_code"])
    mo.vstack(
        [
            page.section(_dealer, week_text(say, monday)),
            *([page.block(escape(gap), "notice pw-warning")] if gap else []),
            page.tiles(*(_tile(code) for code in ("ORDERS", "REGISTRATIONS", "QUARTER_TARGET"))),
            page.tiles(
                _tile("CSI"),
                (
                    say("review_actions"),
                    say.number(len(actions)),
                    say("week_overdue_of", count=say.number(_overdue)),
                ),
                (
                    say("week_escalation"),
                    say("week_level", level=_level) if _level else say("week_level_none"),
                    say("week_escalation_note", quarter=quarter_text(say, _worst))
                    if _worst
                    else say("week_not_judged"),
                ),
            ),
        ]
    )
    return


@app.cell
def _(findings, gap, history, mondays, say):
    mo.stop(not findings)

    _charts = {
        "SALES": ("ORDERS", "REGISTRATIONS"),
        "CUSTOMERS": ("COMPLAINTS", "CSI"),
        "MARKET": ("PENETRATION", "EV_SHARE"),
        "AGREEMENTS": ("OPEN_ACTIONS",),
    }
    _held = {row["finding_code"] for row in history}

    def _group(group):
        said = [
            f"{mark(0 if gap and code in COUNTED else findings[code]['verdict'], say)} "
            + escape(findings[code][f"finding_text_{say.code}"])
            for code in GROUPS[group]
            if code in findings
        ]
        drawn = [
            weeks_chart(history, code, say, mondays) for code in _charts[group] if code in _held
        ]
        return page.section(
            say(f"review_group_{group}"),
            page.bullets(said) if said else say("review_nothing_said"),
            *([page.side_by_side(*drawn)] if drawn else []),
        )

    mo.vstack([_group(group) for group in GROUPS])
    return


@app.cell
def _(findings, say):
    mo.stop(not findings)

    _rows = [findings[code] for codes in GROUPS.values() for code in codes if code in findings]
    page.section(
        say("review_figures"),
        page.table(
            {
                say("review_figure"): [
                    say.code_text("review_name", row["finding_code"]) for row in _rows
                ],
                say("week_this"): [in_language(say, row["figure"]) for row in _rows],
                say("review_comparison"): [in_language(say, row["before"]) for row in _rows],
                say("review_with"): [in_language(say, row["against"]) for row in _rows],
                say("review_change"): [in_language(say, row["change"]) for row in _rows],
            },
            texts=[say("review_figure"), say("review_with")],
        ),
    )
    return


@app.cell
def _(actions, publication, say, until):
    _has_actions = not publication.lacks("fct_action")

    def _due(row):
        if row["due_on"] is None:
            return say("week_no_due")
        if row["due_on"] < until:
            return say("week_overdue", day=say.day(row["due_on"]))
        return say.day(row["due_on"])

    page.section(
        say("review_actions"),
        *(
            [
                say("week_actions_how", day=say.day(until)),
                page.table(
                    {
                        say("review_action"): [row["title"] for row in actions],
                        say("review_owner"): [
                            say.code_text("side", row["owner"]) for row in actions
                        ],
                        say("review_due"): [_due(row) for row in actions],
                        say("review_raised"): [say.day(row["raised_on"]) for row in actions],
                        say("review_decided"): [
                            say("review_undecided")
                            if row["decided_on"] is None
                            else say.day(row["decided_on"])
                            for row in actions
                        ],
                    },
                    texts=[say("review_action"), say("review_owner"), say("review_due")],
                ),
            ]
            if actions
            else [say("review_actions_none" if _has_actions else "week_actions_unknown")]
        ),
    )
    return


@app.cell
def _(contracts, escalations, say, until):
    _current = {row["contract_id"] for row in contracts}
    _quarters = [as_of(row, until) for row in escalations if row["contract_id"] in _current]
    page.section(
        say("review_escalation"),
        *(
            [
                page.bullets([escape(told(say, row, until)) for row in contracts]),
                say("week_escalation_how"),
                page.table(
                    {
                        say("review_contract"): [row["contract_id"] for row in _quarters],
                        say("review_quarter"): [quarter_text(say, row) for row in _quarters],
                        say("review_score"): [say.number(r["score_mean"], 2) for r in _quarters],
                        say("review_benchmark"): [
                            say.number(row["benchmark_score"], 2) for row in _quarters
                        ],
                        say("review_breaches"): [
                            say.number(row["breaches_in_row"]) for row in _quarters
                        ],
                        say("review_level"): [say.number(row["level"]) for row in _quarters],
                        say("review_status"): [
                            say(
                                f"escalation_{row['status']}",
                                opened=say.day(row["opened_on"]),
                                closed=say.day(row["closed_on"]),
                            )
                            for row in _quarters
                        ],
                        say("review_plan_due"): [say.day(row["due_on"]) for row in _quarters],
                    },
                    texts=[say("review_contract"), say("review_quarter"), say("review_status")],
                ),
            ]
            if contracts
            else [say("review_no_contract")]
        ),
    )
    return


@app.cell
def _(escalations, publication, say, who):
    _standards = if_held(publication, "mart_contract_standards", reviews.STANDARDS, **who)
    _waiting = reviews.waiting_standards(_standards, reviews.ended_contracts(escalations))
    _adoption = if_held(
        publication, "mart_standard_adoption", reviews.ADOPTION, brand_code=who["brand_code"]
    )

    def _why(row):
        status = row["status"]
        if status == "PENDING_WINDOW" and row["effective_on"] is None:
            status = "PENDING_OPEN"
        return say(
            f"week_standard_{status}",
            objected=say.day(row["objected_on"]),
            effective=say.day(row["effective_on"]),
        )

    page.section(
        say("week_standards_title"),
        *(
            [
                page.table(
                    {
                        say("week_standard"): [row["standard_code"] for row in _waiting],
                        say("week_why"): [_why(row) for row in _waiting],
                        say("week_version"): [row["version"] for row in _waiting],
                        say("week_in_force"): [
                            row["in_force"] or say("week_none_in_force") for row in _waiting
                        ],
                        say("review_contract"): [row["contract_id"] for row in _waiting],
                    },
                    texts=[
                        say(name)
                        for name in (
                            "week_standard",
                            "week_why",
                            "week_version",
                            "week_in_force",
                            "review_contract",
                        )
                    ],
                )
            ]
            if _waiting
            else [say("week_standards_none" if _standards else "week_standards_unknown")]
        ),
        *(
            [
                say("week_adoption_how"),
                page.table(
                    {
                        say("week_standard"): [row["standard_code"] for row in _adoption],
                        say("week_version"): [
                            row["current_version"] or say.number(None) for row in _adoption
                        ],
                        say("week_on_current"): [
                            say("of", part=row["contracts_on_current"], whole=row["contracts"])
                            for row in _adoption
                        ],
                        say("week_adoption_rate"): [
                            say.percent(row["adoption_rate"]) for row in _adoption
                        ],
                        say("week_automatic_rate"): [
                            say.percent(row["automatic_rate"]) for row in _adoption
                        ],
                    },
                    texts=[say("week_standard"), say("week_version")],
                ),
            ]
            if _adoption
            else []
        ),
    )
    return


@app.cell
def _(publication, say, who):
    _own = if_held(publication, "mart_module_adoption", reviews.MODULES, **who)
    _brand = if_held(
        publication,
        "mart_module_adoption_summary",
        reviews.BRAND_MODULES,
        brand_code=who["brand_code"],
    )
    _verdicts, _within = total(_brand, "verdict_count"), total(_brand, "within_six_count")

    def _state(row):
        status = row["status"]
        if status == "RUNNING" and row["is_within_six_months"] is False:
            status = "LATE"
        return say(
            f"week_module_{status}",
            live=say.day(row["live_on"]),
            abandoned=say.day(row["abandoned_on"]),
        )

    page.section(
        say("week_modules_title"),
        *(
            [
                say(
                    "week_modules_brand",
                    brand=who["brand_code"],
                    part=say.number(_within),
                    whole=say.number(_verdicts),
                    rate=say.percent(reviews.share_of(_within, _verdicts)),
                    cycle=say.exact(_brand[0]["planning_cycle_months"]),
                )
            ]
            if _verdicts
            else []
        ),
        *(
            [
                page.table(
                    {
                        say("week_module"): [row["module_name"] for row in _own],
                        say("review_status"): [_state(row) for row in _own],
                        say("review_decided"): [say.day(row["decided_on"]) for row in _own],
                        say("week_months_to_live"): [
                            say.number(row["months_to_live"]) for row in _own
                        ],
                        say("week_within_six"): [
                            say("week_open")
                            if row["is_within_six_months"] is None
                            else say("review_yes" if row["is_within_six_months"] else "review_no")
                            for row in _own
                        ],
                    },
                    texts=[say("week_module"), say("review_status")],
                )
            ]
            if _own
            else [say("week_modules_none")]
        ),
    )
    return


@app.cell
def _(publication, say, who):
    _months = if_held(
        publication, "mart_requirement_pressure", reviews.PRESSURE, brand_code=who["brand_code"]
    )
    mo.stop(not _months, page.section(say("week_pressure_title"), say("week_pressure_none")))

    _last = _months[-1]
    _waves = [row for row in _months if row["pulse_answers"]]
    page.section(
        say("week_pressure_title"),
        say(
            "week_pressure_now",
            month=say.month(_last["month"]),
            brand=who["brand_code"],
            count=say.number(_last["active_requirements"]),
            effort=say.number(_last["effort_days"], 1),
            cost=say.euro(_last["cost_per_dealer_eur"]),
            change=say("week_change_unknown")
            if _last["change_24m_rate"] is None
            else say(
                "week_change_more" if _last["change_24m_rate"] >= 0 else "week_change_less",
                rate=say.percent(abs(_last["change_24m_rate"])),
            ),
        ),
        say(
            "week_pulse_now",
            month=say.month(_waves[-1]["month"]),
            share=pulse_text(say, _waves[-1]),
        )
        if _waves
        else say("week_pulse_none"),
        page.side_by_side(
            pressure_chart(_months, say), *([pulse_chart(_waves, say)] if _waves else [])
        ),
    )
    return


@app.cell
def _(publication, say, who):
    _years = if_held(publication, "mart_misalignment_cost", reviews.COSTS, **who)
    _claim = if_held(publication, "mart_benchmark_comparison", reviews.CLAIM)
    mo.stop(not _years, page.section(say("week_cost_title_none"), say("week_cost_none")))

    _last = _years[-1]

    def _how(row, component):
        each = reviews.gross_profit_per_vehicle(row)
        return say(
            f"week_cost_how_{component}",
            hours=say.number(row["waiting_hours"], 1),
            hourly=say.euro(row["hourly_rate_eur"]),
            late=say.number(row["late_leads"]),
            closing=say.percent(row["closing_rate"]),
            profit=say.euro(each),
            misrouted=say.number(row["misrouted_cases"]),
            handling=say.euro(row["misrouting_unit_cost_eur"]),
        )

    _parts = list(reviews.COMPONENTS)
    _table = page.table(
        {
            say("week_component"): [
                *(say(f"week_cost_{part}") for part in _parts),
                say("week_cost_total"),
            ],
            say("week_cost_how", year=_last["year"]): [*(_how(_last, part) for part in _parts), ""],
            **{
                str(row["year"]): [
                    *(say.euro(row[reviews.COMPONENTS[part][2]]) for part in _parts),
                    say.euro(row["total_cost_eur"]),
                ]
                for row in _years
            },
        },
        texts=[say("week_component"), say("week_cost_how", year=_last["year"])],
    )
    _measured = [row for row in _claim if row["measured_value"] is not None]
    page.section(
        say("week_cost_title", amount=say.euro(_last["total_cost_eur"]), year=_last["year"]),
        say("week_cost_intro"),
        _table,
        *(
            say(
                "week_cost_claim",
                measured=say.euro(row["measured_value"]),
                count=say.number(row["sample_count"]),
                claimed=say.euro(row["claimed_value"]),
            )
            for row in _measured
        ),
    )
    return


@app.cell
def _(discipline, monday, mondays, publication, reported, say):
    mo.stop(not discipline, page.section(say("week_network_title"), say("week_dialogue_none")))

    _names = {
        (row["dealer_id"], row["brand_code"]): f"{row['dealer_name']} ({row['brand_code']})"
        for row in discipline
    }
    _meetings = [
        row
        | {
            "is_reported": is_reported(
                reviews.monday_of(row), reported.get((row["dealer_id"], row["brand_code"]))
            )
        }
        for row in publication.records(reviews.MEETINGS, **reviews.last_weeks(monday))
        if (row["dealer_id"], row["brand_code"]) in _names
    ]
    _now = [row for row in _meetings if reviews.monday_of(row) == monday]

    def _named(is_reported):
        return "; ".join(
            _names[row["dealer_id"], row["brand_code"]]
            for row in _now
            if not row["is_met"] and row["is_reported"] == is_reported
        )

    _told = {"week": monday.isocalendar().week, "whole": len(_now)}
    _told["part"] = sum(row["is_met"] for row in _now)
    page.section(
        say("week_network_title"),
        " ".join(
            [
                say("week_network_met", **_told),
                *([say("week_network_missed", names=_named(True))] if _named(True) else []),
                *([say("week_network_unknown", names=_named(False))] if _named(False) else []),
            ]
        ),
        *([meetings_chart(_meetings, _names, say, mondays)] if _meetings else []),
        say("week_discipline_how"),
        page.table(
            {
                say("dealer"): list(_names.values()),
                say("week_weeks_met"): [
                    say("of", part=row["weeks_met"], whole=row["weeks_due"]) for row in discipline
                ],
                say("week_met_rate"): [say.percent(row["met_rate"]) for row in discipline],
                say("week_days_decision"): [
                    say.exact(row["median_days_to_decision"]) for row in discipline
                ],
                say("week_days_done"): [
                    say.exact(row["median_days_to_done"]) for row in discipline
                ],
                say("week_actions_open"): [say.number(row["actions_open"]) for row in discipline],
                say("week_overdue_OEM"): [say.number(row["overdue_oem"]) for row in discipline],
                say("week_overdue_PARTNER"): [
                    say.number(row["overdue_partner"]) for row in discipline
                ],
            },
            texts=[say("dealer")],
        ),
    )
    return


@app.cell
def _(publication, say, until):
    _rows = if_held(publication, "mart_escalations", reviews.NETWORK_ESCALATIONS, until=until)
    mo.stop(not _rows, page.section(say("week_levels_title_none"), say("week_levels_none")))

    _quarters = {}
    for _row in _rows:
        _quarters.setdefault(_row["quarter_start"], []).append(as_of(_row, until))
    _now = _quarters[max(_quarters)]
    _open = sorted(
        (row for row in _now if is_open(row)),
        key=lambda row: (-row["level"], row["opened_on"] or date.min, row["contract_id"]),
    )
    _counts = {level: sum(row["level"] == level for row in _open) for level in (1, 2, 3)}
    page.section(
        say(
            "week_levels_title",
            part=len(_open),
            whole=len(_now),
            **{f"level_{level}": count for level, count in _counts.items()},
        ),
        say("week_levels_how"),
        levels_chart(_quarters, say),
        *(
            [
                page.table(
                    {
                        say("dealer"): [
                            f"{row['dealer_name']} ({row['dealer_id']}, {row['brand_code']})"
                            for row in _open
                        ],
                        say("review_status"): [
                            say(
                                f"escalation_{row['status']}",
                                opened=say.day(row["opened_on"]),
                                closed=say.day(row["closed_on"]),
                            )
                            for row in _open
                        ],
                        say("review_level"): [say.number(row["level"]) for row in _open],
                        say("review_breaches"): [
                            say.number(row["breaches_in_row"]) for row in _open
                        ],
                        say("review_plan_due"): [
                            say("week_overdue", day=say.day(row["due_on"]))
                            if is_plan_missing(row, until)
                            else say.day(row["due_on"])
                            for row in _open
                        ],
                    },
                    texts=[say("dealer"), say("review_status")],
                )
            ]
            if _open
            else []
        ),
    )
    return


@app.cell
def _(publication, say):
    page.freshness(
        publication,
        say,
        "mart_weekly_review",
        "mart_dialogue_discipline",
        "mart_escalations",
        "mart_contract_standards",
        "mart_module_adoption",
        "mart_requirement_pressure",
        "mart_misalignment_cost",
    )
    return


if __name__ == "__main__":
    app.run()
