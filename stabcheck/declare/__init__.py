"""What a person writes: games, losses, penalties, methods, by name, in a file, or typed. No interpreter."""
