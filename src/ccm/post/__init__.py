"""Post: waybill numbers, addresses in parts, and what the post office says became of a letter."""
