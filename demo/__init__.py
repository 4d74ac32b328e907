"""The first thing a newcomer runs: files landed, models built, results shown, on a lake that stays up."""
