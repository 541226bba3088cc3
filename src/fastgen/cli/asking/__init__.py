"""Questions that several commands ask about resources and their fields."""
