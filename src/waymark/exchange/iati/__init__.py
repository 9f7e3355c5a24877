"""IATI 2.03: the activities that publishers report, in and out of XML."""
