"""Patterns of decimals between two limits, digit by digit.

Limits and values are whole numbers of their last place: with two places, 150 is 1.50.
"""

TEN = 10


def decimals(low: int, high: int, digits: int, places: int) -> str:
    """Match the texts of decimals that are between two limits and have no more digits than these."""
    most = TEN**digits - 1
    low, high = max(low, -most), min(high, most)
    if -low == high:
        return f"-?{_magnitudes(0, high, places)}"
    signed = []
    if low < 0:
        signed.append("-" + _magnitudes(max(0, -high), -low, places))
    if high >= 0:
        signed.append(_magnitudes(max(0, low), high, places))
    return either(signed)


def _magnitudes(low: int, high: int, places: int) -> str:
    unit = TEN**places
    (first, from_), (last, to) = divmod(low, unit), divmod(high, unit)
    found = []
    if first == last:
        return f"{first}{fraction(from_, to, places)}"
    if from_:
        found.append(f"{first}{fraction(from_, unit - 1, places)}")
        first += 1
    if to < unit - 1:
        found.append(f"{last}{fraction(0, to, places)}")
        last -= 1
    if first <= last:
        found.insert(0, _wholes(first, last) + fraction(0, unit - 1, places))
    return either(found)


def _wholes(low: int, high: int) -> str:
    if high < TEN:
        return _digit(low, high)
    found = []
    if low == 0:
        found, low = ["0"], 1
    all_below = len(str(high + 1)) - 1
    while low <= high:
        length = len(str(low))
        if low == TEN ** (length - 1) and length <= all_below:
            found.append("[1-9]" + _any(length - 1, all_below - 1))
            low = TEN**all_below
        else:
            end = min(high, TEN**length - 1)
            found.append(same_length(str(low), str(end)))
            low = end + 1
    return either(found)


def same_length(low: str, high: str) -> str:
    if low == high:
        return low
    if low[0] == high[0]:
        return low[0] + same_length(low[1:], high[1:])
    first, last, rest = int(low[0]), int(high[0]), len(low) - 1
    found = []
    if low[1:].strip("0"):
        found.append(low[0] + same_length(low[1:], "9" * rest))
        first += 1
    if high[1:].strip("9"):
        found.append(high[0] + same_length("0" * rest, high[1:]))
        last -= 1
    if first <= last:
        found.append(_digit(first, last) + _any(rest, rest))
    return either(found)


def fraction(low: int, high: int, places: int) -> str:
    """Match what follows a whole number, which may be nothing if that is between the limits."""
    if not low:
        return _fraction_to(high, places)
    if high == TEN**places - 1:
        return _fraction_from(low, places)
    return f"(?!{_fraction_from(high + 1, places)}$){_fraction_from(low, places)}"


def _fraction_to(most: int, places: int) -> str:
    if not most:
        return r"(\.0+)?"
    if most == TEN**places - 1:
        return rf"(\.{_any(1, places)}0*)?"
    return rf"(\.{_digits_to(str(most).zfill(places))}0*)?"


def _digits_to(most: str) -> str:
    digit, rest = int(most[0]), most[1:]
    if not rest:
        return _digit(0, digit)
    same = f"{digit}({_digits_to(rest)})?" if rest.strip("0") else str(digit)
    return either([_digit(0, digit - 1) + _any(0, len(rest)), same] if digit else [same])


def _fraction_from(least: int, places: int) -> str:
    return rf"\.{_digits_from(str(least).zfill(places))}0*"


def _digits_from(least: str) -> str:
    digit, rest = int(least[0]), least[1:]
    if not rest.strip("0"):
        return _digit(digit, 9) + _any(0, len(rest))
    found = [f"{digit}{_digits_from(rest)}"]
    if digit < TEN - 1:
        found.insert(0, _digit(digit + 1, 9) + _any(0, len(rest)))
    return either(found)


def _any(least: int, most: int) -> str:
    if not most:
        return ""
    count = {(1, 1): "", (0, 1): "?"}.get((least, most))
    if count is None:
        count = str(least) if least == most else f"{least},{most}"
        count = "{" + count + "}"
    return f"[0-9]{count}"


def _digit(first: int, last: int) -> str:
    return str(first) if first == last else f"[{first}-{last}]"


def either(patterns: list[str]) -> str:
    return patterns[0] if len(patterns) == 1 else f"({'|'.join(patterns)})"
