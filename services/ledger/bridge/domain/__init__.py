"""The nouns and rules of the bridge: pure, without web, database or chain."""
