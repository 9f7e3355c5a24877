"""A register's rows as a workbook that people edit offline: written, read back, compared."""
