"""Who the service deals with: organisations, people and researchers, each found, read and kept up to date."""
