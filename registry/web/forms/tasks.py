"""Asking for background work."""

from wtforms import HiddenField

from registry.web.forms.base import QueryForm, SchemaForm
from schemas.tasks import TaskQuery


class TaskListForm(QueryForm):
    """Which tasks to show."""

    schema = TaskQuery

    #: Carried by links and by the page's own renewal alone.
    before = HiddenField()
    turns = HiddenField()


class TaskForm(SchemaForm):
    """A button and nothing to fill in."""
