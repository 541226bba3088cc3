"""Reads a generated project that people have edited since."""
