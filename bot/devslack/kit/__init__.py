"""Block Kit as Slack accepts it: limits, shapes of blocks and elements, totals, live mentions. Pure."""
