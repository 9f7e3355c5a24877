"""The register: tables, writes, lists, forms and pages of plans and commitments."""
