"""What people do, as plain functions: each returns edits, or refuses in words. None of them writes."""
