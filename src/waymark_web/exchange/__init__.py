"""What other programs read, and what people bring in: concepts, catalogue, figures, workbooks."""
