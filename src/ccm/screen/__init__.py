"""What a person sees in the terminal: every Rich table and message; no rules."""
