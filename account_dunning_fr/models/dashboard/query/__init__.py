"""The SQL of this room, in parts that bear the name of their step."""
