"""Where the nodes lie: layered, in lanes, or beside what is there already."""
