"""Projects as `fastgen new` makes them, once per option set and run, and servers to try them on."""
