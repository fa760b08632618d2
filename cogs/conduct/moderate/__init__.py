"""The menu **Moderate**: one panel from what happened to what is done about it."""
