"""A dealer's business at any hour: stock, requests, leads, campaigns, and how fresh it all is."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Dealer now", css_file="style.css")

with app.setup:
    from html import escape

    import altair as alt
    import marimo as mo
    import pandas as pd

    from notebooks import charts, dealer_view, page
    from orchestration.language import Language


@app.function
def age(say, hours):
    """How long something waits: hours up to two days, days beyond."""
    if hours is None:
        return say.number(None)
    if hours < 2 * dealer_view.DAY:
        return say("now_hours", count=say.number(max(int(hours), 0)))
    return say("now_days", count=say.number(int(hours / dealer_view.DAY)))


@app.function
def light(say, kind, code):
    """A traffic light as HTML: shape, colour and word of `kind` (CASE, LEAD, FEED)."""
    word = escape(say.code_text("now", f"{kind}_{code}"))
    return (
        f'<span class="pw-light pw-light-{code.lower()}">'
        f'<i aria-hidden="true">{dealer_view.LIGHTS[code]}</i> {word}</span>'
    )


@app.function
def summary_of(say, kind, lights):
    """How often each light is on, in one line."""
    return page.block(
        "".join(
            f"<span><b>{say.number(count)}</b> {light(say, kind, code)}</span>"
            for code, count in dealer_view.counted(lights).items()
        ),
        "lights",
    )


@app.function
def cards(items):
    """What a phone shows instead of rows of a table: (light as HTML, title, texts below it)."""
    return page.block(
        "".join(
            f"<div><p><b>{escape(title)}</b>{shown}</p>"
            + "".join(f"<p>{escape(text)}</p>" for text in texts)
            + "</div>"
            for shown, title, texts in items
        ),
        "cards",
    )


@app.function
def cards_and_more(say, items, shown=6):
    """The first cards; the others can be opened."""
    rest = items[shown:]
    if not rest:
        return cards(items)
    more = escape(say("now_more", count=say.number(len(rest))))
    return page.block(
        f"{cards(items[:shown]).text}<details><summary>{more}</summary>{cards(rest).text}</details>",
        "more",
    )


@app.function
def bars(rows):
    """Bars that need no more room than a phone has: (name, light as HTML, figure, share of 1)."""
    return page.block(
        "".join(
            f"<div><span>{escape(name)} {shown}</span>"
            f'<span class="pw-bar"><i class="pw-bar-{kind}" style="width: {100 * share:.1f}%"></i>'
            f"</span><b>{escape(figure)}</b></div>"
            for name, shown, kind, figure, share in rows
        ),
        "bars",
    )


@app.function
def compact_table(columns, texts):
    """A table that a phone shows without scrolling sideways."""
    return page.block(page.table(columns, texts).text, "compact")


@app.function
def cycle_chart(months, say):
    """Mean hours from opening to resolution by the month opened."""
    rows = pd.DataFrame(
        {
            "month": [pd.Timestamp(row["opened_month"]) for row in months],
            "month_text": [say.month(row["opened_month"]) for row in months],
            "value": [row["mean_hours"] for row in months],
            "text": [age(say, row["mean_hours"]) for row in months],
            "opened": [say.number(row["opened_count"]) for row in months],
            "open": [say.number(row["open_count"]) for row in months],
            "backlog": [say.number(row["backlog_count"]) for row in months],
        }
    )
    chart = (
        alt.Chart(charts.data(rows))
        .mark_line(color=charts.OWN, strokeWidth=2.5, point=alt.OverlayMarkDef(size=45))
        .encode(
            charts.month_axis("month", None),
            alt.Y("value:Q", title=say("now_hours_axis"), axis=alt.Axis(tickCount=5)),
            tooltip=[
                alt.Tooltip("month_text:N", title=say("month")),
                alt.Tooltip("text:N", title=say("now_mean")),
                alt.Tooltip("opened:N", title=say("now_opened")),
                alt.Tooltip("open:N", title=say("now_still_open")),
                alt.Tooltip("backlog:N", title=say("now_backlog")),
            ],
        )
    )
    return charts.dressed(chart, say, 220)


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
    page.block(page.head(say("now_title"), say("now_subtitle"), language_choice).text, "touch")
    return


@app.cell
def _(say):
    publication = page.opened_or_stopped(say)
    mo.stop(publication.lacks("mart_dealer_now"), page.notice(say.html("now_nothing")))
    return (publication,)


@app.cell
def _(publication):
    now_rows = publication.records(dealer_view.NOW)
    as_of = dealer_view.as_of(publication)
    return as_of, now_rows


@app.cell
def _(address, as_of, now_rows, say):
    _options = {f"{row['dealer_name']} ({row['dealer_id']})": row["dealer_id"] for row in now_rows}
    _chosen = address.among(
        "dealer", _options.values(), dealer_view.most_to_see(now_rows, as_of)["dealer_id"]
    )
    dealer_choice = mo.ui.dropdown(
        _options,
        value=next(text for text, value in _options.items() if value == _chosen),
        label=say("dealer"),
        allow_select_none=False,
        on_change=address.remember("dealer"),
    )
    return (dealer_choice,)


@app.cell
def _(address, as_of, dealer_choice, now_rows, say):
    _own = [row for row in now_rows if row["dealer_id"] == dealer_choice.value]
    _chosen = address.among(
        "brand",
        [row["brand_code"] for row in _own],
        dealer_view.most_to_see(_own, as_of)["brand_code"],
    )
    brand_choice = mo.ui.dropdown(
        [row["brand_code"] for row in _own],
        value=_chosen,
        label=say("brand"),
        allow_select_none=False,
        on_change=address.remember("brand"),
    )
    return (brand_choice,)


@app.cell
def _(brand_choice, dealer_choice):
    page.block(page.choices(dealer_choice, brand_choice).text, "touch")
    return


@app.cell
def _(brand_choice, dealer_choice):
    who = {"dealer_id": dealer_choice.value, "brand_code": brand_choice.value}
    return (who,)


@app.cell
def _(as_of, now_rows, publication, who):
    now = next(row for row in now_rows if who.items() <= row.items())
    window = dealer_view.recent(as_of)
    cases = publication.records(dealer_view.CASES, **who)
    received = [row for row in cases if row["is_received"]]
    leads = publication.records(dealer_view.LEADS, **who)
    unanswered = [row for row in leads if not row["is_answered"]]
    feeds = [
        row
        | {
            "light": "BREACHED"
            if row["last_delivered_at"] is None
            else dealer_view.feed_light(row["days_since"], row["usual_days"])
        }
        for row in publication.records(dealer_view.FEEDS, dealer_id=who["dealer_id"])
    ]
    return cases, feeds, leads, now, received, unanswered, window


@app.cell
def _(as_of, feeds, now, say):
    # how old everything on this page is, before any figure
    _newest = max(
        (row["last_delivered_at"] for row in feeds if row["last_delivered_at"]), default=None
    )
    _hours = None if _newest is None else (as_of - _newest).total_seconds() / 3600
    _lines = [
        say.html("now_data_none", as_of=say.instant(as_of))
        if _newest is None
        else say.html(
            "now_data_as_of",
            delivered=say.instant(_newest),
            age=age(say, _hours),
            as_of=say.instant(as_of),
        )
    ]
    if _hours is not None and _hours > dealer_view.WEEK:
        _lines.append(say.html("now_data_old"))
    if now["data_as_of"] is None and _newest is not None:
        _lines.append(say.html("now_data_hub"))
    if dealer_view.is_closed(now, as_of):
        _lines.append(say.html("now_closed", day=say.day(now["closed_on"])))
    page.notice("<br>".join(_lines))
    return


@app.cell
def _(cases, feeds, now, received, say, unanswered):
    # what presses, in sentences; each has its light
    _breached = [row for row in received if row["is_breached"]]
    _strayed = [row for row in received if not row["is_responsible"]]
    _elsewhere = [row for row in cases if not row["is_received"]]
    _late = [row for row in feeds if row["light"] in ("LATE", "BREACHED")]
    _items = []
    if _breached:
        _items.append(
            light(say, "CASE", "BREACHED")
            + say.html(
                "now_look_breached",
                count=say.number(len(_breached)),
                whole=say.number(len(received)),
                age=age(say, max(row["age_hours"] for row in _breached)),
            )
        )
    if unanswered:
        _items.append(
            light(say, "LEAD", dealer_view.age_light(unanswered[0]["age_hours"]))
            + say.html(
                "now_look_lead",
                count=say.number(len(unanswered)),
                age=age(say, unanswered[0]["age_hours"]),
            )
        )
    if now["units_over_90_days"]:
        _items.append(
            light(say, "STOCK", "LATE" if now["units_over_180_days"] else "WATCH")
            + say.html(
                "now_look_stock",
                count=say.number(now["units_over_90_days"]),
                older=say.number(now["units_over_180_days"]),
            )
        )
    if _strayed or _elsewhere:
        _items.append(
            light(say, "ROUTE", "WATCH")
            + say.html(
                "now_look_strayed",
                strayed=say.number(len(_strayed)),
                elsewhere=say.number(len(_elsewhere)),
            )
        )
    if _late:
        _items.append(
            light(say, "FEED", "LATE")
            + say.html(
                "now_look_feeds",
                feeds=", ".join(say.code_text("now_feed", row["feed"]) for row in _late),
            )
        )
    page.section(say("look_title"), page.bullets(_items or [say.html("now_look_nothing")]))
    return


@app.cell
def _(now, publication, say, who):
    # stock
    _has_stock = now["stock_snapshot_on"] is not None
    _counts = {
        row["age_class"]: row["unit_count"] for row in publication.records(dealer_view.STOCK, **who)
    }
    _most = max(_counts.values(), default=0)
    _bars = [
        (
            say(f"now_age_{name}"),
            ""
            if dealer_view.class_light(name) in ("GOOD", "UNKNOWN") or not _counts.get(name)
            else light(say, "STOCK", dealer_view.class_light(name)),
            dealer_view.class_light(name).lower(),
            say.number(_counts.get(name, 0)),
            _counts.get(name, 0) / _most if _most else 0,
        )
        for name in dealer_view.AGE_CLASSES
        if name != "UNKNOWN" or name in _counts
    ]
    _oldest = [
        (
            light(say, "STOCK", "LATE" if row["stock_age_days"] > 180 else "WATCH"),
            row["model_name"] or row["vin"],
            [
                say("now_unit_age", count=say.number(row["stock_age_days"])),
                say("now_unit", vin=row["vin"], day=say.day(row["in_stock_since"])),
            ],
        )
        for row in publication.records(dealer_view.OLDEST_UNITS, **who)
    ]
    _figures = page.tiles(
        (
            say("now_in_stock"),
            say.number(now["in_stock_units"]),
            say(
                "now_in_stock_note",
                transit=say.number(now["in_transit_units"]),
                demo=say.number(now["demo_units"]),
            ),
        ),
        (
            say("now_over_90"),
            say.number(now["units_over_90_days"]),
            say("now_over_180", count=say.number(now["units_over_180_days"])),
        ),
        (
            say("now_median_age"),
            say.value(now["median_stock_age_days"], "DAYS"),
            say("now_median_age_note"),
        ),
        (
            say("now_stock_days"),
            say.value(now["stock_days"], "DAYS"),
            say("now_stock_days_note"),
        ),
    )
    page.section(
        say("now_stock_title"),
        *(
            [
                say("now_stock_of", day=say.day(now["stock_snapshot_on"])),
                _figures,
                page.side_by_side(
                    bars(_bars) if _counts else page.notice(say.html("now_stock_empty")),
                    cards_and_more(say, _oldest, shown=3)
                    if _oldest
                    else page.paragraph(say.html("now_none_old")),
                ),
            ]
            if _has_stock
            else [page.notice(say.html("now_no_stock"))]
        ),
    )
    return


@app.cell
def _(cases, now, publication, received, say, who, window):
    # open requests
    _routed = publication.records(dealer_view.ROUTED, **who, **window)[0]
    _measured = {
        row["case_type"]
        for row in publication.records(dealer_view.MEASURED_KINDS, brand_code=who["brand_code"])
    }
    _unmeasured = sorted({row["case_type"] for row in cases} - _measured)
    _has_levels = bool(publication.records(dealer_view.HAS_SERVICE_LEVELS))

    def _way(row):
        if not row["is_received"]:
            return say("now_way_ELSEWHERE", dealer=row["receiver_name"])
        if row["is_responsible"]:
            return say("now_way_AMBIGUOUS" if row["is_ambiguous"] else "now_way_OWN")
        if row["rule_id"] is None:
            return say("now_way_OEM")
        return say("now_way_STRAYED", dealer=row["responsible_name"])

    def _lit(row):
        return dealer_view.age_light(row["age_hours"], is_breached=row["is_breached"])

    _cards = [
        (
            light(say, "CASE", _lit(row)),
            say.code_text("now_case_type", row["case_type"]),
            [
                say(
                    "now_case_age",
                    age=age(say, row["age_hours"]),
                    category=say.code_text("now_category", row["product_category"]),
                ),
                _way(row),
                say(
                    "now_case",
                    case=row["case_id"],
                    opened=say.day(dealer_view.german_day(row["opened_at"])),
                ),
            ],
        )
        for row in cases
    ]
    _levels = (
        [say("now_no_levels")]
        if not _has_levels
        else [
            say(
                "now_no_level_of",
                kinds=", ".join(say.code_text("now_case_type", kind) for kind in _unmeasured),
            )
        ]
        if _unmeasured
        else []
    )
    _strayed = [row for row in received if not row["is_responsible"]]
    _figures = page.tiles(
        (
            say("now_received"),
            say.number(now["open_cases"]),
            say(
                "now_received_note",
                fresh=say.number(now["open_cases_under_1_day"]),
                week=say.number(now["open_cases_1_to_7_days"]),
                older=say.number(now["open_cases_over_7_days"]),
            ),
        ),
        (
            say("now_breached"),
            say.number(now["breached_cases"]) if _has_levels else say.number(None),
            say("now_breached_note" if _has_levels else "now_breached_none"),
        ),
        (
            say("now_responsible"),
            say.number(now["responsible_open_cases"]),
            say(
                "now_responsible_note",
                count=say.number(sum(not row["is_received"] for row in cases)),
            ),
        ),
        (
            say("now_misrouted"),
            say.number(len(_strayed)),
            say(
                "now_misrouted_note",
                rate=say.percent(
                    dealer_view.rate(_routed["recent_misrouted_count"], _routed["recent_count"]), 0
                ),
                count=say.number(_routed["recent_count"]),
            )
            if _routed["recent_count"]
            else say("now_misrouted_none"),
        ),
    )
    page.section(
        say("now_cases_title"),
        *(
            [
                say("now_cases_how"),
                *_levels,
                _figures,
                *(
                    [summary_of(say, "CASE", map(_lit, cases)), cards_and_more(say, _cards)]
                    if cases
                    else [page.notice(say.html("now_no_open_cases"))]
                ),
            ]
            if _routed["case_count"]
            else [page.notice(say.html("now_no_cases"))]
        ),
    )
    return


@app.cell
def _(leads, now, publication, say, unanswered, who):
    # leads
    _count = publication.records(dealer_view.LEAD_COUNT, **who)[0]["lead_count"]
    _lights = [dealer_view.age_light(row["age_hours"]) for row in unanswered]
    _cards = [
        (
            light(say, "LEAD", lit),
            say.code_text("now_channel", row["channel"]),
            [
                say("now_lead_age", age=age(say, row["age_hours"])),
                say(
                    "now_lead",
                    lead=row["lead_id"],
                    created=say.day(dealer_view.german_day(row["created_at"])),
                ),
            ],
        )
        for row, lit in zip(unanswered[:6], _lights[:6], strict=True)
    ]
    page.section(
        say("now_leads_title"),
        *(
            [
                say("now_leads_how"),
                page.tiles(
                    (
                        say("now_open_leads"),
                        say.number(now["open_leads"]),
                        say("now_open_leads_note"),
                    ),
                    (
                        say("now_unanswered"),
                        say.number(len(unanswered)),
                        say("now_unanswered_note", whole=say.number(len(leads))),
                    ),
                    (
                        say("now_oldest"),
                        age(say, now["oldest_unanswered_lead_hours"]),
                        say("now_oldest_note" if unanswered else "now_oldest_none"),
                    ),
                ),
                *([summary_of(say, "LEAD", _lights), cards(_cards)] if unanswered else []),
            ]
            if _count
            else [page.notice(say.html("now_no_leads"))]
        ),
    )
    return


@app.cell
def _(now, publication, say, who, window):
    # campaigns
    _campaigns = publication.records(dealer_view.CAMPAIGNS, **who, **window)
    page.section(
        say("now_campaigns_title"),
        say(
            "now_campaigns_of",
            count=say.number(now["campaign_leads_90d"]),
            since=say.day(dealer_view.german_day(window["since"])),
        )
        if _campaigns
        else page.notice(say.html("now_no_campaigns")),
        *(
            [
                compact_table(
                    {
                        say("now_campaign"): pd.Series([row["campaign_id"] for row in _campaigns]),
                        **{
                            say(f"now_campaign_{name}"): pd.Series(
                                [say.number(row[name]) for row in _campaigns]
                            )
                            for name in ("lead_count", "answered_count", "sold_count", "lost_count")
                        },
                    },
                    texts=[say("now_campaign")],
                )
            ]
            if _campaigns
            else []
        ),
    )
    return


@app.cell
def _(publication, say, who):
    # how long requests took
    _months = publication.records(dealer_view.CYCLE_MONTHS, **who)
    _kinds = publication.records(dealer_view.CYCLE_KINDS, **who)
    page.section(
        say("now_cycle_title"),
        *(
            [
                page.side_by_side(
                    mo.vstack(
                        [page.paragraph(say.html("now_cycle_how")), cycle_chart(_months, say)]
                    ),
                    mo.vstack(
                        [
                            page.paragraph(
                                say.html("now_cycle_of", month=say.month(_kinds[0]["opened_month"]))
                            ),
                            compact_table(
                                {
                                    say("now_kind"): pd.Series(
                                        [
                                            say.code_text("now_case_type", row["case_type"])
                                            for row in _kinds
                                        ]
                                    ),
                                    say("now_opened"): pd.Series(
                                        [say.number(row["opened_count"]) for row in _kinds]
                                    ),
                                    say("now_still_open"): pd.Series(
                                        [say.number(row["open_count"]) for row in _kinds]
                                    ),
                                    say("now_median"): pd.Series(
                                        [age(say, row["median_hours"]) for row in _kinds]
                                    ),
                                    say("now_p90"): pd.Series(
                                        [age(say, row["p90_hours"]) for row in _kinds]
                                    ),
                                },
                                texts=[say("now_kind")],
                            ),
                        ]
                    ),
                )
            ]
            if _kinds
            else [page.notice(say.html("now_no_cycle"))]
        ),
    )
    return


@app.cell
def _(feeds, publication, say):
    # how fresh each feed is
    def _rhythm(row):
        if row["usual_days"] is None:
            return say("now_rhythm_none")
        return say("now_rhythm", days=say.number(max(row["usual_days"], 1), 0))

    _own = [
        (
            light(say, "FEED", row["light"]),
            say.code_text("now_feed", row["feed"]),
            [say("now_never")]
            if row["last_delivered_at"] is None
            else [
                say(
                    "now_delivered",
                    age=age(say, row["days_since"] * 24),
                    instant=say.instant(row["last_delivered_at"]),
                ),
                say("now_file_own", file=row["last_file"], rows=say.number(row["accepted_rows"]))
                if row["is_own"]
                else say("now_file_hub", file=row["last_file"]),
                _rhythm(row),
            ],
        )
        for row in feeds
    ]
    _network = [
        (
            light(say, "FEED", dealer_view.feed_light(row["days_since"], row["usual_days"])),
            row["feed"],
            [
                say(
                    "now_delivered",
                    age=age(say, row["days_since"] * 24),
                    instant=say.instant(row["last_delivered_at"]),
                ),
                _rhythm(row),
            ],
        )
        for row in publication.records(dealer_view.NETWORK_FEEDS)
    ]
    page.section(
        say("now_feeds_title"),
        say("now_feeds_how"),
        summary_of(say, "FEED", (row["light"] for row in feeds)),
        cards(_own),
        page.block(
            f"<details><summary>{escape(say('now_feeds_network'))}</summary>"
            f"{cards(_network).text}</details>",
            "more",
        ),
    )
    return


@app.cell
def _(publication, say):
    page.block(
        page.freshness(
            publication,
            say,
            "mart_dealer_now",
            "mart_case_routing",
            "mart_case_cycle_time",
            "mart_dealer_feed_freshness",
        ).text,
        "compact",
    )
    return


if __name__ == "__main__":
    app.run()
