"""The grammar of fields: `price:decimal:10,2:gt=0` to a `Field` and back."""
