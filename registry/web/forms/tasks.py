"""Asking for background work."""

from registry.web.forms.base import QueryForm, SchemaForm
from schemas.tasks import TaskQuery


class TaskListForm(QueryForm):
    """Which tasks to show."""

    schema = TaskQuery


class TaskForm(SchemaForm):
    """A button and nothing to fill in."""
