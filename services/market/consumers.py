"""What the market takes from the events of others: unions and who belongs to them."""

from chassis.consumers import Consumers
from chassis.membership import project_memberships


def market_consumers() -> Consumers:
    consumers = Consumers("market")
    project_memberships(consumers)
    return consumers
