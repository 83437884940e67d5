"""Typesetting: label sheets and official forms as tagged PDF.

Always true here: what people wrote reaches a document as data, never as markup;
nothing but the packages' own templates is read and nothing is fetched; the same
data gives the same bytes; every document is PDF/UA-1.
"""

from registry.typeset.compiling import data_matrix, drawable, pdf, picture, qr_code

__all__ = ["data_matrix", "drawable", "pdf", "picture", "qr_code"]
