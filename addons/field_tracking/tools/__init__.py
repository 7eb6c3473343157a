"""Pure track algorithms: no ORM, no I/O, tested without a database."""
