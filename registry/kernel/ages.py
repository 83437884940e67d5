"""What of a birth date the registry needs, and no more."""

from datetime import date

#: Code civil, art. 414.
MAJORITY_YEARS = 18


def adult_from(birth_date: date | None) -> date | None:
    """The first day of the month in which somebody comes of age; None if the birth is not known.

    A month and not the day: the day would be the birthday, which stays in the vault.
    """
    if birth_date is None:
        return None
    return birth_date.replace(year=birth_date.year + MAJORITY_YEARS, day=1)
