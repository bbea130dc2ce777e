"""How a member ends their account: said beforehand, asked for, waited for, carried out."""
