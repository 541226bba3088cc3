"""What fuzzing may find because no plain JSON Schema can tell it, each with its reason.

Answers with 422 to requests that the contract allows, if every error in them is one of these; and
bodies that the contract allows once their texts are trimmed, and forms once their empty values are
left out.
"""

import re
from typing import Any

from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData

FORM = "application/x-www-form-urlencoded"
FORMATS = "`format` and a short pattern say less than the whole rule"
NUMBERS = "`multipleOf` would make JavaScript refuse 4.35, and text has no limits"
STORED = "what a database can store has no words in JSON Schema"
REASONS = {
    # Rules of passwords and accounts.
    "The password is too common": "a list of thousands of words, and characters in order",
    "The password is the e-mail address": "compares two fields",
    "Value error, The new password is the current one": "compares two fields",
    "Changing the e-mail address needs the current password": "depends on the address of now",
    # Lists.
    "The cursor does not belong to this list and sort order": "only the page before has the next",
    "The row of the cursor is gone: begin at the first page": "rows are deleted",
    # Texts.
    r"String should have at least \d+ characters?": "texts are trimmed before they are measured",
    "Value error, must not repeat an item": "items may differ and mean the same: 'a' and ' a'",
    "Value error, must not contain control characters": "the field has a pattern of its own",
    "value is not a valid email address: .*": FORMATS,
    "Value error, must be a web address such as .*": FORMATS,
    # Dates and times.
    "Value error, must be a date and time with a time zone such as .*": "fractions of microseconds",
    "Input should be a valid datetime.*, second value is outside expected .*": "leap seconds",
    "Value error, must be between the years 1 and 9999 in UTC": STORED,
    r"Input should be (greater|less) than (or equal to )?(datetime\.|\d+-|\d+:).*": (
        "JSON Schema has no limits of dates and times: descriptions tell them"
    ),
    # Decimals.
    r"Decimal input should have no more than \d+ (digits in total|decimal places?)": NUMBERS,
    r"Decimal input should have no more than \d+ digits before the decimal point": NUMBERS,
    r"Input should be (greater|less) than (or equal to )?-?[\d.]+": NUMBERS,
    "Value error, has more digits than a number can hold: send it as text": NUMBERS,
    "Value error, must be a decimal such as .*": "numbers in a query may have an exponent",
    # Documents, and floats in lists.
    "Value error, must not be null": "a document is any JSON but null",
    "Value error, must not (contain NUL|be nested deeper|be nearer to 0) ?.*": STORED,
    "Value error, must (be text|contain (only|no) numbers?|have at most) ?.*": STORED,
}
KNOWN = re.compile("|".join(f"({message})" for message in REASONS))


def is_known(failure: Any, case: Any, response: Any) -> bool:
    """Tell whether a failure is one of these."""
    if isinstance(failure, AcceptedNegativeData):
        return _is_valid_as_read(case)
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 422:
        return False
    return all(
        KNOWN.fullmatch(error["msg"]) or _is_integral(case.body, error)
        for error in response.json()["errors"]
    )


def _is_integral(body: Any, error: Any) -> bool:
    """Whether a float was sent that JSON Schema takes for an integer: 2.0."""
    if error["type"] != "int_type" or error["loc"][0] != "body":
        return False
    for key in error["loc"][1:]:
        body = body[key]
    return isinstance(body, float) and body.is_integer()


def _is_valid_as_read(case: Any) -> bool:
    if not isinstance(case.body, dict):
        return False
    contract = case.operation.get_body_for_media_type(case.media_type)
    read = _trimmed(case.body)
    if case.media_type == FORM:
        # RFC 6749, section 3.2: parameters without a value are treated as if they were omitted.
        read = {name: value for name, value in read.items() if value != ""}
    return not contract.is_valid(case.body) and contract.is_valid(read)


def _trimmed(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return [_trimmed(item) for item in value]
    return {k: _trimmed(item) for k, item in value.items()} if isinstance(value, dict) else value
