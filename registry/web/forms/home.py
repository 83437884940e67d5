"""The scan field of the home page and of the bar at the top."""

from wtforms import HiddenField, StringField

from registry.kernel.messages import T
from registry.web.forms.base import SchemaForm
from schemas.home import ScanIn


class ScanForm(SchemaForm):
    """Any code that is printed somewhere."""

    schema = ScanIn

    code = StringField(
        T("Scan or type a code"), description=T("A tube, a box, a kit or a participant code.")
    )
    participant = HiddenField()
    about = HiddenField()
