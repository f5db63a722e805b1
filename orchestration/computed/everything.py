"""All that Python writes for dbt, in one call."""

from __future__ import annotations

from collections.abc import Callable

from orchestration.computed.brand import compute_brand
from orchestration.computed.capability import compute_capability
from orchestration.computed.governance import compute_governance
from orchestration.computed.incentives import compute_incentives
from orchestration.computed.investments import compute_investments
from orchestration.computed.service import compute_service
from orchestration.computed.targets import compute_targets
from orchestration.settings import Settings


def compute_everything(
    settings: Settings, on_progress: Callable[[str], None] | None = None
) -> dict[str, int]:
    """Write every table of dbt source `computed`; gives the rows of each.

    Needs every due close posted and dbt's models built after that.
    """
    return (
        compute_targets(settings)
        | compute_incentives(settings, on_progress)
        | compute_investments(settings)
        | compute_service(settings)
        | compute_governance(settings)
        | compute_capability(settings)
        | compute_brand(settings)
    )
