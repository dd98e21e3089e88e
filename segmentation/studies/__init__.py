"""What reads a base as a whole: the value plane and the backtest."""
