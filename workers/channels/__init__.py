"""One way to reach people a module."""
