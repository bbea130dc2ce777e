"""Funding: projects with a target and a deadline, and the pledges that wait in their escrow."""
