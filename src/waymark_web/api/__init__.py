"""The read API: everything that is published, with OpenAPI and paging."""
