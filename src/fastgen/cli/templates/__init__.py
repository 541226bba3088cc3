"""`fastgen templates`: the templates of resources, adapted to a project."""
