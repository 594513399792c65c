#!/usr/bin/env python3
"""Recompute a sealed inventory:  python3 check.py DOSSIER.json [DIGEST]

Plain Python 3.8 or newer, nothing to install, no network. It checks that the bytes are those whose SHA-256 was printed
(DIGEST, else the file's name), recomputes every line and total with exact fractions; 0 when all agree, else 1.
"""

import hashlib
import json
import os
import re
import sys
from fractions import Fraction

FORMATS = ("qingzhang-dossier-1", "qingzhang-dossier-2")  # the second where a line counts a portion
AMOUNT = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
COUNTED = ("measured", "estimated")


class Wrong(Exception):
    """The dossier does not say what it ought to."""


def amount(text):
    """An amount as an exact fraction; only plain decimals are read."""
    if not isinstance(text, str) or not AMOUNT.fullmatch(text):
        raise Wrong(f"not a plain amount: {text!r}")
    return Fraction(text)


def printed(value):
    """A fraction with four places, half up: how every kilogram figure is kept."""
    tenths_of_grams = (value * 10000 * 2 + 1) // 2
    return f"{tenths_of_grams // 10000}.{tenths_of_grams % 10000:04d}"


def unique(pairs):
    """An object whose names occur once."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Wrong("a name occurs twice in one object")
    return found


def only_whole(text):
    raise Wrong(f"a number with a fraction or exponent: {text}")


def read(data):
    """The dossier in `data`; refused when it is not written in the one way of RFC 8785 (there is no fraction in it)."""
    dossier = json.loads(data.decode("utf-8"), object_pairs_hook=unique, parse_float=only_whole)
    if not isinstance(dossier, dict) or dossier.get("format") not in FORMATS:
        raise Wrong("not a dossier of the formats " + ", ".join(FORMATS))
    if json.dumps(dossier, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8") != data:
        raise Wrong("the bytes are not the canonical ones")
    return dossier


def portion(line):
    """What part of the quantity counts: material divided by its uses, the first among them, a car by its people."""
    uses, people = line.get("uses", 1), amount(line.get("sharing", "1"))
    again = amount(line.get("reused_percent", "100")) / 100
    unfounded = uses > 1 and not (line.get("uses_basis") and line["source"] in ("goods", "venue_construction"))
    if uses < 1 or people < 1 or again > 1 or unfounded:
        raise Wrong(f"line {line['position']} is divided without ground")
    return (1 - again + again / uses) / people


def same(what, said, found):
    if said != found:
        raise Wrong(f"{what}: the dossier says {said}, recomputed {found}")


def check_line(line, factors):
    """A counted line is quantity * ratio * portion * factor value, rounded once; another line has no figure at all."""
    if line["treatment"] not in COUNTED:
        if "kg" in line or "quantity" in line:
            raise Wrong(f"line {line['position']} is not counted and has a figure")
        return
    factor, part, (over, under) = factors[line["factor"]], portion(line), map(int, line["ratio"])
    if part != 1 or "portion" in line:
        same("portion", line.get("portion"), [str(part.numerator), str(part.denominator)])
    found = printed(amount(line["quantity"]) * Fraction(over, under) * part * amount(factor["value"]))
    same(f"line {line['position']}", line["kg"], found)
    same(f"memo of line {line['position']}", line["memo"], factor["basis"] == "memo")


def sums(lines, name):
    """Exact sums of the kg of `lines` by one of their fields."""
    found = {}
    for line in lines:
        key = str(line[name])
        found[key] = found.get(key, Fraction(0)) + amount(line["kg"])
    return {key: printed(value) for key, value in found.items()}


def check(dossier):
    """Recompute everything; returns the number of lines with a figure."""
    factors, lines, totals = dossier["factors"], dossier["lines"], dossier["totals"]
    for line in lines:
        check_line(line, factors)
    same("the format", dossier["format"], FORMATS[any("portion" in line for line in lines)])
    if len({line["key"] for line in lines}) != len(lines):
        raise Wrong("a line occurs twice")
    counted = [line for line in lines if "kg" in line]
    summed, memo = ([line for line in counted if line["memo"] is kind] for kind in (False, True))
    same("total", totals["total_kg"], printed(sum((amount(line["kg"]) for line in summed), Fraction(0))))
    same("memo", totals["memo_kg"], printed(sum((amount(line["kg"]) for line in memo), Fraction(0))))
    for name in ("source", "stage"):
        same("totals by " + name, totals[name], sums(summed, name))
    scopes = dict.fromkeys(("1", "2", "3"), printed(Fraction(0)))
    scopes.update(sums(summed, "scope"))
    same("totals by scope", totals["scope"], scopes)
    left_out = [line["source"] for line in lines if line["treatment"] == "excluded"]
    same("sources left out", dossier["excluded"], list(dict.fromkeys(left_out)))
    return len(counted)


def check_owed(dossier):
    """Whole units owed: the total rounded up, or the simulated 90th percentile, never less than the former."""
    owed = dossier["cover"]["owed_units"]
    total = -(-amount(dossier["totals"]["total_kg"]) // 1000)
    drawn = -(-amount((dossier["simulation"] or {"p90_kg": "0"})["p90_kg"]) // 1000)
    same("units owed", owed, {"mean": total, "p90": max(total, drawn)})


def main(arguments):
    if not 1 <= len(arguments) <= 2:
        print(__doc__)
        return 2
    with open(arguments[0], "rb") as file:
        data = file.read()
    wanted = arguments[1] if len(arguments) == 2 else os.path.basename(arguments[0]).split(".")[0]
    try:
        same("SHA-256", wanted.lower(), hashlib.sha256(data).hexdigest())
        dossier = read(data)
        count = check(dossier)
        if "cover" in dossier:
            check_owed(dossier)
        said = f"GOOD: {count} lines recomputed, total {dossier['totals']['total_kg']} kg CO2e\n"
        said += f"{dossier['activity']['code']}, {dossier['kind']}, version {dossier['version']}"
    except (Wrong, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        print("REFUSED: " + str(error).encode("ascii", "backslashreplace").decode())
        return 1
    print(said.encode("ascii", "backslashreplace").decode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
