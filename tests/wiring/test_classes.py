from fastgen.wiring.classes import find_classes

SOURCE = b"""\
from app.database import Base

class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    a = b = 1

    def method(self): ...

    late = 1

class Mixin:
    __tablename__ = name()
"""


def test_the_classes_of_a_model_file_are_read() -> None:
    assert find_classes(SOURCE) == [
        ("Item", "items", ["id", "name", "a", "b", "late"], "int", ["Base"]),
        ("Mixin", None, [], None, []),
    ]


def test_what_cannot_be_parsed_has_no_classes() -> None:
    assert find_classes(b"class Item {\n") == []
    assert find_classes(b"\xff") == []
    assert find_classes(b"") == []
