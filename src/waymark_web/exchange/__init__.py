"""What other programs read: concepts as SKOS, the catalogue as DCAT, the files of figures."""
