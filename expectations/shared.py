"""Forms of rules that several families of feeds use, and what their SQL compares to."""

from __future__ import annotations

from expectations.rule import CONSISTENCY, HISTORY, STATE, TIMELINESS, UNIQUENESS, Rule

FOREVER = "date '9999-12-31'"
BRANDS = "(select distinct brand_code from state.oem__dealers)"
DELIVERED_ON = "cast(_delivered_at at time zone 'UTC' at time zone 'Europe/Berlin' as date)"
"""The day of a row's delivery."""


def holds(
    code: str,
    table: str,
    dimension: str,
    description: str,
    reason: str,
    remedy: str,
    passes: str,
    applies: str = "true",
    mostly: float = 1.0,
) -> Rule:
    """A rule of each row as it stands."""
    return Rule(
        code=code,
        table=table,
        scope=STATE,
        dimension=dimension,
        description=description,
        reason=reason,
        remedy=remedy,
        passes=passes,
        applies=applies,
        mostly=mostly,
    )


def known_brand(prefix: str, table: str, what: str) -> Rule:
    return holds(
        f"{prefix}_BRAND_KNOWN",
        table,
        CONSISTENCY,
        f"{what} is of a brand that has dealers.",
        "Another has no effect.",
        "Correct the brand's code.",
        "is_known_brand",
    )


def known_dealer(prefix: str, table: str) -> Rule:
    return holds(
        f"{prefix}_DEALER_KNOWN",
        table,
        CONSISTENCY,
        "The dealer has a contract for this brand.",
        "Rows of others are in no mart: what was said or done is missing everywhere.",
        "Export your dealer id and the brand's code as the contract has them; if both are right, "
        "ask the manufacturer to deliver the contract.",
        "is_known_dealer",
        mostly=0.99,
    )


def ordered(prefix: str, table: str, what: str) -> Rule:
    return holds(
        f"{prefix}_VALIDITY_ORDERED",
        table,
        CONSISTENCY,
        f"{what} does not end before it begins.",
        "It would never hold.",
        "Correct one of the two days.",
        "valid_to >= valid_from",
        applies="valid_to is not null",
    )


def not_doubled(
    prefix: str, table: str, per: tuple[str, ...], description: str, reason: str, remedy: str
) -> Rule:
    group = ", ".join(per)
    return Rule(
        code=f"{prefix}_NOT_DOUBLED",
        table=table,
        scope=STATE,
        dimension=UNIQUENESS,
        description=description,
        reason=reason,
        remedy=remedy,
        violations=f"""
            select {group}, count(*) as rows_told
            from {{batch}}
            group by {group}
            having count(*) > 1
            order by {group}
        """,
        checked=f"count(distinct ({group}))",
    )


def told_in_time(
    prefix: str,
    table: str,
    key: tuple[str, ...],
    day: str,
    grace: int,
    description: str,
    reason: str,
    remedy: str,
) -> Rule:
    """The first delivery of a key comes at most `grace` days after a day that it tells. What was
    dated before the feed began could not come in time."""
    listed = ", ".join(key)
    return Rule(
        code=f"{prefix}_IN_TIME",
        table=table,
        scope=HISTORY,
        dimension=TIMELINESS,
        description=description,
        reason=reason,
        remedy=remedy,
        violations=f"""
            with told as (
                select
                    {listed}, arg_min({day}, _delivered_at) as {day},
                    min({DELIVERED_ON}) as delivered_on
                from {{batch}}
                group by {listed}
            )
            select *
            from told
            where delivered_on > {day} + {grace}
                and {day} >= (select min(delivered_on) from told)
            order by {listed}
        """,
        checked=f"count(distinct ({listed}))",
        mostly=0.9,
    )
