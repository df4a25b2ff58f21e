"""Values as JSON can hold them."""

import math
from datetime import date
from typing import Any


def plain(value: Any) -> Any:
    """Dates as text, and null for numbers that are no answer."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value
