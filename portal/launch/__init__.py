"""How the portal starts on a bare machine. Standard library only: these modules run before any package is installed."""
