"""Showroom investments: plan and outcome, what bonuses repay, who falls behind, who is at risk."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Refinancing", css_file="style.css")

with app.setup:
    from decimal import Decimal
    from html import escape

    import altair as alt
    import marimo as mo
    import pandas as pd

    from notebooks import charts, investments, page
    from orchestration.language import Language


@app.function
def thousands(amounts):
    """Amounts as charts draw them; what is unknown stays so. Texts show the exact ones."""
    return [None if amount is None else float(amount) / 1000 for amount in amounts]


@app.function
def axis_of_thousands(say, **looks):
    """A vertical axis of thousands of euros."""
    return {
        "title": say("refi_thousands"),
        "axis": alt.Axis(format=",.0f", tickCount=5, **looks),
    }


@app.function
def money_tile(say, what, amount, note):
    """A tile of an amount; one too long for it stands in millions, the exact one in the note."""
    if amount is None or abs(amount) < 1_000_000:
        return what, say.euro(amount), note
    millions = say("refi_millions", amount=say.number(amount / 1_000_000, 2))
    return what, millions, say("refi_exactly", amount=say.euro(amount), note=note)


@app.function
def balance_chart(balances, say, projections=()):
    """What is owed month by month: planned, as it came, and where the pace of the bonuses leads.

    `projections`: (month, amount at the slowest pace, at the present one, at the fastest).
    """
    kinds = {
        say("refi_planned"): charts.CONTEXT,
        say("refi_happened"): charts.OWN,
        say("refi_projected"): charts.GAIN,
    }
    planned, happened, projected = kinds
    rows = pd.DataFrame(
        [
            {"month": pd.Timestamp(row["month"]), "kind": kind, "amount": row[column]}
            for kind, column in ((planned, "planned_eur"), (happened, "actual_eur"))
            for row in balances
            if row[column] is not None
        ]
        + [
            {"month": pd.Timestamp(month), "kind": projected, "amount": amount}
            for month, _, amount, _ in projections
        ]
    )
    rows = rows.assign(
        value=thousands(rows["amount"]),
        text=rows["amount"].map(say.euro),
        month_text=rows["month"].map(say.month),
    ).drop(columns="amount")
    shown = {kind: colour for kind, colour in kinds.items() if kind in set(rows["kind"])}
    x = charts.month_axis("month", None)
    y = axis_of_thousands(say)
    layers = [
        alt.Chart(charts.data(rows))
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=18))
        .encode(
            x,
            alt.Y("value:Q", **y),
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=list(shown), range=list(shown.values()))
            ),
            strokeDash=alt.condition(
                f"datum.kind === {projected!r}", alt.value([5, 4]), alt.value([1, 0])
            ),
            tooltip=[
                alt.Tooltip("kind:N", title=" "),
                alt.Tooltip("month_text:N", title=say("month")),
                alt.Tooltip("text:N", title=say("refi_outstanding")),
            ],
        )
    ]
    if projections:
        fan = pd.DataFrame(
            {
                "month": [pd.Timestamp(month) for month, *_ in projections],
                "slow": thousands(slow for _, slow, _, _ in projections),
                "fast": thousands(fast for _, _, _, fast in projections),
            }
        )
        layers.insert(
            0,
            alt.Chart(charts.data(fan))
            .mark_area(color=charts.GAIN, opacity=0.18)
            .encode(x, alt.Y("slow:Q", **y), y2="fast:Q"),
        )
    last = rows[rows["kind"] == happened].tail(1)
    if len(last):
        layers.append(
            alt.Chart(charts.data(last))
            .mark_rule(color=charts.INK, strokeDash=[2, 4], opacity=0.5)
            .encode(x)
        )
        layers.append(
            alt.Chart(charts.data(last))
            .mark_circle(color=charts.OWN, size=90, opacity=1)
            .encode(x, alt.Y("value:Q", **y))
        )
    return charts.dressed(alt.layer(*layers), say, 300)


@app.function
def use_chart(months, say, *, has_schedule=False):
    """Above the line what became of the bonuses, below it what the dealer paid in cash or was
    forgiven; a stroke is the instalment of the month."""
    uses = {
        "applied_eur": (charts.OWN, 1),
        "prepaid_eur": (charts.GAIN, 1),
        "paid_out_eur": ("#c3cad3", 1),
        "cash_called_eur": (charts.LOSS, -1),
        "written_off_eur": (charts.MISSING, -1),
    }
    used = {use: look for use, look in uses.items() if any(row[use] for row in months)}
    rows = pd.DataFrame(
        [
            {
                "month": pd.Timestamp(row["month"]),
                "month_text": say.month(row["month"]),
                "use": say(f"refi_use_{use}"),
                "position": position,
                "value": sign * float(row[use]) / 1000,
                "text": say.euro(row[use]),
                "earned": say.euro(row["bonus_earned_eur"]),
            }
            for row in months
            for position, (use, (_, sign)) in enumerate(used.items())
        ]
    )
    x = charts.month_steps("month", None)
    y = axis_of_thousands(say)
    layers = [
        alt.Chart(charts.data(rows))
        .mark_bar(size=18)
        .encode(
            x,
            alt.Y("value:Q", **y),
            order="position:Q",
            color=alt.Color(
                "use:N",
                scale=alt.Scale(
                    domain=[say(f"refi_use_{use}") for use in used],
                    range=[colour for colour, _ in used.values()],
                ),
            ),
            tooltip=[
                alt.Tooltip("month_text:N", title=say("month")),
                alt.Tooltip("use:N", title=" "),
                alt.Tooltip("text:N", title=say("amount")),
                alt.Tooltip("earned:N", title=say("refi_earned")),
            ],
        ),
        alt.Chart(alt.InlineData(values=[{"zero": 0}]))
        .mark_rule(color=charts.INK)
        .encode(alt.Y("zero:Q", **y)),
    ]
    if has_schedule:
        due = pd.DataFrame(
            {
                "month": [pd.Timestamp(row["month"]) for row in months],
                "value": thousands(row["scheduled_eur"] for row in months),
                "text": [say.euro(row["scheduled_eur"]) for row in months],
            }
        )
        layers.append(
            alt.Chart(charts.data(due))
            .mark_tick(color=charts.INK, thickness=2, size=24, orient="horizontal")
            .encode(
                x,
                alt.Y("value:Q", **y),
                tooltip=[alt.Tooltip("text:N", title=say("refi_scheduled"))],
            )
        )
    return charts.dressed(alt.layer(*layers), say, 260)


@app.function
def arrears_chart(months, say):
    """The arrears at each month's end."""
    rows = pd.DataFrame(
        {
            "month": [pd.Timestamp(row["month"]) for row in months],
            "month_text": [say.month(row["month"]) for row in months],
            "value": thousands(row["arrears_eur"] for row in months),
            "text": [say.euro(row["arrears_eur"]) for row in months],
            "count": [say.number(row["arrears_count"]) for row in months],
        }
    )
    chart = (
        alt.Chart(charts.data(rows))
        .mark_bar(size=18, color=charts.LOSS)
        .encode(
            charts.month_steps("month", None),
            alt.Y("value:Q", **axis_of_thousands(say)),
            tooltip=[
                alt.Tooltip("month_text:N", title=say("month")),
                alt.Tooltip("text:N", title=say("refi_arrears")),
                alt.Tooltip("count:N", title=say("refi_investments")),
            ],
        )
    )
    return charts.dressed(chart, say, 200)


@app.function
def pace_chart(simulation, say, note_of):
    """What is left at the planned end, by the pace of the bonuses; `note_of` a row says more."""
    rows = pd.DataFrame(
        {
            "name": [
                say("refi_pace", rate=say.percent(row["pace_factor"], 0)) for row in simulation
            ],
            "value": thousands(row["balloon_eur"] for row in simulation),
            "text": [f"{say.euro(row['balloon_eur'])}  ({note_of(row)})" for row in simulation],
            "is_now": [row["pace_factor"] == 1 for row in simulation],
        }
    )
    base = alt.Chart(charts.data(rows)).encode(charts.name_axis("name", rows["name"]))
    x = {
        "title": say("refi_left_axis"),
        "axis": alt.Axis(format=",.0f", tickCount=5),
        # the amounts stand right of the bars, however narrow the page is
        "scale": alt.Scale(
            domain=[0, rows["value"].max() or 1], range=[0, alt.ExprRef("width - 270")], nice=False
        ),
    }
    chart = alt.layer(
        base.mark_bar(size=18).encode(
            alt.X("value:Q", **x),
            color=alt.condition("datum.is_now", alt.value(charts.OWN), alt.value("#b9d3ec")),
        ),
        base.mark_text(align="left", dx=8, color=charts.INK, fontSize=12).encode(
            alt.X("value:Q", **x), text="text:N"
        ),
    )
    return charts.dressed(chart, say, 34 * len(rows))


@app.function
def against_plan(found, say):
    """The title over a balance: how it compares with the plan in the last closed month."""
    if found is None:
        return say("refi_balance_NONE")
    more = found["more_eur"]
    return say(
        f"refi_balance_{'MORE' if more > 0 else 'LESS' if more < 0 else 'EVEN'}",
        month=say.month(found["month"]),
        amount=say.euro(found["actual_eur"]),
        difference=say.euro(abs(more)),
    )


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
    page.head(say("refi_title"), say("refi_subtitle"), language_choice)
    return


@app.cell
def _(say):
    publication = page.opened_or_stopped(say)
    _tables = (
        "mart_refinancing_status",
        "mart_refinancing_refusal",
        "mart_investment_pressure",
        "mart_shared_program_allocation",
    )
    _lacking = publication.lacks(*_tables)
    mo.stop(
        len(_lacking) == len(_tables),
        page.notice(say.html("refi_nothing", tables=", ".join(_lacking))),
    )
    return (publication,)


@app.cell
def _(address, publication, say):
    _brands = sorted(
        {
            row["brand_code"]
            for table in (
                "mart_refinancing_status",
                "mart_refinancing_refusal",
                "mart_investment_pressure",
            )
            for row in investments.if_held(
                publication, table, f"select distinct brand_code from {table}"
            )
        }
    )
    brand_choice = address.select(
        "brand", say("brand"), {say("refi_all_brands"): ""} | {b: b for b in _brands}
    )
    return (brand_choice,)


@app.cell
def _(brand_choice):
    page.choices(brand_choice)
    return


@app.cell
def _(brand_choice):
    scope = {"brand_code": brand_choice.value or None}
    return (scope,)


@app.cell
def _(publication, scope):
    found_investments = investments.investments_of(publication, scope["brand_code"])
    pressure = investments.if_held(
        publication, "mart_investment_pressure", investments.PRESSURE, **scope
    )
    refusals = investments.if_held(
        publication, "mart_refinancing_refusal", investments.REFUSALS, **scope
    )
    programs = investments.if_held(
        publication, "mart_shared_program_allocation", investments.PROGRAMS
    )
    return found_investments, pressure, programs, refusals


@app.cell
def _(found_investments, pressure, refusals, say):
    # what a reader in a hurry has to know, in sentences
    _named = {"dealer": lambda row: f"{row['dealer_name']} ({row['brand_code']})"}

    def _sentences(key, rows, **values):
        return [
            say.html(key, **{name: give(row) for name, give in (_named | values).items()})
            for row in rows
        ]

    _behind = [row for row in found_investments if row["arrears_eur"] > 0]
    _endless = [
        row
        for row in found_investments
        if row["outstanding_eur"] > 0
        and row["projected_end_month"] is None
        and row["last_ledger_month"] is not None
    ]
    _corrected = [row for row in found_investments if row["correction_count"]]
    _broke = [
        row
        for row in pressure
        if row["open_upfront_eur"] > 0 and "BUFFER" in investments.risks(row)
    ]
    _items = (
        _sentences(
            "refi_look_arrears",
            _behind[:1],
            amount=lambda row: say.euro(row["arrears_eur"]),
            investment=lambda row: row["investment_id"],
            rate=lambda row: say.percent(
                row["arrears_eur"] / investments.total(_behind, "arrears_eur"), 0
            ),
        )
        + _sentences(
            "refi_look_endless",
            sorted(_endless, key=lambda row: -row["outstanding_eur"])[:1],
            count=lambda row: len(_endless),
            amount=lambda row: say.euro(investments.total(_endless, "outstanding_eur")),
        )
        + _sentences(
            "refi_look_broke",
            sorted(_broke, key=lambda row: -row["open_upfront_eur"])[:1],
            count=lambda row: len(_broke),
            open=lambda row: say.euro(row["open_upfront_eur"]),
            buffer=lambda row: say.euro(row["liquidity_buffer_eur"]),
        )
        + _sentences(
            "refi_look_corrected",
            sorted(_corrected, key=lambda row: -row["correction_count"])[:1],
            count=lambda row: len(_corrected),
            times=lambda row: row["correction_count"],
        )
        + _sentences(
            "refi_look_refused",
            refusals[:1],
            count=lambda row: len(refusals),
            amount=lambda row: say.euro(investments.total(refusals, "total_cost_eur")),
        )
    )
    page.section(say("look_title"), page.bullets(_items or [say("look_nothing")]))
    return


@app.cell
def _(found_investments, say):
    mo.stop(not found_investments, page.notice(say("refi_no_investment")))

    _begun = [row for row in found_investments if row["is_begun"]]
    _open = [row for row in _begun if row["outstanding_eur"] > 0]
    _refinanced = investments.total(_begun, "refinanced_eur")
    _outstanding = investments.total(_begun, "outstanding_eur")
    page.block(
        page.tiles(
            money_tile(
                say,
                say("refi_outstanding"),
                _outstanding,
                say(
                    "refi_repaid_of",
                    rate=say.percent(1 - _outstanding / _refinanced if _refinanced else None, 0),
                    amount=say.euro(_refinanced),
                ),
            ),
            money_tile(
                say,
                say("refi_arrears"),
                investments.total(_begun, "arrears_eur"),
                say(
                    "refi_arrears_of",
                    part=sum(row["arrears_eur"] > 0 for row in _open),
                    whole=len(_open),
                ),
            ),
            money_tile(
                say,
                say("refi_balloon"),
                investments.total(
                    [row for row in _open if row["last_ledger_month"]], "expected_balloon_eur"
                ),
                say("refi_balloon_note"),
            ),
            money_tile(
                say,
                say("refi_cash"),
                investments.total(_begun, "cash_called_eur"),
                say(
                    "refi_cash_note", amount=say.euro(investments.total(_begun, "bonus_earned_eur"))
                ),
            ),
        ).text,
        "money",
    )
    return


@app.cell
def _(found_investments, publication, scope):
    mo.stop(not found_investments)

    network_balances = publication.records(investments.BALANCES, **scope, investment_id=None)
    network_months = publication.records(investments.MONTHS, **scope, investment_id=None)
    network_simulation = publication.records(investments.SIMULATION, **scope, investment_id=None)
    return network_balances, network_months, network_simulation


@app.cell
def _(found_investments, network_balances, say):
    mo.stop(not network_balances)

    _later = [row for row in found_investments if not row["is_begun"]]
    _not_begun = (
        say(
            "refi_not_begun",
            count=say.number(len(_later)),
            amount=say.euro(investments.total(_later, "refinanced_eur")),
        )
        if _later
        else ""
    )
    _behind = [row for row in found_investments if row["is_begun"] and row["more_eur"] > 0]
    _ahead = [row for row in found_investments if row["is_begun"] and row["more_eur"] < 0]
    _apart = (
        say(
            "refi_apart",
            behind_count=len(_behind),
            behind=say.euro(investments.total(_behind, "more_eur")),
            ahead_count=len(_ahead),
            ahead=say.euro(-investments.total(_ahead, "more_eur")),
        )
        if _behind and _ahead
        else ""
    )
    page.section(
        against_plan(investments.lead_over_plan(network_balances), say),
        " ".join(text for text in (_apart, say("refi_network_intro"), _not_begun) if text),
        balance_chart(network_balances, say),
    )
    return


@app.cell
def _(network_months, say):
    mo.stop(not network_months)

    _sums = {
        use: investments.total(network_months, f"{use}_eur")
        for use in ("bonus_earned", "applied", "prepaid", "paid_out", "cash_called")
    }
    _repaid = _sums["applied"] + _sums["prepaid"]
    page.section(
        say(
            "refi_use_title",
            rate=say.percent(_repaid / _sums["bonus_earned"] if _sums["bonus_earned"] else None, 0),
            cash=say.euro(_sums["cash_called"]),
        ),
        say(
            "refi_use_intro",
            earned=say.euro(_sums["bonus_earned"]),
            applied=say.euro(_sums["applied"]),
            prepaid=say.euro(_sums["prepaid"]),
            paid_out=say.euro(_sums["paid_out"]),
        ),
        use_chart(network_months, say),
    )
    return


@app.cell
def _(found_investments, network_months, say):
    _owing = [row for row in found_investments if row["is_begun"] and row["outstanding_eur"] > 0]
    _behind = sum(row["arrears_eur"] > 0 for row in _owing)
    mo.stop(not _owing, page.section(say("refi_arrears_none"), say("refi_all_repaid")))

    def _end(row):
        if row["projected_end_month"] is not None:
            return _short(row["projected_end_month"])
        return say("refi_no_end" if row["last_ledger_month"] else "refi_not_due")

    def _short(month):
        return "–" if month is None else f"{month:%m/%Y}"

    _title = (
        say(
            "refi_arrears_title",
            amount=say.euro(investments.total(_owing, "arrears_eur")),
            part=_behind,
            whole=len(_owing),
        )
        if _behind
        else say("refi_arrears_none")
    )
    _chart = (
        [arrears_chart(network_months, say)]
        if any(row["arrears_eur"] for row in network_months)
        else []
    )
    page.section(
        _title,
        *_chart,
        say("refi_owing_intro"),
        page.table(
            {
                say("dealer"): [f"{row['dealer_name']} ({row['dealer_id']})" for row in _owing],
                say("refi_investment"): [row["investment_id"] for row in _owing],
                say("refi_arrears"): [say.euro(row["arrears_eur"]) for row in _owing],
                say("refi_outstanding"): [say.euro(row["outstanding_eur"]) for row in _owing],
                say("refi_last_bonus"): [_short(row["last_bonus_month"]) for row in _owing],
                say("refi_planned_end"): [_short(row["planned_end_month"]) for row in _owing],
                say("refi_projected_end"): [_end(row) for row in _owing],
                say("refi_balloon"): [say.euro(row["expected_balloon_eur"]) for row in _owing],
            },
            texts=[say("dealer"), say("refi_investment")],
        ),
    )
    return


@app.cell
def _(network_simulation, say):
    mo.stop(not network_simulation)

    _left = {row["pace_factor"]: row for row in network_simulation}
    _now, _slow = _left.get(Decimal(1)), network_simulation[0]
    page.section(
        say(
            "refi_pace_title",
            amount=say.euro(_now["balloon_eur"] if _now else None),
            whole=say.euro(_slow["outstanding_eur"]),
        ),
        *(
            [
                say("refi_pace_intro"),
                pace_chart(
                    network_simulation,
                    say,
                    lambda row: say(
                        "refi_endless", part=row["endless_count"], whole=row["investment_count"]
                    ),
                ),
            ]
            if investments.has_pace(network_simulation)
            else [say("refi_one_no_pace")]
        ),
    )
    return


@app.cell
def _(address, found_investments, say):
    mo.stop(not found_investments)

    # by name, so that one is found; at first the one that has most to tell
    _dealers = {
        f"{row['dealer_name']} ({row['dealer_id']})": row["dealer_id"]
        for row in sorted(found_investments, key=lambda row: (row["dealer_name"], row["dealer_id"]))
    }
    _chosen = address.among(
        "dealer",
        _dealers.values(),
        investments.most_telling(found_investments)["dealer_id"],
    )
    dealer_choice = mo.ui.dropdown(
        _dealers,
        value=next(text for text, dealer in _dealers.items() if dealer == _chosen),
        label=say("dealer"),
        allow_select_none=False,
        on_change=address.remember("dealer"),
    )
    return (dealer_choice,)


@app.cell
def _(address, dealer_choice, found_investments, say):
    _own = [row for row in found_investments if row["dealer_id"] == dealer_choice.value]
    _options = {
        say(
            "refi_option",
            investment=row["investment_id"],
            state=say.code_text("refi_status", row["status"]),
        ): row["investment_id"]
        for row in sorted(_own, key=lambda row: row["investment_id"])
    }
    _chosen = address.among(
        "investment", _options.values(), investments.most_telling(_own)["investment_id"]
    )
    investment_choice = mo.ui.dropdown(
        _options,
        value=next(text for text, value in _options.items() if value == _chosen),
        label=say("refi_investment"),
        allow_select_none=False,
        on_change=address.remember("investment"),
    )
    return (investment_choice,)


@app.cell
def _(dealer_choice, investment_choice, say):
    mo.vstack(
        [
            page.section(say("refi_one_title")),
            page.choices(dealer_choice, investment_choice),
        ]
    )
    return


@app.cell
def _(investment_choice):
    investment_id = investment_choice.value
    return (investment_id,)


@app.cell
def _(found_investments, investment_id, publication):
    investment = next(r for r in found_investments if r["investment_id"] == investment_id)
    _one = {"brand_code": None, "investment_id": investment_id}
    balances = publication.records(investments.BALANCES, **_one)
    months = publication.records(investments.MONTHS, **_one)
    simulation = publication.records(investments.SIMULATION, **_one)
    ledger = publication.records(investments.LEDGER, investment_id=investment_id)
    corrections = publication.records(investments.CORRECTIONS, investment_id=investment_id)
    return balances, corrections, investment, ledger, months, simulation


@app.cell
def _(investment, say):
    _end = investment["projected_end_month"]
    _no_end = say("refi_no_end" if investment["last_ledger_month"] else "refi_not_due")
    page.block(
        page.tiles(
            (
                say("refi_outstanding"),
                say.euro(investment["outstanding_eur"]),
                say(
                    "refi_repaid_of",
                    rate=say.percent(investment["paid_rate"], 0),
                    amount=say.euro(investment["refinanced_eur"]),
                ),
            ),
            (
                say("refi_arrears"),
                say.euro(investment["arrears_eur"]),
                say(
                    "refi_state_as_of",
                    state=say.code_text("refi_status", investment["status"]),
                    month=say.month(investment["last_ledger_month"]),
                ),
            ),
            (
                say("refi_projected_end"),
                f"{_end:%m/%Y}" if _end else _no_end,
                say("refi_planned_for", month=say.month(investment["planned_end_month"])),
            ),
            (
                say("refi_balloon"),
                say.euro(investment["expected_balloon_eur"]),
                say("refi_upfront_note", amount=say.euro(investment["upfront_eur"])),
            ),
        ).text,
        "money",
    )
    return


@app.cell
def _(balances, investment, say, simulation):
    mo.stop(not balances)

    _found = investments.lead_over_plan(balances)
    _by_pace = {row["pace_factor"]: row["balloon_eur"] for row in simulation}
    _planned_end = investment["planned_end_month"]
    # a straight line from what is owed now to what is left at the planned end
    _has_fan = (
        _found is not None
        and Decimal(1) in _by_pace
        and _found["month"] < _planned_end
        and _found["actual_eur"] > 0
    )
    _projections = (
        [
            (_found["month"], *[_found["actual_eur"]] * 3),
            (_planned_end, max(_by_pace.values()), _by_pace[1], min(_by_pace.values())),
        ]
        if _has_fan
        else []
    )
    _has_area = _has_fan and len(set(_by_pace.values())) > 1
    _is_done = _found is not None and not _found["actual_eur"]
    page.section(
        say(
            "refi_balance_DONE",
            month=say.month(investment["last_ledger_month"]),
            planned=say.month(_planned_end),
        )
        if _is_done
        else against_plan(_found, say),
        say("refi_one_intro") + (" " + say("refi_fan_intro") if _has_area else ""),
        balance_chart(balances, say, _projections),
    )
    return


@app.cell
def _(investment, months, say):
    mo.stop(not months, page.section(say("refi_not_due_title"), say("refi_not_due_text")))

    _earned = sum(row["bonus_earned_eur"] > 0 for row in months)
    _has_use = any(
        row[use]
        for row in months
        for use in ("applied_eur", "prepaid_eur", "paid_out_eur", "cash_called_eur")
    )
    page.section(
        say("refi_one_use_title", part=_earned, whole=len(months)),
        *(
            [say("refi_one_use_intro"), use_chart(months, say, has_schedule=True)]
            if _has_use
            else [say("refi_no_use")]
        ),
        *(
            [
                page.paragraph(
                    say.html("refi_one_arrears", amount=say.euro(investment["arrears_eur"]))
                ),
                arrears_chart(months, say),
            ]
            if any(row["arrears_eur"] for row in months)
            else []
        ),
    )
    return


@app.cell
def _(investment, say, simulation):
    mo.stop(not simulation or investment["last_ledger_month"] is None)

    _has_pace = investments.has_pace(simulation)
    page.section(
        say(
            "refi_one_pace_title" if _has_pace else "refi_one_no_pace_title",
            amount=say.euro(investment["expected_balloon_eur"]),
            month=say.month(investment["planned_end_month"]),
        ),
        *(
            [
                say("refi_pace_intro"),
                pace_chart(
                    simulation,
                    say,
                    lambda row: (
                        say("refi_ends", month=say.month(row["end_month"]))
                        if row["end_month"]
                        else say("refi_no_end")
                    ),
                ),
            ]
            if _has_pace
            else [say("refi_one_no_pace")]
        ),
    )
    return


@app.cell
def _(corrections, say):
    mo.stop(
        not corrections, page.section(say("refi_corrections_title"), say("refi_corrections_none"))
    )

    _closes = [
        say.html(
            "refi_corrected",
            day=say.instant(close.known_at),
            months=say(
                "refi_one_month" if close.month_count == 1 else "refi_many_months",
                count=close.month_count,
                month=say.month(close.first_month),
            ),
            bonus=say.euro(close.bonus_eur, is_signed=True),
            closing=say.euro(close.closing_eur, is_signed=True),
            arrears=say.euro(close.arrears_eur, is_signed=True),
        )
        for close in investments.by_close(corrections)
    ]

    _order = [*investments.LEDGER_AMOUNTS, "status"]
    _rows = sorted(
        corrections,
        key=lambda row: (row["as_known_at"], row["period_no"], _order.index(row["column_name"])),
    )

    def _value(row, column):
        value = row[column]
        if value is None:
            return say("refi_no_row")
        if investments.difference(row) is None:
            return say.code_text("refi_status", value)
        return say.euro(Decimal(value))

    _table = page.table(
        {
            say("month"): [say.month(row["month"]) for row in _rows],
            say("refi_figure"): [say.code_text("refi_column", row["column_name"]) for row in _rows],
            say("refi_before"): [_value(row, "old_value") for row in _rows],
            say("refi_after"): [_value(row, "new_value") for row in _rows],
            say("refi_difference"): [
                say.euro(investments.difference(row), is_signed=True) for row in _rows
            ],
            say("refi_known_at"): [say.instant(row["as_known_at"]) for row in _rows],
        },
        texts=[say("month"), say("refi_figure")],
    )
    page.section(
        say("refi_corrections_title"),
        say("refi_corrections_intro"),
        page.bullets(_closes),
        _table,
    )
    return


@app.cell
def _(ledger, say):
    mo.stop(not ledger)

    # columns that are zero throughout say nothing; arrears before stand in the row above
    _told = [
        column
        for column in investments.LEDGER_AMOUNTS
        if column in ("opening_eur", "closing_eur")
        or (column != "arrears_in_eur" and any(row[column] for row in ledger))
    ]
    _table = page.table(
        {
            say("month"): [f"{row['ledger_month']:%m/%Y}" for row in ledger],
            **{
                say(f"refi_column_{column}"): [say.number(row[column], 2) for row in ledger]
                for column in _told
            },
            say("state"): [say.code_text("refi_status", row["status"]) for row in ledger],
        },
        texts=[],
    )
    page.block(
        f"<details><summary>{escape(say('refi_ledger_title'))}</summary>{_table.text}</details>",
        "foot",
    )
    return


@app.cell
def _(publication, scope):
    pressure_months = investments.if_held(
        publication, "mart_investment_pressure", investments.PRESSURE_MONTHS, **scope
    )
    return (pressure_months,)


@app.cell
def _(found_investments, pressure, pressure_months, say):
    mo.stop(not pressure, page.section(say("refi_risk_title_none"), say("refi_risk_none")))

    def _why(row):
        values = {
            "buffer": say.euro(row["liquidity_buffer_eur"]),
            "open": say.euro(row["open_upfront_eur"]),
            "short": say.euro(-row["liquidity_buffer_eur"]),
            "result": say.euro(row["operating_result_12m_eur"]),
            "payback": say.number(row["payback_months"], 1),
            "margin": say.percent(row["margin_rate_12m"]),
            "change": say.percent(
                None if row["margin_change_rate"] is None else -row["margin_change_rate"]
            ),
        }
        said = []
        for risk in investments.risks(row):
            if risk == "BUFFER" and not row["open_upfront_eur"]:
                risk = "RESERVES"
            said.append(say(f"refi_risk_{risk}", **values))
        return "; ".join(said)

    _levels = {"HIGH": charts.LOSS, "WATCH": "#f2c9a8", "LOW": charts.FAINT}
    _counts = {level: sum(r["risk_level"] == level for r in pressure) for level in _levels}
    _shown = pd.DataFrame(
        [
            {
                "month": pd.Timestamp(row["month"]),
                "month_text": say.month(row["month"]),
                "level": say.code_text("refi_level", row["risk_level"]),
                "position": list(_levels).index(row["risk_level"]),
                "count": row["dealer_count"],
            }
            for row in pressure_months
        ]
    )
    _chart = (
        alt.Chart(charts.data(_shown))
        .mark_bar(size=18)
        .encode(
            charts.month_steps("month", None),
            alt.Y(
                "count:Q",
                title=say("refi_dealers_axis"),
                axis=alt.Axis(tickCount=5, format=",d"),
            ),
            order="position:Q",
            color=alt.Color(
                "level:N",
                scale=alt.Scale(
                    domain=[say(f"refi_level_{level}") for level in _levels],
                    range=list(_levels.values()),
                ),
            ),
            tooltip=[
                alt.Tooltip("month_text:N", title=say("month")),
                alt.Tooltip("level:N", title=say("refi_level")),
                alt.Tooltip("count:Q", title=say("dealers")),
            ],
        )
    )
    _risky = [row for row in pressure if row["risk_level"] != "LOW"]

    def _arrears(row):
        return investments.total(
            [
                owing
                for owing in found_investments
                if owing["dealer_id"] == row["dealer_id"]
                and owing["brand_code"] == row["brand_code"]
            ],
            "arrears_eur",
        )

    _table = page.table(
        {
            say("dealer"): [
                f"{row['dealer_name']} ({row['dealer_id']}, {row['brand_code']})" for row in _risky
            ],
            say("refi_why"): [_why(row) for row in _risky],
            say("refi_level"): [say.code_text("refi_level", row["risk_level"]) for row in _risky],
            say("refi_upfront"): [say.euro(row["upfront_eur"]) for row in _risky],
            say("refi_arrears"): [say.euro(_arrears(row)) for row in _risky],
        },
        texts=[say("dealer"), say("refi_why"), say("refi_level")],
    )
    page.section(
        say(
            "refi_risk_title",
            high=_counts["HIGH"],
            watch=_counts["WATCH"],
            whole=len(pressure),
            month=say.month(pressure[0]["month"]),
        ),
        say("refi_risk_intro"),
        charts.dressed(_chart, say, 220),
        *([_table] if _risky else []),
    )
    return


@app.cell
def _(refusals, say):
    mo.stop(not refusals, page.section(say("refi_refused_none")))

    page.section(
        say(
            "refi_refused_title",
            count=len(refusals),
            amount=say.euro(investments.total(refusals, "total_cost_eur")),
        ),
        say("refi_refused_intro"),
        page.table(
            {
                say("dealer"): [f"{r['dealer_name']} ({r['dealer_id']})" for r in refusals],
                say("refi_refusal"): [
                    say.code_text("refi_refusal", row["reason"]) for row in refusals
                ],
                say("refi_investment"): [row["investment_id"] for row in refusals],
                say("refi_cost"): [say.euro(row["total_cost_eur"]) for row in refusals],
            },
            texts=[say("dealer"), say("refi_refusal"), say("refi_investment")],
        ),
    )
    return


@app.cell
def _(address, programs, say):
    mo.stop(not programs, page.section(say("refi_shared_title"), say("refi_shared_none")))

    program_choice = address.select(
        "shared", say("program"), {row["program_id"]: row["program_id"] for row in programs}
    )
    return (program_choice,)


@app.cell
def _(program_choice, programs, say):
    _total = investments.total(programs, "total_eur")
    _partners = investments.total(programs, "partner_total_eur")
    _split = page.section(
        say(
            "refi_split_title",
            partners=say.euro(_partners),
            total=say.euro(_total),
            rate=say.percent(_partners / _total if _total else None, 0),
        ),
        page.table(
            {
                say("program"): [row["program_id"] for row in programs],
                say("refi_cost"): [say.euro(row["total_eur"]) for row in programs],
                say("side_OEM"): [say.euro(row["oem_total_eur"]) for row in programs],
                say("refi_partners"): [say.euro(row["partner_total_eur"]) for row in programs],
                say("refi_members"): [say.number(row["member_count"]) for row in programs],
                say("refi_least_share"): [say.euro(r["least_share_eur"]) for r in programs],
                say("refi_most_share"): [say.euro(row["most_share_eur"]) for row in programs],
                say("refi_go_live"): [say.day(row["go_live_on"]) for row in programs],
            },
            texts=[say("program")],
        ),
    )
    mo.vstack([_split, page.choices(program_choice)])
    return


@app.cell
def _(program_choice):
    program_id = program_choice.value
    return (program_id,)


@app.cell
def _(program_id, publication):
    returns = investments.if_held(
        publication, "mart_shared_program_return", investments.RETURNS, program_id=program_id
    )
    return (returns,)


@app.cell
def _(program_id, returns, say):
    mo.stop(
        not returns,
        page.section(say("refi_return_none_title", program=program_id), say("refi_no_go_live")),
    )

    _known = [row for row in returns if row["return_per_eur"] is not None]
    _earned_back = sum(row["return_per_eur"] >= 1 for row in _known)
    _members = investments.group_of(returns, is_member=True)
    _others = investments.group_of(returns, is_member=False)

    def _change(before, after):
        # months that are not all over do not compare
        if not _members.known_count:
            return say.percent(None)
        rate = investments.rate(after - before, before)
        text = say.percent(rate)
        return f"+{text}" if rate is not None and rate > 0 else text

    def _row(name, group):
        return {
            " ": say(name),
            say("dealers"): say.number(group.dealer_count),
            say("refi_leads_before"): say.number(group.leads_before),
            say("refi_leads_after"): say.number(group.leads_after),
            say("refi_change"): _change(group.leads_before, group.leads_after),
            say("refi_sold_before"): say.percent(
                investments.rate(group.sold_before, group.leads_before)
            ),
            say("refi_sold_after"): say.percent(
                investments.rate(group.sold_after, group.leads_after)
            ),
            say("refi_gain_per_dealer"): say.euro(group.gain_per_dealer_eur),
            say("refi_known"): say("of", part=group.known_count, whole=group.dealer_count),
        }

    _table = page.table(
        pd.DataFrame([_row("refi_members", _members), _row("refi_others", _others)]), texts=[" "]
    )
    _oem_rate = returns[0]["oem_return_rate"]
    _sides = page.paragraph(
        say.html(
            "refi_sides",
            partners=say.euro(_members.return_per_eur, is_signed=True),
            known=_members.known_count,
            whole=_members.dealer_count,
        )
        + " "
        + (
            say.html("refi_side_oem_open")
            if _oem_rate is None
            else say.html("refi_side_oem", oem=say.euro(_oem_rate, is_signed=True))
        )
    )
    mo.stop(
        not _known,
        page.section(
            say("refi_return_none_title", program=program_id), say("refi_return_none"), _table
        ),
    )

    _shown = pd.DataFrame(
        {
            "position": range(1, len(_known) + 1),
            "value": [float(row["return_per_eur"]) for row in _known],
            "name": [f"{row['dealer_name']} ({row['brand_code']})" for row in _known],
            "gain": [say.euro(row["gross_profit_gain_eur"], is_signed=True) for row in _known],
            "share": [say.euro(row["partner_share_eur"]) for row in _known],
            "text": [say.euro(row["return_per_eur"], is_signed=True) for row in _known],
            "is_earned": [
                say("refi_earned_back" if row["return_per_eur"] >= 1 else "refi_not_earned_back")
                for row in _known
            ],
        }
    )
    _y = {"title": say("refi_return_axis"), "axis": alt.Axis(tickCount=6, format=",.0f")}
    _chart = alt.layer(
        alt.Chart(charts.data(_shown))
        .mark_bar()
        .encode(
            alt.X(
                "position:O",
                title=say("refi_return_order"),
                axis=alt.Axis(labels=False, ticks=False),
            ),
            alt.Y("value:Q", **_y),
            color=alt.Color(
                "is_earned:N",
                scale=alt.Scale(
                    domain=[say("refi_earned_back"), say("refi_not_earned_back")],
                    range=[charts.OWN, charts.LOSS],
                ),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=say("dealer")),
                alt.Tooltip("gain:N", title=say("refi_gain")),
                alt.Tooltip("share:N", title=say("refi_share")),
                alt.Tooltip("text:N", title=say("refi_return_axis")),
            ],
        ),
        alt.Chart(alt.InlineData(values=[{"one": 1}]))
        .mark_rule(color=charts.INK, strokeDash=[4, 4])
        .encode(alt.Y("one:Q", **_y)),
    )
    page.section(
        say(
            "refi_return_title",
            program=program_id,
            part=_earned_back,
            whole=len(_known),
        ),
        say("refi_return_intro"),
        charts.dressed(_chart, say, 240),
        _sides,
        _table,
    )
    return


@app.cell
def _(publication, say):
    page.freshness(
        publication,
        say,
        "mart_refinancing_status",
        "mart_refinancing_ledger",
        "mart_refinancing_correction",
        "mart_investment_pressure",
        "mart_shared_program_return",
    )
    return


if __name__ == "__main__":
    app.run()
