"""The site: pages, files and addresses for what the library knows."""
