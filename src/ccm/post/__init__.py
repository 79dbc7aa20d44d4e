"""From the envelope to the result: posting lists, waybill numbers, what became of each letter."""
