"""Who may come in at the pages: one-time codes and links, and the visits that they begin."""
