"""What moderators, other bots and Discord's AutoMod do on Discord itself becomes cases."""
