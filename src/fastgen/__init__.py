"""Generates production-ready FastAPI projects."""

__version__ = "0.1.0.dev12"
