"""What a webhook is and how it goes on: pure, without web, database or bus."""
