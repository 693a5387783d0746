"""Operations on the sources of webhooks, and on what they send."""
