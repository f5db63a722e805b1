"""What several tests need: a lake written from typed rows, a warehouse built from it."""
