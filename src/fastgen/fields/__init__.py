"""The grammar of fields: `price:decimal:10,2:gt=0` to a `Field` and back.

    field    := NAME [":" TYPE [":" ARG]] { ":" MODIFIER }

The values of `pattern=` and of a text's `default=` may contain colons, so they come last. If there
are both, the pattern comes first, and the last `:default=` after it begins the default. (A pattern
that needs these characters has `[:]default=`.) Other defaults end where modifiers follow. After a
limit, a part that begins with a digit belongs to it: `ge=09:30` is one modifier.
"""
