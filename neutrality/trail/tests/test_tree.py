"""The hash tree against the golden vectors of certificate transparency, and every proof of every small tree."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from neutrality.trail import rules

# The eight leaves and the roots after each, as published with the reference implementation of RFC 6962.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATH_OF_FIRST_IN_EIGHT = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]


class Tree:
    """Keeps what entries keep: for each number the subtrees that end there."""

    def __init__(self, leaves):
        self.kept = []
        for number, data in enumerate(leaves, 1):
            self.kept.append(rules.new_nodes(number, rules.leaf_hash(data), self))

    def __call__(self, level, index):
        return self.kept[((index + 1) << level) - 1][level * 32 : (level + 1) * 32]


def golden():
    return Tree([bytes.fromhex(leaf) for leaf in LEAVES])


def simple_root(hashes):
    """The definition of RFC 6962 2.1, straight."""
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return rules.node_hash(simple_root(hashes[:half]), simple_root(hashes[half:]))


def test_golden_roots():
    assert [rules.root(size, golden()).hex() for size in range(1, 9)] == ROOTS
    assert rules.root(0, golden()) == rules.EMPTY_ROOT


def test_golden_paths():
    assert [step.hex() for step in rules.inclusion(0, 8, golden())] == PATH_OF_FIRST_IN_EIGHT
    assert rules.consistency(8, 8, golden()) == []


@pytest.mark.parametrize("size", range(1, 33))
def test_every_leaf_of_every_small_tree_is_proven_and_no_other(size):
    leaves = [bytes([i]) for i in range(size)]
    tree = Tree(leaves)
    root = rules.root(size, tree)
    assert root == simple_root([rules.leaf_hash(leaf) for leaf in leaves])
    for index, leaf in enumerate(leaves):
        path = rules.inclusion(index, size, tree)
        assert rules.root_from_path(rules.leaf_hash(leaf), index, size, path) == root
        assert rules.root_from_path(rules.leaf_hash(b"other"), index, size, path) != root
        for i in range(len(path)):
            forged = [*path[:i], bytes(32), *path[i + 1 :]]
            assert rules.root_from_path(rules.leaf_hash(leaf), index, size, forged) != root
        for wrong in ([*path, bytes(32)], path[:-1]) if path else ([bytes(32)],):
            with pytest.raises(ValueError, match="too"):
                rules.root_from_path(rules.leaf_hash(leaf), index, size, wrong)


@pytest.mark.parametrize("size", range(1, 20))
def test_every_earlier_tree_is_the_beginning_of_the_later(size):
    tree = Tree([bytes([i]) for i in range(size)])
    for old in range(1, size + 1):
        old_root, root = rules.root(old, tree), rules.root(size, tree)
        proof = rules.consistency(old, size, tree)
        assert rules.roots_from_consistency(old, size, old_root, proof) == (old_root, root)
        rewritten = Tree([b"rewritten", *[bytes([i]) for i in range(1, size)]])
        forged = rules.consistency(old, size, rewritten)
        assert rules.roots_from_consistency(old, size, old_root, forged) != (old_root, rules.root(size, rewritten))


def test_no_such_leaf_or_tree():
    for wrong in (-1, 8):
        with pytest.raises(ValueError, match="no such leaf"):
            rules.inclusion(wrong, 8, golden())
    for wrong in (0, 9):
        with pytest.raises(ValueError, match="no such earlier"):
            rules.consistency(wrong, 8, golden())


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), values, max_size=5))
def test_the_order_of_keys_does_not_matter(value):
    assert rules.canonical(value) == rules.canonical(dict(reversed(value.items())))


@given(values)
def test_the_bytes_are_those_of_rfc_8785(value):
    assert rules.canonical(value) == rfc8785.dumps(value)


def test_signs_beyond_the_basic_plane_are_put_in_order_as_rfc_8785_does(monkeypatch):
    """The one case where the standard library would write something else, with the look for it and without."""
    value = {"\ufb33": 1, "\U0002000b": 2}
    assert rules.canonical(value) == rfc8785.dumps(value)
    monkeypatch.setattr(rules, "BEYOND", re.compile("(?!)"))
    assert rules.canonical(value) != rfc8785.dumps(value)


def test_amounts_days_and_moments_are_strings():
    at = datetime(2026, 5, 18, 8, 0, tzinfo=UTC)
    assert rules.canonical({"t": Decimal("1448.500"), "on": date(2026, 5, 18), "at": at}) == (
        b'{"at":"2026-05-18T08:00:00.000000Z","on":"2026-05-18","t":"1448.500"}'
    )


@pytest.mark.parametrize("wrong", [1.5, {"a": [0.1]}, datetime(2026, 1, 1), object()])  # noqa: DTZ001
def test_what_has_no_canonical_form_is_refused(wrong):
    with pytest.raises(TypeError):
        rules.canonical(wrong)
