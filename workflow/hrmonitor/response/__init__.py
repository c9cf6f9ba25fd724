"""Who answered and who did not: outcome rates, non-response, the two modes of asking, and questions left open."""
