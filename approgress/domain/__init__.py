"""What is true of pupils, marks, measures and change: no Qt, no SQL, no files, no clock."""
