"""One dealer, one programme, one period: from the amount down to the delivered file's row."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Incentive statement", css_file="style.css")

with app.setup:
    from decimal import Decimal
    from html import escape

    import altair as alt
    import marimo as mo
    import pandas as pd

    from notebooks import charts, page, statements
    from orchestration.explain import words
    from orchestration.explain.chain import EVENTS_FEED
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
    page.head(say("statement_title"), say("statement_subtitle"), language_choice)
    return


@app.cell
def _(say):
    publication = page.opened_or_stopped(say)
    _lacking = publication.lacks("mart_incentive_statement", "dim_incentive_program")
    mo.stop(
        _lacking,
        page.notice(
            say.html("no_statements", nothing=say("explain_nothing"), tables=", ".join(_lacking))
        ),
    )
    return (publication,)


@app.cell
def _(address, publication, say):
    _brands = publication.rows(
        "select distinct brand_code from mart_incentive_statement order by brand_code"
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
        from mart_incentive_statement
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
def _(brand_choice, dealer_choice):
    who = {"dealer_id": dealer_choice.value, "brand_code": brand_choice.value}
    return (who,)


@app.cell
def _(publication, who):
    every_statement = publication.records(statements.STATEMENTS, **who)
    return (every_statement,)


@app.cell
def _(address, every_statement, say):
    _names = {row["program_id"]: row["program_name"] for row in reversed(every_statement)}
    program_choice = address.select(
        "program",
        say("program"),
        {f"{_names[p]} ({p})": p for p in statements.newest_first(every_statement)},
    )
    return (program_choice,)


@app.cell
def _(say):
    def period_name(row):
        if row["period_grain"] is None:
            return say.day(row["period_start"])
        return words.period(row["period_grain"], row["period_start"], say)

    return (period_name,)


@app.cell
def _(address, every_statement, period_name, program_choice, say):
    _of_program = [r for r in every_statement if r["program_id"] == program_choice.value]
    _options = {
        say("period_open", period=period_name(row))
        if row["status"] == "OPEN"
        else period_name(row): row["period_start"]
        for row in _of_program
    }
    _chosen = address.among(
        "period", _options.values(), statements.default_period(_of_program)["period_start"]
    )
    period_choice = mo.ui.dropdown(
        _options,
        value=next(text for text, start in _options.items() if start == _chosen),
        label=say("period"),
        allow_select_none=False,
        on_change=address.remember("period"),
    )
    return (period_choice,)


@app.cell
def _(brand_choice, dealer_choice, period_choice, program_choice):
    page.choices(brand_choice, dealer_choice, program_choice, period_choice)
    return


@app.cell
def _(period_choice, program_choice, who):
    key = {**who, "program_id": program_choice.value, "period_start": period_choice.value}
    return (key,)


@app.cell
def _(key, publication):
    own_statements = publication.records(
        statements.STATEMENTS, dealer_id=key["dealer_id"], brand_code=key["brand_code"]
    )
    statement = next(
        row
        for row in own_statements
        if (row["program_id"], row["period_start"]) == (key["program_id"], key["period_start"])
    )
    postings = publication.records(statements.POSTINGS, **key)
    parts = publication.records(statements.PARTS, **key)
    rule = statements.rule_of(publication, statement)
    target = statements.target_units(publication, rule, statement)
    return own_statements, parts, postings, rule, statement, target


@app.cell
def _(period_name, postings, say, statement):
    _is_open = statement["status"] == "OPEN"

    def _not_posted():
        if _is_open:
            return say("not_posted_open")
        return say("not_posted_changed" if statement["accrual_eur"] else "not_posted_none")

    mo.vstack(
        [
            page.section(
                f"{statement['program_name']}, {period_name(statement)}",
                page.paragraph(
                    f"{escape(say('version', version=statement['program_version']))}. "
                    + say.html("ask_statement", id=statement["statement_id"][:12])
                ),
            ),
            page.block(
                page.tiles(
                    (
                        say("entitlement"),
                        say.euro(statement["entitlement_eur"]),
                        say("entitlement_open" if _is_open else "entitlement_closed"),
                    ),
                    (
                        say("posted"),
                        say.euro(statement["posted_eur"]),
                        say("posted_count", count=len(postings)),
                    ),
                    (say("not_posted"), say.euro(statement["accrual_eur"]), _not_posted()),
                    (
                        say("payment_due"),
                        say.day(statement["payment_due_on"]),
                        say("due_open")
                        if _is_open
                        else say("due_closed", day=say.day(statement["closed_on"])),
                    ),
                ).text,
                "money",
            ),
        ]
    )
    return


@app.cell
def _(parts, rule, say, statement, target):
    mo.stop(rule is None or not rule.tiers, page.section(say("rule_title"), say("rule_unknown")))

    _program, _measure = rule.program, statement["measure_value"] or Decimal(0)
    _rate = statements.rate_at(_program, rule.tiers, statement)
    _is_missed = any(part["zero_reason"] == "GATE_NOT_MET" for part in parts)
    _curve = statements.curve(_program, rule.tiers, _measure, Decimal(0) if _is_missed else _rate)
    _is_money = _program["payout_basis"] in ("EUR_PER_UNIT", "FIXED_EUR")
    _reached = words.measured(_program["measure"], statement["measure_value"], say)
    _paid = words.paid(_program["payout_basis"], Decimal(0) if _is_missed else _rate, say)

    def _capital(text):
        return text[:1].upper() + text[1:]

    _kpi_names = rule.kpi_names.get(_program["measure_kpi_code"], {})
    _measure_name = _capital(
        say(
            f"measure_{_program['measure']}",
            kpi=_kpi_names.get(f"name_{say.code}") or _program["measure_kpi_code"],
        )
    )

    def _points(corners):
        frame = pd.DataFrame(corners, columns=["x", "y"]).astype(float)
        return frame.assign(position=range(len(frame)))

    _corners = _points(_curve.corners)
    _format = {"REVENUE_NET": ",.0f", "TARGET_ATTAINMENT": "~%"}.get(_program["measure"], ",~f")
    _x = {
        "title": _measure_name,
        "scale": alt.Scale(
            domain=[_corners["x"].min(), _corners["x"].max()], nice=False, zero=False
        ),
        "axis": alt.Axis(format=_format, tickCount=6, grid=False, labelFlush=False),
    }
    _y = {
        "title": _capital(say(f"basis_{_program['payout_basis']}")),
        "axis": alt.Axis(format=",~f" if _is_money else ".1~%", tickCount=5),
        "scale": alt.Scale(domain=[0, float(_curve.corners[-1][1]) * 1.25 or 1], nice=False),
    }
    _tiers = pd.DataFrame(
        {
            "x": [float(tier["threshold"]) for tier in rule.tiers],
            "y": [float(tier["rate"]) for tier in rule.tiers],
            "text": [words.paid(_program["payout_basis"], t["rate"], say) for t in rule.tiers],
            "from": [words.measured(_program["measure"], t["threshold"], say) for t in rule.tiers],
            "number": [tier["tier_no"] for tier in rule.tiers],
        }
    )
    _here = pd.DataFrame(
        {
            "x": [float(_measure)],
            "y": [0.0 if _is_missed else float(_rate)],
            "text": [say("reached_here", value=_reached)],
            "paid": [_paid],
        }
    )
    _is_left = _here["x"][0] > _corners["x"].mean()
    _colour = charts.LOSS if _is_missed else charts.OWN
    _base = alt.Chart(charts.data(_here)).encode(
        alt.X("x:Q", **_x),
        tooltip=[
            alt.Tooltip("text:N", title=_measure_name),
            alt.Tooltip("paid:N", title=say("rate")),
        ],
    )
    _layers = [
        alt.Chart(charts.data(_corners))
        .mark_line(color=charts.CONTEXT, strokeWidth=2.5)
        .encode(alt.X("x:Q", **_x), alt.Y("y:Q", **_y), order="position:Q"),
        alt.Chart(charts.data(_tiers))
        .mark_circle(color=charts.CONTEXT, size=50, opacity=1)
        .encode(
            alt.X("x:Q", **_x),
            alt.Y("y:Q", **_y),
            tooltip=[
                alt.Tooltip("number:Q", title=say("tier")),
                alt.Tooltip("from:N", title=say("from_measure")),
                alt.Tooltip("text:N", title=say("rate")),
            ],
        ),
        alt.Chart(charts.data(_tiers))
        .mark_text(align="left", dx=5, dy=-9, color=charts.INK, fontSize=12)
        .encode(alt.X("x:Q", **_x), alt.Y("y:Q", **_y), text="text:N"),
        _base.mark_rule(color=_colour, strokeDash=[4, 4]),
        _base.mark_circle(color=_colour, size=130, opacity=1).encode(alt.Y("y:Q", **_y)),
        _base.mark_text(
            align="right" if _is_left else "left",
            dx=-7 if _is_left else 7,
            baseline="top",
            color=_colour,
            fontSize=13,
            fontWeight="bold",
        ).encode(y=alt.value(4), text="text:N"),
    ]
    if _curve.area:
        _layers.insert(
            0,
            alt.Chart(charts.data(_points(_curve.area)))
            .mark_area(color=charts.GAIN, opacity=0.25)
            .encode(alt.X("x:Q", **_x), alt.Y("y:Q", stack=None, **_y), alt.Y2(datum=0)),
        )
    # the tiers, which are indented, stand in a table of their own
    _what, *_terms = [line for line in words.rule(rule, say) if not line.startswith(" ")]
    _tier_no = statement["tier_no"]
    _result = [
        say(
            "explain_reached",
            value=_reached,
            tier=say("explain_no_tier")
            if _tier_no is None
            else say("explain_reached_tier", number=_tier_no),
        )
    ]
    if target is not None:
        _result.append(
            say(
                "explain_target",
                target=say.number(target),
                units=say.number(statement["qualifying_units"]),
            )
        )
    if _is_missed:
        _result.append(say("rule_gate_missed"))
    _parts = [
        page.paragraph(escape(_what)),
        page.table(
            {
                say("tier"): _tiers["number"],
                say("from_measure"): _tiers["from"],
                say("rate"): _tiers["text"],
            },
            texts=[],
        ),
        page.paragraph(f"<b>{escape('. '.join(t.rstrip('.') for t in _result))}.</b>"),
        page.paragraph("<br>".join(escape(line) for line in _terms)),
    ]
    _note = [page.paragraph(escape(say("rule_area")))] if _curve.area else []
    page.section(
        say("rule_title"),
        page.side_by_side(
            page.block("".join(part.text for part in _parts), "rule"),
            page.block(
                "".join(
                    mo.as_html(part).text
                    for part in (charts.dressed(alt.layer(*_layers), say, 270), *_note)
                ),
                "rule",
            ),
        ),
    )
    return


@app.cell
def _(postings, statement):
    waterfall = statements.changes(postings, statement["accrual_eur"])
    return (waterfall,)


@app.cell
def _(postings, say, statement, waterfall):
    mo.stop(
        not postings,
        page.section(
            say("closes_title"),
            say(
                "closes_open" if statement["status"] == "OPEN" else "closes_none",
                amount=say.euro(statement["accrual_eur"]),
            ),
        ),
    )

    _colours = {
        "SETTLEMENT": charts.OWN,
        "ADJUSTMENT": charts.GAIN,
        "CLAWBACK": charts.LOSS,
        "ACCRUAL": charts.CONTEXT,
    }

    def _name(change):
        if change.month is None:
            return say(f"close_{change.kind}")
        return say(
            "close_posting", month=say.month(change.month), type=say(f"posting_{change.kind}")
        )

    _is_total = [change.kind in ("POSTED", "NOW") for change in waterfall]
    _shown = pd.DataFrame(
        {
            "name": [_name(change) for change in waterfall],
            "from": [float(change.start) for change in waterfall],
            "to": [float(change.end) for change in waterfall],
            "right": [float(max(change.start, change.end)) for change in waterfall],
            "colour": [_colours.get(change.kind) for change in waterfall],
            "text": [
                say.euro(change.amount, is_signed=not total)
                for change, total in zip(waterfall, _is_total, strict=True)
            ],
            "known": [say.instant(change.known_at) for change in waterfall],
            "is_total": _is_total,
        }
    )
    _base = alt.Chart(charts.data(_shown)).encode(
        charts.name_axis("name", _shown["name"]),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("text:N", title=say("amount")),
            alt.Tooltip("known:N", title=say("known_at")),
        ],
    )
    _x = {
        "title": say("amount_axis"),
        "axis": alt.Axis(format=",.0f", tickCount=6),
        # the amounts stand right of the bars, however narrow the page is
        "scale": alt.Scale(
            domain=[min(0, _shown["to"].min()), _shown["right"].max() or 1],
            range=[0, alt.ExprRef("width - 95")],
            nice=False,
        ),
    }
    _chart = alt.layer(
        _base.transform_filter("!datum.is_total")
        # a stroke of its own keeps a small change visible beside a large one
        .mark_bar(size=20, strokeWidth=2)
        .encode(
            alt.X("from:Q", **_x),
            x2="to:Q",
            color=alt.Color("colour:N", scale=None),
            stroke=alt.Stroke("colour:N", scale=None),
        ),
        _base.transform_filter("datum.is_total")
        .mark_tick(color=charts.INK, thickness=4, size=26)
        .encode(alt.X("to:Q", **_x)),
        _base.mark_text(align="left", dx=8, color=charts.INK, fontSize=12).encode(
            alt.X("right:Q", **_x), text="text:N"
        ),
    )
    _terms = [say.euro(row["amount_eur"], is_signed=n > 0) for n, row in enumerate(postings)]
    _sums = [
        say.html("closes_sum", parts=" ".join(_terms), posted=say.euro(statement["posted_eur"]))
    ]
    if statement["accrual_eur"]:
        _sums.append(
            say.html(
                "closes_now",
                accrual=say.euro(statement["accrual_eur"], is_signed=True),
                now=say.euro(statement["posted_eur"] + statement["accrual_eur"]),
            )
        )
    page.section(
        say("closes_title"),
        say("closes_intro"),
        charts.dressed(_chart, say, 42 * len(_shown)),
        page.paragraph(" ".join(_sums)),
    )
    return


@app.cell
def _(key, publication):
    removals = (
        []
        if publication.lacks("mart_incentive_removal")
        else publication.records(statements.REMOVALS, **key)
    )
    return (removals,)


@app.cell
def _(removals, say):
    mo.stop(not removals)

    page.section(
        say("explain_removals"),
        say("removals_intro"),
        page.table(
            {
                say("vin"): [row["vin"] for row in removals],
                say("removal_claimed"): [say.day(row["event_date"]) for row in removals],
                say("removal_by"): [say.code_text("event", row["ended_by"]) for row in removals],
                say("removal_on"): [say.day(row["ended_on"]) for row in removals],
                say("file"): [row["source_file"] or "–" for row in removals],
                say("row"): [say.number(row["source_row"]) for row in removals],
            },
            texts=[say("vin"), say("removal_by"), say("file")],
        ),
    )
    return


@app.cell
def _(parts):
    line_count = sum(part["line_count"] for part in parts)
    zero_count = sum(part["line_count"] for part in parts if part["zero_reason"] is not None)
    line_total = sum((part["amount_eur"] for part in parts), Decimal(0))
    return line_count, line_total, zero_count


@app.cell
def _(line_count, line_total, parts, rule, say, statement, zero_count):
    mo.stop(not parts, page.section(say("tiers_title"), say("lines_none")))

    def _what(part):
        if part["zero_reason"] is not None:
            return say(f"zero_{part['zero_reason']}")
        if part["tier_no"] is None:
            return say("explain_no_tier")
        return say("explain_reached_tier", number=part["tier_no"]).capitalize()

    _basis = rule.program["payout_basis"] if rule else ""
    _is_price = _basis.startswith("RATE_OF_")
    _rows = [
        {
            say("tier"): _what(part),
            say("rate"): words.paid(_basis, part["tier_rate"], say),
            say("lines_of"): say.number(part["line_count"]),
            **({say("basis"): say.euro(part["basis_amount_eur"])} if _is_price else {}),
            say("amount"): say.euro(part["amount_eur"]),
        }
        for part in parts
    ]
    _total = {
        **dict.fromkeys(_rows[0], ""),
        say("tier"): say("sum"),
        say("lines_of"): say.number(line_count),
        say("amount"): say.euro(line_total),
    }
    _uncapped = sum((part["uncapped_eur"] for part in parts), Decimal(0))
    _capped = (
        " " + say.html("lines_capped", amount=say.euro(_uncapped))
        if _uncapped != line_total
        else ""
    )
    page.section(
        say("tiers_title"),
        page.paragraph(
            say.html(
                "lines_sum" if line_total == statement["entitlement_eur"] else "lines_differ",
                lines=say.number(line_count),
                zeros=say.number(zero_count),
                total=say.euro(line_total),
            )
            + _capped
        ),
        page.table(pd.DataFrame([*_rows, _total]), texts=[say("tier")]),
    )
    return


@app.cell
def _(address, line_count, say, zero_count):
    lines_choice = address.select(
        "lines",
        say("vehicles"),
        {
            say("lines_all", count=say.number(line_count)): "all",
            say("lines_paid", count=say.number(line_count - zero_count)): "paid",
            say("lines_zero", count=say.number(zero_count)): "zero",
        },
        is_open=True,
    )
    return (lines_choice,)


@app.cell
def _(lines_choice):
    wanted = lines_choice.value
    return (wanted,)


@app.cell
def _(key, publication, wanted):
    lines = publication.records(statements.LINES, **key, wanted=wanted)
    return (lines,)


@app.cell
def _(line_count, lines, lines_choice, parts, rule, say, statement, wanted, zero_count):
    mo.stop(not parts)

    _basis = rule.program["payout_basis"] if rule else ""
    _asked = next((line["line_id"] for line in lines), "")[:12]
    _wanted_count = {"all": line_count, "zero": zero_count}.get(wanted, line_count - zero_count)

    def _why(line):
        if line["zero_reason"]:
            return say(f"zero_{line['zero_reason']}")
        return say("explain_capped", amount=say.euro(line["amount_eur"])) * line["is_capped"]

    _types = {line["event_type"] for line in lines if line["event_type"]}
    _day = say.code_text("event", *_types) if len(_types) == 1 else say("date")
    _of_vehicles = {
        say("vin"): lambda line: line["vin"] or "–",
        _day: lambda line: say.day(line["event_date"]),
    }
    _of_prices = {say("basis"): lambda line: say.euro(line["basis_amount_eur"])}
    _of_files = {
        say("file"): lambda line: line["source_file"] or "–",
        say("row"): lambda line: say.number(line["source_row"]),
    }
    _has_events = any(line["event_id"] for line in lines)
    _columns = {
        **(_of_vehicles if _has_events else {}),
        **(_of_prices if _basis.startswith("RATE_OF_") else {}),
        say("rate"): lambda line: words.paid(_basis, line["tier_rate"], say),
        say("amount"): lambda line: say.euro(line["amount_eur"]),
        **({say("why"): _why} if any(map(_why, lines)) else {}),
        **(_of_files if _has_events else {}),
        say("line_id"): lambda line: line["line_id"][:12],
    }
    _table = page.table(
        {name: [show(line) for line in lines] for name, show in _columns.items()},
        texts=[say(name) for name in ("vin", "why", "file")],
    )
    _cut = say(
        "lines_cut",
        limit=say.number(len(lines)),
        count=say.number(_wanted_count),
        command=f"partnerdw explain {statement['statement_id'][:12]} --all",
    )
    page.section(
        say("lines_title"),
        *([page.paragraph(say.html("lines_ask", id=_asked, feed=EVENTS_FEED))] if _asked else []),
        lines_choice,
        _table,
        *([_cut] if len(lines) < _wanted_count else []),
    )
    return


@app.cell
def _(key, own_statements, period_name, say):
    _rows = [
        {
            "program_id": row["program_id"],
            "program_name": row["program_name"],
            "period": period_name(row),
            "from": pd.Timestamp(row["period_start"]),
            "to": pd.Timestamp(row["period_end"] or row["period_start"]) + pd.Timedelta(days=1),
            "zero": 0.0,
            "posted": float(row["posted_eur"]),
            "now": float(row["posted_eur"] + row["accrual_eur"]),
            "posted_text": say.euro(row["posted_eur"]),
            "accrual_text": say.euro(row["accrual_eur"]),
            "is_chosen": (row["program_id"], row["period_start"])
            == (key["program_id"], key["period_start"]),
        }
        for row in own_statements
    ]
    _frame = pd.DataFrame(_rows)
    _spoken = _frame[(_frame["posted"] != 0) | (_frame["now"] != 0) | _frame["is_chosen"]]
    # every panel spans the same time
    _ends = pd.DataFrame({"from": [_spoken["from"].min(), _spoken["to"].max()]})
    _x = alt.X(
        "from:T",
        title=None,
        scale=alt.Scale(type="utc", nice=False),
        axis=alt.Axis(format="%b %Y", tickCount=8, grid=False, labelOverlap=True),
    )

    def _bars(frame):
        base = alt.Chart(charts.data(frame)).encode(
            _x,
            alt.X2("to:T"),
            tooltip=[
                alt.Tooltip("program_name:N", title=say("program")),
                alt.Tooltip("period:N", title=say("period")),
                alt.Tooltip("posted_text:N", title=say("posted")),
                alt.Tooltip("accrual_text:N", title=say("not_posted")),
            ],
        )
        y = {"title": None, "axis": alt.Axis(format=",.0f", tickCount=3, minExtent=70)}
        layers = [
            alt.Chart(charts.data(_ends)).mark_point(opacity=0).encode(_x),
            base.mark_rect(color=charts.OWN, stroke="white").encode(
                alt.Y("zero:Q", **y), y2="posted:Q"
            ),
            base.mark_rect(color="#b9d3ec", stroke="white").encode(
                alt.Y("posted:Q", **y), y2="now:Q"
            ),
        ]
        if frame["is_chosen"].any():
            layers.append(
                base.transform_filter("datum.is_chosen")
                .mark_rect(filled=False, stroke=charts.INK, strokeWidth=2)
                .encode(alt.Y("zero:Q", **y), y2="now:Q")
            )
        return alt.layer(*layers)

    def _sum(program_id, column):
        return sum(
            (row[column] for row in own_statements if row["program_id"] == program_id),
            Decimal(0),
        )

    _panels = []
    _names = dict(zip(_frame["program_id"], _frame["program_name"], strict=True))
    for _program_id in sorted(_names):
        _own = _spoken[_spoken["program_id"] == _program_id]
        _panels.append(
            page.paragraph(
                say.html(
                    "program_total",
                    program=_names[_program_id],
                    posted=say.euro(_sum(_program_id, "posted_eur")),
                    accrual=say.euro(_sum(_program_id, "accrual_eur")),
                )
            )
        )
        if _own[["posted", "now"]].any(axis=None):
            _panels.append(charts.dressed(_bars(_own), say, 120))
    page.section(say("programs_title"), say("programs_intro"), *_panels)
    return


@app.cell
def _(key, publication):
    outlook = publication.records(
        statements.OUTLOOK, dealer_id=key["dealer_id"], brand_code=key["brand_code"]
    )
    return (outlook,)


@app.cell
def _(outlook, period_name, say):
    _begun = [row for row in outlook if row["measure_value"] or row["payout_now_eur"]]
    _idle_count = len(outlook) - len(_begun)
    _idle = [say("outlook_idle", count=say.number(_idle_count))] if _idle_count else []
    mo.stop(not _begun, page.section(say("outlook_title"), say("outlook_none"), *_idle))

    def _next(row):
        if row["next_threshold"] is None:
            return say("outlook_top")
        return words.measured(row["measure"], row["next_threshold"], say)

    def _ahead(row):
        if row["next_threshold"] is None or row["units_to_next_tier"] is None:
            return _next(row) if row["next_threshold"] is None else ""
        return say(
            "outlook_unit" if row["units_to_next_tier"] == 1 else "outlook_units",
            units=say.number(row["units_to_next_tier"]),
            amount=say.euro(row["payout_at_next_tier_eur"]),
        )

    _warnings = [
        page.block(
            say.html(
                "outlook_cliff",
                program=row["program_name"],
                period=period_name(row),
                value=say.euro(row["next_unit_value_eur"]),
                price=say.euro(row["mean_list_price_eur"]),
            ),
            "notice pw-warning",
        )
        for row in _begun
        if row["is_cliff"]
    ]
    _missed = [
        say("outlook_gate_missed", program=row["program_name"], period=period_name(row))
        for row in _begun
        if row["is_gate_missed"]
    ]
    _shown = pd.DataFrame(
        {
            "name": [
                say("outlook_row", program=row["program_name"], period=period_name(row))
                for row in _begun
            ],
            "rate": [1.0 if r["reached_rate"] is None else r["reached_rate"] for r in _begun],
            "whole": 1.0,
            "colour": [
                charts.LOSS
                if row["is_cliff"]
                else charts.OWN
                if row["next_threshold"] is None
                else charts.GAIN
                for row in _begun
            ],
            "text": [_ahead(row) for row in _begun],
        }
    )
    _base = alt.Chart(charts.data(_shown)).encode(
        charts.name_axis("name", _shown["name"]),
        tooltip=[
            alt.Tooltip("name:N", title=say("program")),
            alt.Tooltip("text:N", title=say("outlook_then")),
        ],
    )
    _x = {
        "title": say("outlook_axis"),
        "scale": alt.Scale(domain=[0, 1]),
        "axis": alt.Axis(format="~%", tickCount=5, grid=False),
    }
    _chart = alt.layer(
        _base.mark_bar(size=14, color=charts.FAINT).encode(alt.X("whole:Q", **_x)),
        _base.mark_bar(size=14).encode(
            alt.X("rate:Q", **_x),
            color=alt.Color("colour:N", scale=None),
        ),
        _base.mark_text(align="left", dy=16, color=charts.INK, fontSize=12).encode(
            x=alt.value(0), text="text:N"
        ),
    )
    page.section(
        say("outlook_title"),
        say("outlook_intro"),
        *_warnings,
        charts.dressed(_chart, say, 54 * len(_shown)),
        page.table(
            {
                say("program"): [row["program_name"] for row in _begun],
                say("period"): [period_name(row) for row in _begun],
                say("outlook_reached"): [
                    words.measured(row["measure"], row["measure_value"], say) for row in _begun
                ],
                say("outlook_next"): [_next(row) for row in _begun],
                say("outlook_missing"): [say.number(row["units_to_next_tier"]) for row in _begun],
                say("outlook_now"): [say.euro(row["payout_now_eur"]) for row in _begun],
                say("outlook_then"): [say.euro(row["payout_at_next_tier_eur"]) for row in _begun],
                say("outlook_one"): [say.euro(row["next_unit_value_eur"]) for row in _begun],
            },
            texts=[say("program"), say("period")],
        ),
        *([page.paragraph("<br>".join(map(escape, _missed + _idle)))] if _missed + _idle else []),
    )
    return


@app.cell
def _(publication, say):
    page.freshness(
        publication,
        say,
        "mart_incentive_statement",
        "mart_incentive_line",
        "mart_incentive_ledger",
        "mart_incentive_removal",
        "mart_incentive_outlook",
    )
    return


if __name__ == "__main__":
    app.run()
