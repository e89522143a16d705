"""Between the map and its views: messages, their coding, and the session that numbers them."""
