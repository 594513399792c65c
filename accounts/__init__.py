"""People, organizations, roles: who someone is, for whom they act, and what that lets them do.

Nouns: user, organization, membership, invitation, restriction. Stands on floor 0, the trail and the rulebook's regions.
Signing in is allauth's work; `adapters`, `limits` and `middleware` bend it to the house's rules.
"""
