"""Files that the registry keeps: scans, attachments, extracts.

Always true here: nothing is on disk in clear; a file is written whole or not
at all and never over another; its name tells nothing of what it holds to
whoever lacks the key; a row names a file only after the file is safe, so that
a crash leaves at most a file that nobody names.
"""

from registry.documents.service import keep
from registry.documents.store import Stored, chunks, destroy, get, holds, put, use, writing

__all__ = ["Stored", "chunks", "destroy", "get", "holds", "keep", "put", "use", "writing"]
