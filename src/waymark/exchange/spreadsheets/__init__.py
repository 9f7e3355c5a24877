"""The form of workbooks (ECMA-376), read as streams within limits; opened by ``workbooks``."""
