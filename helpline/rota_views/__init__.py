"""The rota as people see it, on pages, in calendars and in words."""
