"""IMPACT OSS: recommendations, actions, indicators and reports of human-rights follow-up."""
