#!/usr/bin/env python3
"""Measure a calculator by reference activities:  python3 run.py ANSWERS.json [ACTIVITIES.json]

Plain Python, nothing to install. ACTIVITIES.json holds the inputs (quantity, unit, factor value and its unit, scope)
and the published totals; ANSWERS.json is what your tool made of them:

    {"tesa-2-2019": {"total_kg": "12697.3606"}, "s10": {"total_kg": "55.1939", "memo_kg": "1677.18"},
     "u-sum": {"total_kg": "1400", "interval_percent": ["15.97", "15.97"]}, ...}

A total agrees when it is the published one in the digits its source printed; an interval, its half-widths in percent
below and above, to one place. Ends with 0 when all agree.
"""

import json
import os
import sys
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation


def same(found, expected, places):
    """Whether two amounts agree to so many places (negative: tens, hundreds, ... of kilograms)."""
    try:
        step = Decimal(1).scaleb(-places)
        return Decimal(str(found)).quantize(step, ROUND_HALF_UP) == Decimal(expected).quantize(step, ROUND_HALF_UP)
    except InvalidOperation:
        return False


def differences(activity, answer):
    """What an answer gets wrong about an activity, in words."""
    expected, places = activity["expected"], activity["places"]
    wanted = {name: expected[name] for name in ("total_kg", "memo_kg") if name in expected}
    wanted.update({"scope " + scope: kg for scope, kg in expected.get("scope", {}).items()})
    found = {name: answer.get(name) for name in ("total_kg", "memo_kg")}
    found.update({"scope " + scope: kg for scope, kg in (answer.get("scope") or {}).items()})
    wrong = [
        f"{name}: published {kg}, answered {found.get(name)}"
        for name, kg in wanted.items()
        if not same(found.get(name), kg, places)
    ]
    return wrong + interval_differences(expected.get("interval"), answer.get("interval_percent"))


def interval_differences(expected, answered):
    """The same for the half-widths of an interval, where one is expected."""
    if expected is None:
        return []
    low, high = answered if answered and len(answered) == 2 else (None, None)
    return [
        f"interval {name}: expected {expected[name]}, answered {found}"
        for name, found in (("low_percent", low), ("high_percent", high))
        if not same(found, expected[name], expected["places"])
    ]


def compare(activities, answers):
    """Differences by activity; one without an answer is a difference."""
    wrong = {}
    for activity in activities:
        answer = answers.get(activity["code"])
        found = differences(activity, answer) if isinstance(answer, dict) else ["not answered"]
        if found:
            wrong[activity["code"]] = found
    return wrong


def main(arguments):
    if not 1 <= len(arguments) <= 2:
        print(__doc__)
        return 2
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "activities.json")
    with open(arguments[1] if len(arguments) == 2 else here, encoding="utf-8") as file:
        activities = json.load(file)["activities"]
    with open(arguments[0], encoding="utf-8") as file:
        answers = json.load(file)
    wrong = compare(activities, answers)
    for code, found in wrong.items():
        print(code + ": " + "; ".join(found))
    print(f"{len(activities) - len(wrong)} of {len(activities)} activities agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
