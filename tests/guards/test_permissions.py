"""The permission table: each permission explained, granted by a row, and asked for."""

import ast
import inspect
from itertools import pairwise
from pathlib import Path

import pytest

from registry.access import permissions
from registry.access.permissions import Permission
from registry.access.policy import POLICY

REGISTRY = Path(__file__).parents[2] / "registry"


def sentences() -> dict[str, str]:
    """The sentence under each member of the enumeration, by the member's name."""
    tree = ast.parse(inspect.getsource(permissions))
    body = next(
        node.body
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name == "Permission"
    )
    return {
        member.targets[0].id: below.value.value
        for member, below in pairwise(body)
        if isinstance(member, ast.Assign)
        and isinstance(member.targets[0], ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }


@pytest.mark.parametrize("permission", Permission)
def test_each_has_a_sentence_that_an_officer_can_read(permission: Permission):
    sentence = " ".join(sentences().get(permission.name, "").split())

    assert len(sentence) > 20, f"Write under {permission.name} what it opens."
    assert sentence.endswith("."), sentence


@pytest.mark.parametrize("permission", Permission)
def test_each_has_a_row_in_the_policy(permission: Permission):
    assert permission in POLICY, f"Say in access/policy.py who may {permission.value}."


@pytest.mark.parametrize("permission", Permission)
def test_each_is_asked_for_somewhere(permission: Permission):
    askers = [
        path
        for path in REGISTRY.rglob("*.py")
        if path.parent.name != "access"
        and f"Permission.{permission.name}" in path.read_text(encoding="utf-8")
    ]

    assert askers, f"{permission.name} opens nothing: remove it, or ask for it."
