"""What each command of report-chat does, once its arguments are read."""
