"""A group's rota as a spreadsheet: written, read back, and what it would change."""
