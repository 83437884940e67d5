"""Writes the consent decision down from its tables: the rules, and the matrix of conditions."""

from registry.consents.decision import duo
from registry.consents.decision.rules import RULES
from registry.vocab.labels import label
from registry.vocab.research import DUO_IDS, PERMISSIONS, WITH_PARAMETER, DuoTerm, ResearchCategory

_PAGE = """# The consent decision

Drawn from `RULES` in `registry/consents/decision/rules.py` and from `MATRIX`, `MODIFIERS` and
`OBLIGATIONS` in `registry/consents/decision/duo.py` by `make architecture`; a test compares them.
What it is for is in [consents.md](consents.md).

## The rules

For each use that is asked – a study makes several – the first rule that holds decides.  What
no rule decides is denied by rule 0, and so is what cannot be read.

| No. | Rule | Verdict | What people are told |
|---:|---|---|---|
{rules}

## What an agreement allows

A question of a form bears the terms of the Data Use Ontology under which its answer agrees; one
that names none bears {default}.
Of several questions that hold what is asked, the narrowest ones decide.

| Agreed to | {asked} |
|---|{dashes}|
{matrix}

*within*: every disease that is studied lies within one that was agreed to (by the beginning of its
code).  *about*: if so, a person decides; otherwise denied.

## What restricts it

Not met, unknown or unreadable: denied.

| Term | | Value |
|---|---|---|
{modifiers}

## What it asks in return

Allowed, with an obligation that the requester accepts; without an ethics committee's approval a
person decides on `{approval}`.

| Term | |
|---|---|
{obligations}
"""


def _rules() -> str:
    return "\n".join(
        f"| {rule.number} | `{rule.name}` | {label(rule.verdict)}"
        f"{f' or {label(rule.or_else)}' if rule.or_else else ''} | {rule.reason} |"
        for rule in RULES
    )


def _matrix() -> str:
    return "\n".join(
        f"| {label(term)} (`{term.value}`) | "
        + " | ".join(cells[category].value for category in ResearchCategory)
        + " |"
        for term, cells in duo.MATRIX.items()
    )


def _modifiers() -> str:
    names = [term for term in DuoTerm if term in duo.MODIFIERS and term not in PERMISSIONS]
    return "\n".join(
        f"| `{term.value}` ({DUO_IDS[term]}) | {label(term)} | "
        f"{'yes' if term in WITH_PARAMETER else ''} |"
        for term in names
    )


def _obligations() -> str:
    return "\n".join(
        f"| `{term.value}` ({DUO_IDS[term]}) | {label(term)} |"
        for term in DuoTerm
        if term in duo.OBLIGATIONS
    )


def drawn() -> str:
    """The page as the tables of today have it."""
    return _PAGE.format(
        rules=_rules(),
        default=f"“{label(duo.DEFAULT_PERMISSION[0])}” (`{duo.DEFAULT_PERMISSION[0].value}`)",
        asked=" | ".join(str(label(category)) for category in ResearchCategory),
        dashes="---|" * (len(ResearchCategory) - 1) + "---",
        matrix=_matrix(),
        modifiers=_modifiers(),
        approval=duo.APPROVAL.value,
        obligations=_obligations(),
    )
