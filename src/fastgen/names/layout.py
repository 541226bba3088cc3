"""The paths and the module names of a generated project.

Paths are relative to the project. No other module spells them.
"""

from fastgen.names.resource import Names

SOURCES = "src"
TESTS = "tests"
APP = f"{SOURCES}/app"
API = f"{APP}/api"
ROUTER = f"{API}/v1/router.py"
MODELS = f"{APP}/models"
# The module that imports all models.
MODELS_INIT = f"{MODELS}/__init__.py"
SCHEMAS = f"{APP}/schemas"
SERVICES = f"{APP}/services"
MIGRATIONS = f"{APP}/migrations"
VERSIONS = f"{MIGRATIONS}/versions"
DECIMAL_MIGRATIONS = f"{MIGRATIONS}/decimals.py"

ROUTER_MODULE = "app.api.v1.router"
ENDPOINTS_PACKAGE = "app.api.v1.endpoints"
MODELS_PACKAGE = "app.models"
SCHEMA_TYPES = "app.schemas.types"
COLUMN_TYPES = "app.columns"
COPIES_MODULE = "app.migrations.copies"
ROW_CHECKS_MODULE = "app.migrations.row_checks"

# What fastgen keeps in a project.
KEPT = ".fastgen"
ENTRIES = f"{KEPT}/resources"
# What was added to accounts, which are part of every project.
ACCOUNT = f"{KEPT}/user.yml"
RECORDS = f"{KEPT}/files"
ALL_TEMPLATES = f"{KEPT}/templates"
TEMPLATES = f"{ALL_TEMPLATES}/resource"


def file_of(module: str) -> str:
    """Return the file of the dotted `module` of the app."""
    return f"{SOURCES}/{module.replace('.', '/')}.py"


def module_of(file: str) -> str:
    """Return the dotted name of the module `file`, in the app or in the tests."""
    return file.partition("/")[2].removesuffix(".py").replace("/", ".")


def model_module(names: Names) -> str:
    """Return the module of the model of a resource."""
    return f"{MODELS_PACKAGE}.{names.module}"


def endpoints_module(names: Names) -> str:
    """Return the module of the endpoints of a resource."""
    return f"{ENDPOINTS_PACKAGE}.{names.plural}"


def model(names: Names) -> str:
    """Return the file of the model of a resource."""
    return file_of(model_module(names))


def schema(names: Names) -> str:
    """Return the file of the schemas of a resource."""
    return f"{SCHEMAS}/{names.singular}.py"


def service(names: Names) -> str:
    """Return the file of the service of a resource."""
    return f"{SERVICES}/{names.singular}.py"


def endpoints(names: Names) -> str:
    """Return the file of the endpoints of a resource."""
    return file_of(endpoints_module(names))


def tests(names: Names) -> str:
    """Return the file of the tests of a resource."""
    return test_file(names.plural)


def test_file(about: str) -> str:
    """Return the file of the tests of `about`."""
    return f"{TESTS}/test_{about}.py"
