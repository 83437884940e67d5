"""Files of rack scanners: which tube is in which well.

Always true here: reading changes nothing and asks nothing of a database; a well
has a tube, is empty or was not read, never a guess; what cannot be read in
exactly one way is refused with its line and its well.
"""

from registry.imports.racks.plan import check_readable, check_within
from registry.imports.racks.reading import read
from registry.imports.racks.scan import RackScan, Well

__all__ = ["RackScan", "Well", "check_readable", "check_within", "read"]
