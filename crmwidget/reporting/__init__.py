"""One document from the answers of a map: asked once, written as a page or as a notebook."""
