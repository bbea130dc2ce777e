"""A rule that is adopted asks of chains only what can be answered here."""

from services.identity.admission.token_node import no_node_of
from services.identity.domain.admission_rule import parse_rule, ways_of
from services.identity.domain.errors import ParameterRefused
from services.identity.settings import IdentitySettings


def require_chains(settings: IdentitySettings, rule: str) -> None:
    """Raises ParameterRefused for a token on a chain of which no node is configured."""
    has_node = settings.eth_rpc_url is not None
    for way in ways_of(parse_rule(rule)):
        if way.name == "token" and not (has_node and way.chain_id == settings.eth_chain_id):
            reason = no_node_of(way.chain_id, settings.eth_chain_id, has_node)
            raise ParameterRefused("admission", f"a rule that can be looked up here; {way.text}: {reason}")
