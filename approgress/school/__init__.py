"""A school opened: questions, acts, importing a file, making reports: what window and command line share, without Qt."""
