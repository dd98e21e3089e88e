"""What reads a base as a whole: the value plane, the backtest, and history."""
