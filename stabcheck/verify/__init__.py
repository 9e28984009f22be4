"""What holds a result: witnesses that share nothing, claims, a theorem, and audits of what others wrote."""
