"""A domain, and what it becomes."""

# Children before their parents.
DOMAIN = """\
version: 1
access: shared
resources:
  track:
    fields: ["title:str:160:search", "length:int:optional:ge=0", "album:ref:album"]
    index: [[album, created_at]]
  album:
    fields: ["title:str:160:search", "artist:ref:artist:ondelete=cascade:filter"]
    unique: [[artist, title]]
  artist: [name:str:120:search]
  playlist:
    access: owner
    fields: ["name:str:120", "note:text:optional:max=500"]
"""
CHANGED = """\
version: 1
access: shared
resources:
  song:
    fields: ["title:str:200:search", "seconds:int:optional:ge=0", "album:ref:album",
      "genre:ref:genre:optional"]
    index: [[album, created_at]]
  album:
    fields: ["title:str:160:search", "artist:ref:artist:ondelete=cascade:filter"]
  artist: ["name:str:120:search", "bio:text:optional:max=2000"]
  # In a circle with song.
  genre: ["label:str:50:unique", "anthem:ref:song:optional"]
renamed: {track: song, track.length: seconds}
"""
