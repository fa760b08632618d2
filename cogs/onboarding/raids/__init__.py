"""The raid brake: many new accounts at once raise one alert, with what the team can do about it."""
