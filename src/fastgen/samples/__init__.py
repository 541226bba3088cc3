"""Values for the tests of a resource: what a field takes, and what it refuses.

Pure and without chance: the same field gives the same samples on every machine and Python.
"""

from fastgen.samples.make import changed, samples
from fastgen.samples.model import JSON, Invalid, Samples

__all__ = ["JSON", "Invalid", "Samples", "changed", "samples"]
