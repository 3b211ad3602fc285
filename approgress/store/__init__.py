"""Our own data: one encrypted file a school or a PostgreSQL server, the journal that alone writes, and questions to it."""
