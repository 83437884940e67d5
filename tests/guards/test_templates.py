"""The templates: nothing that the security policy refuses, nothing unescaped, no other host."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "registry" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))

REFUSED = {
    "an inline script": r"<script(?![^>]*\bsrc=)[^>]*>",
    "an inline style sheet": r"<style\b",
    "a style attribute": r"\sstyle\s*=",
    "an event attribute": r"\son[a-z]+\s*=",
    "a script address": r"javascript:",
    "text that is not escaped": r"\|\s*safe\b|autoescape\s+false",
    "a file from another machine": r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
}


def test_there_are_templates_to_check():
    assert TEMPLATES


@pytest.mark.parametrize("what", REFUSED)
def test_no_template_holds(what: str):
    found = [
        f"{path.relative_to(WEB)}: {match.group(0).strip()}"
        for path in TEMPLATES
        for match in re.finditer(REFUSED[what], path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]

    assert not found


def test_every_posted_form_carries_its_token():
    without = [
        f"{path.relative_to(WEB)}: {form.group(0)[:80]}"
        for path in TEMPLATES
        for form in re.finditer(
            r"<form\b[^>]*method=[\"']post[\"'].*?</form>",
            path.read_text(encoding="utf-8"),
            re.IGNORECASE | re.DOTALL,
        )
        if not re.search(r"csrf_token|hidden_tag|hidden\(|form_start|forms\.", form.group(0))
    ]

    assert not without, f"These would be refused when sent: {without}"
