"""Pictures of results, as the commands of `stabcheck plot` draw them.

Each call gives a `Picture`: `save("a.pdf")` writes it, `csv()` has its numbers, `figure()` is a
Matplotlib figure, and a notebook shows it. Matplotlib is loaded when this module is.
"""

from stabcheck.report.pictures.field import field
from stabcheck.report.pictures.grid import grid
from stabcheck.report.pictures.locus import locus
from stabcheck.report.pictures.picture import Picture
from stabcheck.report.pictures.spectrum import spectrum
from stabcheck.report.pictures.trajectory import trajectory

__all__ = ["Picture", "field", "grid", "locus", "spectrum", "trajectory"]
