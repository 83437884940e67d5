"""What can be asked of the page of background work."""

from registry.vocab import limits
from schemas.base import Shape
from schemas.fields import WholeNumber


class TaskQuery(Shape):
    """The tasks before one, on a page that has shown itself anew so many times."""

    before = WholeNumber(minimum=1, maximum=2**62)
    turns = WholeNumber(minimum=0, maximum=limits.TASK_PAGE_TURNS_MAX)
