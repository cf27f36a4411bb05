"""What people read: words, numbers, tables, figures, the report. Views only read."""
