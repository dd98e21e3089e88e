"""What is said of a customer: cuts, labels, scores, memberships, and the reasons."""
