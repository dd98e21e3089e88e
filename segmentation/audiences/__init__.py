"""From memberships to audiences: one fate for every match."""
