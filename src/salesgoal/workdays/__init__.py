"""Official work calendars, from packages that extras of salesgoal install."""
