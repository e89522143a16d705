"""Tables beside the map: how they come in, how they belong to nodes, what may be said about them."""
