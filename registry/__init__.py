"""The patient-cohort and biobank registry.

Imports nothing, so that any layer may be imported on its own.  The layers and
the direction of their imports are held by the contracts in ``setup.cfg``.
"""

__version__ = "0.1.0"
