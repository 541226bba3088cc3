"""What fuzzing may find because no JSON Schema can tell it, each with its reason.

Only answers with 422 to requests that the contract allows, and only if every error in them is one
of these.
"""

from typing import Any

from schemathesis.openapi.checks import RejectedPositiveData

MOMENT = "datetime.datetime({}, tzinfo=datetime.timezone.utc)"
OFFSETS = "a pattern cannot add the offset of a moment"
REASONS = {
    "The password is too common": "a list of thousands of words, and characters in order",
    "The password is the e-mail address": "compares two fields",
    "Value error, The new password is the current one": "compares two fields",
    "Changing the e-mail address needs the current password": "depends on the address of now",
    "String should have at least 2 characters": "texts are trimmed before they are measured: ' a'",
    f"Input should be greater than or equal to {MOMENT.format('2026, 1, 15, 8, 0')}": OFFSETS,
    f"Input should be less than {MOMENT.format('2027, 1, 1, 0, 0')}": OFFSETS,
    "Value error, must not repeat an item": "items may differ and mean the same: 'a' and ' a'",
}


def is_known(failure: Any, response: Any) -> bool:
    """Tell whether a failure is one of these."""
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 422:
        return False
    return {error["msg"] for error in response.json()["errors"]} <= REASONS.keys()
