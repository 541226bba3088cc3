"""The template: its place, its questions, and the answers to them."""
