"""The grammar of fields: `price:decimal:10,2:gt=0` to a `Field` and back.

    field    := NAME [":" TYPE [":" ARG]] { ":" MODIFIER }

`pattern=` and the `default=` of a text are taken verbatim, colons and all, so they come last; of
both, the pattern is first, and the last `:default=` after it begins the default. (A pattern that
needs those very characters says `[:]default=`.) Other defaults end where modifiers follow. After a
limit, a part that begins with a digit belongs to it: `ge=09:30` is one modifier.
"""
