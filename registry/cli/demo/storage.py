"""The freezers, and boxes that are opened as others fill up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from registry.cli.demo.people import BIOBANK, Login, Staff
from registry.custody import queries as custody
from registry.storage import queries, service
from registry.vocab.samples import SampleType
from registry.vocab.storage import StorageClass, UnitKind


@dataclass(frozen=True)
class _Shelf:
    """Where one kind of sample is kept, and in which boxes."""

    label: str
    name: str
    side: int
    types: tuple[SampleType, ...]
    boxes_per_rack: int = 8
    in_nitrogen: bool = False


_SHELVES = (
    _Shelf("PLA", "Plasma EDTA", 9, (SampleType.PLASMA_DOUBLE_SPUN,)),
    _Shelf("SER", "Sérum", 9, (SampleType.SERUM,)),
    _Shelf("BFF", "Couches leucocytaires", 10, (SampleType.BUFFY_COAT_NONVIABLE,)),
    _Shelf("URN", "Urines", 9, (SampleType.URINE_SPOT,)),
    _Shelf("ARN", "Tubes de sang pour ARN et ADN", 7, (SampleType.BLOOD,)),
    _Shelf("CEL", "Cellules mononucléées", 9, (SampleType.PBMC_VIABLE,), in_nitrogen=True),
)
_SPARE_BOXES = 2

#: The sites that keep samples: the biobank those of the north as well as its own.
KEEPERS = {"NORD": BIOBANK, "SUD": "SUD"}


@dataclass
class _Row:
    """The boxes of one kind at one site, the last of which is being filled."""

    shelf: _Shelf
    parent_id: int
    racks: int = 0
    rack_id: int = 0
    boxes: int = 0
    box_id: int = 0
    free: int = 0


class Storage:
    """The places of the biobank and of the southern hospital."""

    def __init__(self, staff: Staff) -> None:
        self._technician = staff[Login.TECHNICIAN]
        self._site_ids = staff.site_ids
        self._rows: dict[tuple[str, SampleType], _Row] = {}

    def set_up(self) -> None:
        """Rooms, freezers and a nitrogen tank; racks and boxes follow when they are needed."""
        for site in KEEPERS.values():
            room = self._unit(site, UnitKind.ROOM, "SALLE", "Salle des congélateurs")
            freezers = [
                self._unit(
                    site,
                    UnitKind.FREEZER,
                    f"C{number:02d}",
                    f"Congélateur -80 °C n° {number}",
                    parent_id=room,
                    storage_class=StorageClass.ULTRA_LOW,
                )
                for number in (1, 2)
            ]
            tank = self._unit(
                site,
                UnitKind.TANK,
                "CUVE1",
                "Cuve d’azote n° 1",
                parent_id=room,
                storage_class=StorageClass.NITROGEN,
                accepts=[SampleType.PBMC_VIABLE],
            )
            for nth, shelf in enumerate(_SHELVES):
                parent_id = tank if shelf.in_nitrogen else freezers[nth % 2]
                for kind in shelf.types:
                    self._rows[site, kind] = _Row(shelf, parent_id)

    def box_for(self, site: str, kind: SampleType) -> tuple[int, int]:
        """A box with room for this kind of sample, and how many it can still take."""
        row = self._rows[site, kind]
        if not row.free:
            self._open_box(site, row)
        return row.box_id, row.free

    def cells_for(self, site: str, kind: SampleType, count: int) -> Sequence[tuple[str, str]]:
        """The labels of boxes and of their cells for so many samples of this kind."""
        cells: list[tuple[str, str]] = []
        while count:
            box_id, free = self.box_for(site, kind)
            box = queries.box(self._technician, box_id)
            now = min(free, count)
            free_cells = custody.free_cells(self._technician, box_id)[:now]
            cells += [(box.unit.code, box.grid.label(*cell)) for cell in free_cells]
            self.filled(site, kind, now)
            count -= now
        return cells

    def filled(self, site: str, kind: SampleType, count: int) -> None:
        """Note that so many were put into the box that `box_for` gave."""
        self._rows[site, kind].free -= count

    def open_spare_boxes(self) -> None:
        """Boxes that stand ready, empty."""
        for row in list(self._rows.values())[:_SPARE_BOXES]:
            self._open_box(BIOBANK, row)

    def _open_box(self, site: str, row: _Row) -> None:
        shelf = row.shelf
        if row.boxes % shelf.boxes_per_rack == 0:
            row.racks += 1
            row.rack_id = self._unit(
                site,
                UnitKind.RACK,
                f"{shelf.label}-R{row.racks}",
                f"Rack n° {row.racks} – {shelf.name}",
                parent_id=row.parent_id,
            )
        row.boxes += 1
        row.box_id = service.create_box(
            self._technician,
            parent_id=row.rack_id,
            code=f"{site}-{shelf.label}-{row.boxes:03d}",
            name=f"{shelf.name} n° {row.boxes}",
            rows=shelf.side,
            columns=shelf.side,
            accepts=shelf.types,
        ).id
        row.free = shelf.side**2

    def _unit(
        self,
        site: str,
        kind: UnitKind,
        label: str,
        name: str,
        *,
        parent_id: int | None = None,
        storage_class: StorageClass | None = None,
        accepts: Collection[SampleType] | None = None,
    ) -> int:
        return service.create_unit(
            self._technician,
            site_id=self._site_ids[site],
            kind=kind,
            code=f"{site}-{label}",
            name=name,
            parent_id=parent_id,
            storage_class=storage_class,
            accepts=accepts,
        ).id
