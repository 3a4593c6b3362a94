"""Messages that differ in all that matters to compression."""

import json
import os
import random


def message(i):
    """The i-th of many: records of JSON, random bytes, nothing at all; short ones, and now and then a long one."""
    size = random.randrange(2_000 if i % 16 else 60_000)
    if i % 5 == 1:
        return "" if i % 2 else b""
    if i % 5 == 2:
        return os.urandom(size)
    text, number = "", 0
    while len(text) < size:
        record = {"id": number, "name": f"Grüße {number % 7} 🙂", "value": random.randrange(1000), "valid": True}
        text += json.dumps(record, ensure_ascii=False)
        number += 1
    text = text[: size // 2]
    return text.encode() if i % 5 == 3 else text
