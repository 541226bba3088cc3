"""The attributes of columns in generated classes: `metadata_` for a column called `metadata`."""

import keyword

# Attributes of Pydantic's models and of the base classes of schemas.
PYDANTIC = frozenset(
    {"construct", "copy", "dict", "from_orm", "json", "parse_file", "parse_obj", "parse_raw"}
    | {"refuse_many_unknown_fields", "register", "schema", "schema_json", "update_forward_refs"}
    | {"validate"}
    | {"model_computed_fields", "model_config", "model_construct", "model_copy", "model_extra"}
    | {"model_fields", "model_fields_set", "model_json_schema", "model_parametrized_name"}
    | {"model_post_init", "model_rebuild"}
)
SQLALCHEMY = frozenset({"metadata", "mro", "registry", "type_annotation_map"})
# Keywords, and parameters of constructors that take all columns by name.
PYTHON = frozenset(keyword.kwlist) | {"cls", "kwargs", "self"}
NO_COLUMNS = PYDANTIC | SQLALCHEMY | PYTHON
NO_RELATIONS = SQLALCHEMY | PYTHON
# Methods of SQLAlchemy's collections of columns.
COLLECTION = frozenset(
    {"compare", "contains_column", "corresponding_column", "get", "items", "keys", "values"}
)


def of_column(name: str) -> str:
    """Return the attribute of the column, or of the query parameter, called `name`."""
    return f"{name}_" if name in NO_COLUMNS else name


def in_table(name: str) -> str:
    """Return the source that takes the column called `name` of a table: `.c.price`."""
    return f'.c["{name}"]' if keyword.iskeyword(name) or name in COLLECTION else f".c.{name}"


def of_relation(name: str) -> str:
    """Return the attribute of the row that a reference called `name` leads to."""
    return f"{name}_" if name in NO_RELATIONS else name
