"""What programs send that are not meant well, or not written well."""

import json

DEEP = 100_000
DIGITS = "9" * 5_000
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MULTIPART = {"Content-Type": "multipart/form-data; boundary=b"}

# Bodies that no endpoint takes.
BODIES: dict[str, bytes] = {
    "empty": b"",
    "blank": b" " * 1_000_000,
    "null": b"null",
    "true": b"true",
    "a number": b"1",
    "a text": b'"x"',
    "a list": b"[]",
    "a list of objects": b"[{}]",
    "cut off": b'{"email":',
    "two": b"{}{}",
    "a comment": b"{} // no JSON",
    "single quotes": b"{'email': 1}",
    "a comma too many": b'{"email": "a@example.com",}',
    "invalid UTF-8": b'{"email": "\xff\xfe"}',
    "overlong UTF-8": b'{"email": "\xc0\xae"}',
    "an encoded surrogate": b'{"email": "\xed\xa0\x80"}',
    "UTF-16": '{"unknown": 1}'.encode("utf-16"),
    "UTF-32": '{"unknown": 1}'.encode("utf-32"),
    "NUL": b"\x00",
    "NUL in JSON": b'{"email": "\x00"}',
    "a field of NUL": b'{"\\u0000": 1}',
    "a field of half a pair": b'{"\\ud800": 1}',
    "NaN": b"NaN",
    "Infinity": b'{"unknown": -Infinity}',
    "an endless number": b'{"unknown": ' + b"9" * 1_000_000 + b"}",
    "a number of 5 000 digits": f'{{"unknown": {DIGITS}}}'.encode(),
    "an endless exponent": b'{"unknown": 1e999999999}',
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep and open": b"[" * DEEP,
    "nearly too deep": b'{"unknown":' + b"[" * 900 + b"]" * 900 + b"}",
    "many fields": json.dumps({f"{number:x}": 1 for number in range(80_000)}).encode(),
    "one field many times": b"{" + b'"unknown":1,' * 80_000 + b'"unknown":1}',
    "a long name": json.dumps({"x" * 1_000_000: 1}).encode(),
    "a long list": json.dumps({"unknown": list(range(140_000))}).encode(),
    "prototypes": b'{"__proto__": {"is_admin": true}, "constructor": {}, "__class__": 1}',
}

# Values that no field takes, as they stand in JSON.
VALUES: dict[str, str] = {
    "NUL": r'"a\u0000b"',
    "the first half of a pair": r'"a\ud800b"',
    "the second half of a pair": r'"\udfff"',
    "a surrogate in a list": r'["\ud800"]',
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "too large for a float": "1e400",
    "5 000 digits": DIGITS,
    "NaN in a list": "[NaN]",
    "deep": "[" * 200 + "]" * 200,
}
# Values that some numbers may have.
NUMBERS: dict[str, str] = {
    "2 to the 63rd": str(2**63),
    "less than 64 bits": str(-(2**63) - 1),
    "10 to the 30th": str(10**30),
    "a large float": "1e300",
}

# As short as numbers may be sent that PostgreSQL writes with all their digits.
LENGTHENED = ("1e308", "1e-300", "1e18", "9e18", "-1e-18", "1e99")

# Codecs of Python's: no charsets, charsets of text that nothing can encode, and very slow ones.
CHARSETS = (
    "unicode_escape", "raw_unicode_escape", "utf-7", "idna", "punycode", "undefined", "base64",
    "rot13", "hex", "zlib", "bz2", "uu", "quopri", "mbcs", "utf-16", "utf_8_sig", "cp037",
    "latin-1", "hz", "iso2022_jp", "x", "", "x" * 10_000, "../utf_8", "\xff",
)  # fmt: skip


def parts(value: bytes, grant_type: bytes = b"password") -> bytes:
    """Return a form for logging in whose other fields all have this value."""
    names = (b"username", b"password", b"scope", b"client_id", b"client_secret")
    fields = dict.fromkeys(names, value) | {b"grant_type": grant_type}
    part = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    return b"".join(part % field for field in fields.items()) + b"--b--\r\n"


FORMS: dict[str, tuple[dict[str, str], bytes]] = {
    "empty": (FORM, b""),
    "2 000 fields": (FORM, b"&".join(b"a%d=1" % number for number in range(2_000))),
    "one field 2 000 times": (FORM, b"&".join([b"username=a&password=b"] * 2_000)),
    "separators": (FORM, b"&" * 1_000_000),
    "invalid UTF-8": (FORM, b"username=\xff&password=\xff"),
    "invalid UTF-8, encoded": (FORM, b"username=%ff%fe&password=%ff"),
    "NUL": (FORM, b"username=a%00@example.com&password=%00"),
    "a surrogate": (FORM, b"username=%ED%A0%80@example.com&password=%ED%A0%80"),
    "half an escape": (FORM, b"username=%&password=%1"),
    "a password of 1 MB": (FORM, b"username=a@example.com&password=" + b"x" * 1_000_000),
    "a name of 1 MB": (FORM, b"password=a&username=" + b"x" * 1_000_000),
    "an address of 1 MB": (FORM, b"password=a&username=a@" + b"b." * 500_000 + b"com"),
    "another grant": (FORM, b"grant_type=client_credentials&username=a&password=b"),
    "JSON": (JSON, b'{"username": "a", "password": "b"}'),
    "another charset": ({"Content-Type": FORM["Content-Type"] + "; charset=x"}, b"username=a"),
    "no boundary": ({"Content-Type": "multipart/form-data"}, b"x"),
    "no parts": (MULTIPART, b"x"),
    "a cut part": (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="username"\r\n\r\nx'),
    "a file": (
        MULTIPART,
        (
            b'--b\r\nContent-Disposition: form-data; name="username"; filename="x"\r\n\r\n'
            b"x\r\n--b--\r\n"
        ),
    ),
    "many parts": (
        MULTIPART,
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 8_000 + b"--b--\r\n",
    ),
    "slow to decode": (
        {"Content-Type": f"{MULTIPART['Content-Type']}; charset=punycode"},
        b'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n'
        + b"x" * 900_000
        + b"\r\n--b--\r\n",
    ),
    "two charsets": (
        {"Content-Type": f"{MULTIPART['Content-Type']}; charset=utf-8; CHARSET*0=utf-7"},
        parts(b"+2AA-"),
    ),
}

IDS = (
    "0", "-1", "+1", "1.0", "1e3", "0x1", "NaN", "null", "me2", str(2**63), str(10**30),
    "9" * 4_299, "9" * 4_301, DIGITS, "9" * 50_000, "%00", "1%00", "%0a", "1%0a", "%ff",
    "%ED%A0%80", "%F0%9D%9F%8F", "..%2f..", "%2e%2e", "1%2f2", "1;2", "'%20OR%201=1%20--", "%7B%7D",
)  # fmt: skip

# What some parameters may be, but nothing breaks.
QUERIES = (
    "", "%00", "a%00b", "%ff", "%ED%A0%80", "%0a", "-1", "0", "1.5", "1e999", "NaN", "Infinity",
    str(2**31), str(2**63), str(10**30), DIGITS, "1_0", "+1", "true", "null", "[]", "%F0%9D%9F%8F",
    "'%20OR%201=1%20--", "%25%5C_", "x" * 5_000, "id;DROP%20TABLE%20users", "..%2f..%2fetc",
)  # fmt: skip
