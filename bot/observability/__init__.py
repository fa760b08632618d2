"""Logs without secrets (``logs``, ``redaction``), figures (``metrics``), health (``health``)."""
