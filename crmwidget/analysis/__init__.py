"""Questions asked of the map and its tables; each question is a module of its own."""
