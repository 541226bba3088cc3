"""`fastgen new`: the request, the rendering, and the steps after it."""
