"""The JSON that other programs rely on: one module per command group."""
