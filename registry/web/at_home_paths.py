"""Where participants at home are: a part of the site with a cookie of its own."""

#: Every page there, and only those, gets that cookie.
PREFIX = "/dossier"
_GROUP = 4


def path_of(token: str) -> str:
    """The path that a link leads to, in groups that can be typed."""
    plain = token.replace("-", "")
    groups = [plain[at : at + _GROUP] for at in range(0, len(plain), _GROUP)]
    return f"{PREFIX}/{'-'.join(groups)}"
