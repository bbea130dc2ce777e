# pragma version ~=0.4.3
"""
@title Pieces That Each Have One Owner (ERC-721)
@license AGPL-3.0-only
"""

from snekmate.auth import ownable
from snekmate.tokens import erc721

initializes: ownable
initializes: erc721[ownable := ownable]

exports: (
    erc721.balanceOf,
    erc721.ownerOf,
    erc721.safe_mint,
    erc721.supportsInterface,
    erc721.transferFrom,
)


@deploy
def __init__():
    ownable.__init__()
    erc721.__init__("Pieces", "PCS", "", "Pieces", "1")
