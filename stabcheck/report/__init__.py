"""Views of a result: results in, text out. They know no game, penalty or method by name."""
