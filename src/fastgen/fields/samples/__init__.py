"""Sample values for the tests of a resource: those that a field accepts and refuses.

Deterministic: the same field has the same samples on every machine and Python.
"""
