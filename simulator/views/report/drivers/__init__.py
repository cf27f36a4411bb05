"""A sensitivity analysis in words, tables and charts, for terminal, reports and workbook alike."""
