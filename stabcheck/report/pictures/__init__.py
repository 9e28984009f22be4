"""Pictures of results: each is frozen data that knows its caption, its numbers and how it is drawn."""
