"""The one way out to addresses that members named: webhooks and whatever else a member may point at."""
